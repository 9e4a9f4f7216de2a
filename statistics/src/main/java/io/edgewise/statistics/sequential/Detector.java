// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds a regression that begins late: an e-detector of Shiryaev-Roberts form (Shin, Ramdas and Rinaldo,
/// arXiv 2203.03532), one update per closed evidence block.
///
/// For each bet `M = (M + 1) · factor`, starting from 0; the value is the plain mean over bets, all kept as logarithms.
/// `M` minus the number of blocks is a supermartingale while the hypothesis holds, hence, for an alarm at value >= A:
/// - the average number of blocks to a false alarm is at least A;
/// - P(false alarm within T blocks) <= T / A, so A = T / alpha.
///
/// Both also hold with looks inside the open block by [#peek]: the block's unit is staked when it opens. The value is a
/// function of the list of blocks, not of totals, so blocks must be kept as they were cut.
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record Detector(double[] logM) {
    public Detector {
        if (logM.length == 0) {
            throw new IllegalArgumentException("Detector: no bets; begin with Detector.start(test).");
        }
        for (double value : logM) {
            if (Double.isNaN(value) || value == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("Detector: state " + Arrays.toString(logM)
                        + " is not made of logarithms; rebuild it from the kept blocks.");
            }
        }
        logM = logM.clone();
    }

    public static Detector start(MeanTest test) {
        double[] nothing = new double[test.bets().length];
        Arrays.fill(nothing, Double.NEGATIVE_INFINITY);
        return new Detector(nothing);
    }

    @Override
    public double[] logM() {
        return logM.clone();
    }

    /// The state after a block whose observations gave this growth.
    public Detector next(double[] growth) {
        if (growth.length != logM.length) {
            throw new IllegalArgumentException("Detector: growth of " + growth.length + " bets where the state has "
                    + logM.length + "; use growth() of the test that started it.");
        }
        double[] next = new double[logM.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = LogSums.onePlus(logM[i]) + growth[i];
        }
        return new Detector(next);
    }

    /// ln of the value; minus infinity before the first block.
    public double logValue() {
        return LogSums.mean(logM);
    }

    /// The value as if the open block were closed now.
    public double peek(double[] openBlockGrowth) {
        return next(openBlockGrowth).logValue();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Detector that && Arrays.equals(logM, that.logM);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(logM);
    }

    @Override
    public String toString() {
        return "Detector" + Arrays.toString(logM);
    }
}
