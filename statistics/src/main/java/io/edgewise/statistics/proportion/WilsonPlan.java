// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import java.util.OptionalLong;

/// Plans one look: how many observations until the one-sided lower Wilson bound proves a share above a
/// floor.
///
/// The bound exceeds the floor f exactly where k/n > f + z √(f(1 - f)/n).
///
/// @param floor what is to be proved, e.g. 0.85
/// @param truth the share that is believed true, e.g. 0.90
/// @param alpha one-sided; 0.05 is the lower end of a two-sided 90 % interval
public record WilsonPlan(double floor, double truth, double alpha) {
    private static final long MOST = 1L << 62;

    public WilsonPlan {
        if (!(floor > 0 && floor < 1 && truth > 0 && truth < 1)) {
            throw new IllegalArgumentException("WilsonPlan: floor " + floor + " and truth " + truth
                    + " must lie strictly between 0 and 1 (0.85, not 85).");
        }
        Proportion.requireAlpha(alpha);
    }

    /// ((z_α √(f(1 - f)) + z_β √(t(1 - t)))/(t - f))², rounded up: the classical normal approximation
    /// (Fleiss), exact power being within a few points. 283 for floor 0.85, truth 0.90, alpha 0.05, power
    /// 0.8; 824 for truth 0.88. Empty where the truth is not above the floor, or by so little that 2^62
    /// observations do not prove it.
    public OptionalLong observations(double power) {
        if (!(power > 0 && power < 1)) {
            throw new IllegalArgumentException(
                    "WilsonPlan: power " + power + " must lie strictly between 0 and 1 (0.8, not 80).");
        }
        if (truth <= floor) {
            return OptionalLong.empty();
        }
        double need = StandardNormal.quantileAbove(alpha) * StrictMath.sqrt(floor * (1 - floor))
                + StandardNormal.quantileAbove(1 - power) * StrictMath.sqrt(truth * (1 - truth));
        double root = Math.max(0, need) / (truth - floor);
        double enough = StrictMath.ceil(root * root);
        return enough <= MOST ? OptionalLong.of(Math.max(1, (long) enough)) : OptionalLong.empty();
    }

    /// The exact probability that n observations prove it.
    public double power(long n) {
        return BinomialTails.atLeast(fewestEvents(n), n, truth);
    }

    /// The fewest events of n whose bound exceeds the floor; n + 1 where not even n do.
    public long fewestEvents(long n) {
        if (n < 0 || n > MOST) {
            throw new IllegalArgumentException("WilsonPlan: " + n + " observations; plan with 0 to 2^62 of them.");
        }
        long low = 0;
        long high = n + 1;
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (middle > 0 && new Proportion(middle, n).wilsonLower(alpha) > floor) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
