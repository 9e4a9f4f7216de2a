// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

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

    /// ln A = ln(T / (w alpha)): an e-detector that alarms at A does so falsely within T blocks with
    /// probability w alpha (Shin, Ramdas and Rinaldo, arXiv 2203.03532); w is the guardrail's share of
    /// alpha (weighted Bonferroni).
    public static double logThreshold(long blocks, double weight, double alpha) {
        if (blocks < 1 || !(weight > 0 && weight <= 1) || !(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("Horizon: " + blocks + " blocks, weight " + weight + ", alpha " + alpha
                    + "; needs at least one block, a weight in (0, 1] and alpha strictly between 0 and 1.");
        }
        return StrictMath.log(blocks / (weight * alpha));
    }
}
