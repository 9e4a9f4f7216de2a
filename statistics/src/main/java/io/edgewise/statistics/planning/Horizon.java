// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

import io.edgewise.statistics.multiple.AlphaShares;

/// Plan classes: for how long a false roll-back must stay unlikely.
public enum Horizon {
    HOUR(3_600),
    DAY(86_400),
    FORTNIGHT(1_209_600);

    /// Seconds of an evidence block.
    public static final int BLOCK_SECONDS = 10;

    private final int seconds;

    Horizon(int seconds) {
        this.seconds = seconds;
    }

    /// Evidence blocks until the plan's end: 360, 8,640, 120,960.
    public long blocks() {
        return seconds / BLOCK_SECONDS;
    }

    /// ln A of a roll-back: [#logThreshold(long, double, double)] for this class.
    public double logThreshold(double weight, double alpha) {
        return logThreshold(blocks(), weight, alpha);
    }

    /// [#logThreshold(long, double, double, long)] of the first process.
    public static double logThreshold(long blocks, double weight, double alpha) {
        return logThreshold(blocks, weight, alpha, 1);
    }

    /// ln A = ln(T / (w alpha_k)): an e-detector that alarms at A does so falsely within T blocks with
    /// probability w alpha_k (Shin, Ramdas and Rinaldo, arXiv 2203.03532); w is the guardrail's share of
    /// alpha (weighted Bonferroni), alpha_k = alpha 6/(π² k²) that of its k-th process ([AlphaShares]). The
    /// first process takes the first share, 61 %, so that one that starts over (a changed limit, baseline or
    /// tau) has the next, and all together spend at most w alpha. For 14 days, 8 equal guardrails and 1 %:
    /// 18.89.
    ///
    /// @param process 1, or one more after each start over
    public static double logThreshold(long blocks, double weight, double alpha, long process) {
        if (blocks < 1 || !(weight > 0 && weight <= 1) || !(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("Horizon: " + blocks + " blocks, weight " + weight + ", alpha " + alpha
                    + "; needs at least one block, a weight in (0, 1] and alpha strictly between 0 and 1.");
        }
        return StrictMath.log(blocks / (weight * AlphaShares.of(alpha, process)));
    }
}
