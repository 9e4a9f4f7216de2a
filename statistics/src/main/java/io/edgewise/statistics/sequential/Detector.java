// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds a regression that begins late: an e-detector of Shiryaev-Roberts form (Shin, Ramdas and Rinaldo,
/// arXiv 2203.03532), one update per closed evidence block.
///
/// For each bet `M = (M + 1) · factor`, starting from 0; the value is the weighted mean over bets, all kept
/// as logarithms. `M` minus the number of blocks is a supermartingale while the hypothesis holds, hence,
/// for an alarm at value >= A:
/// - the average number of blocks to a false alarm is at least A;
/// - P(false alarm within T blocks) <= T / A, so A = T / alpha.
///
/// Both also hold with looks inside the open block by [#peek]: the block's unit is staked when it opens.
/// The value is a function of the list of blocks, not of totals, so blocks must be kept as they were cut.
public final class Detector {
    private final double[] logM;
    private final Bets mixture;

    /// A state of bets of equal weight.
    public Detector(double[] logM) {
        this(logM.clone(), Bets.equal(new double[requireSome(logM)]));
    }

    private Detector(double[] logM, Bets mixture) {
        this.logM = logM;
        this.mixture = mixture;
        for (double value : logM) {
            if (Double.isNaN(value) || value == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("Detector: state " + Arrays.toString(logM)
                        + " is not made of logarithms; rebuild it from the kept blocks.");
            }
        }
    }

    public static Detector start(MeanTest test) {
        double[] nothing = new double[test.mixture().size()];
        Arrays.fill(nothing, Double.NEGATIVE_INFINITY);
        return new Detector(nothing, test.mixture());
    }

    /// For bets that are composed of several tests or patterns: growth is what each of them gained, weights
    /// are how the first stake is divided, positive, in any unit.
    public static Detector start(double[] weights) {
        double[] nothing = new double[weights.length];
        Arrays.fill(nothing, Double.NEGATIVE_INFINITY);
        return resume(weights, nothing);
    }

    /// The state that was kept of a detector which these weights had started.
    public static Detector resume(double[] weights, double[] logM) {
        if (logM.length != weights.length) {
            throw new IllegalArgumentException("Detector: state of " + logM.length + " bets where there are "
                    + weights.length + " weights; rebuild it from the kept blocks.");
        }
        requireSome(weights);
        return new Detector(logM.clone(), Bets.weighted(weights));
    }

    /// The state that was kept of a detector which this test had started.
    public static Detector resume(MeanTest test, double[] logM) {
        if (logM.length != test.mixture().size()) {
            throw new IllegalArgumentException("Detector: state of " + logM.length + " bets where " + test + " has "
                    + test.mixture().size() + "; rebuild it from the kept blocks.");
        }
        return new Detector(logM.clone(), test.mixture());
    }

    public double[] logM() {
        return logM.clone();
    }

    /// The open block, with its unit staked and nothing observed: [#peek] and [#crosses] of several looks
    /// for the price of one.
    public Open open() {
        double[] staked = new double[logM.length];
        for (int i = 0; i < staked.length; i++) {
            staked[i] = LogSums.onePlus(logM[i]);
        }
        return new Open(staked, mixture);
    }

    /// The state after a block whose observations gave this growth.
    public Detector next(double[] growth) {
        return open().close(growth);
    }

    /// ln of the value; minus infinity before the first block.
    public double logValue() {
        return mixture.logMean(logM);
    }

    /// The value as if the open block were closed now.
    public double peek(double[] openBlockGrowth) {
        return open().logValue(openBlockGrowth);
    }

    /// `logValue() >= logThreshold`, the same answer always.
    public boolean crosses(double logThreshold) {
        return mixture.reaches(logM, logThreshold);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Detector that && Arrays.equals(logM, that.logM) && mixture.equals(that.mixture);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(logM);
    }

    @Override
    public String toString() {
        return "Detector" + Arrays.toString(logM);
    }

    private static int requireSome(double[] logM) {
        if (logM.length == 0) {
            throw new IllegalArgumentException("Detector: no bets; begin with Detector.start(test).");
        }
        return logM.length;
    }

    /// A block that is still open. Growth is that of all its observations so far.
    public static final class Open {
        private final double[] staked;
        private final Bets mixture;

        private Open(double[] staked, Bets mixture) {
            this.staked = staked;
            this.mixture = mixture;
        }

        /// What the bets hold before the block's first observation: adding gains to it is a step, see
        /// [#crosses].
        public double[] staked() {
            return staked.clone();
        }

        public double logValue(double[] growth) {
            return mixture.logMean(after(growth));
        }

        /// Whether the value is at or above the threshold, where `held` is [#staked] plus growth.
        public boolean crosses(double[] held, double logThreshold) {
            return mixture.reaches(held, logThreshold);
        }

        public Detector close(double[] growth) {
            return new Detector(after(growth), mixture);
        }

        private double[] after(double[] growth) {
            if (growth.length != staked.length) {
                throw new IllegalArgumentException("Detector: growth of " + growth.length + " bets where the state has "
                        + staked.length + "; use growth() of the test that started it.");
            }
            return MeanTest.plus(staked, growth);
        }
    }
}
