// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Objects;

/// Evidence about the mean of values in [low, high], valid at any time one looks (an e-process).
///
/// A gambler starts with 1 and stakes against the hypothesis with a fixed mixture of bets: after x the stake of bet λ
/// is
/// multiplied by `1 + λ(x - limit)` (ABOVE) or `1 - λ(x - limit)` (BELOW). While the hypothesis holds for the mean
/// given
/// the past, no stake grows in expectation, so `P(logE ever reaches ln(1/alpha)) <= alpha` (Ville), also where the mean
/// moves. The product depends on totals only: order, blocks and the number of looks do not matter.
/// Waudby-Smith and Ramdas, arXiv 2010.09686; the mixture of fixed bets replaces their predictable ones.
///
/// The 16 bets have equal weights and are spaced evenly in the log-odds of their share of the largest admissible bet.
/// The
/// smallest finds effects that need 100,000 observations, the largest is 98 % of the maximum: at a small limit every
/// clean
/// observation earns nearly the most any bet could, ln(1/(1 - limit)).
///
/// Limits at and beyond the range:
/// - A hypothesis that no value can contradict (ABOVE: limit >= high; BELOW: limit <= low) earns 0.
/// - A hypothesis that allows one value only (ABOVE: limit == low; BELOW: limit == high) falls with the first value
/// that
///   is clearly another one. Bets are then unbounded, up to 1e12, and evidence stays finite.
/// - A hypothesis that allows no value at all (ABOVE: limit < low; BELOW: limit > high) is a mistake in the limit, not
///   something to decide by data: it earns 0, so that a mistyped limit proves nothing.
public record MeanTest(Side side, double limit, double low, double high) {
    private static final int BETS = 16;
    private static final double TOP_SHARE = 0.98;
    private static final double LARGEST_BOTTOM_SHARE = 0.1;

    /// The bet that suits an effect of 1 % of the standard deviation, times that deviation.
    private static final double SLOWEST = 0.01;

    private static final double UNBOUNDED = 1e12;

    public MeanTest {
        Objects.requireNonNull(side, "MeanTest: side is missing; say what would be shown.");
        if (!Double.isFinite(limit) || !Double.isFinite(low) || !Double.isFinite(high) || !(low < high)) {
            throw new IllegalArgumentException("MeanTest: limit " + limit + " on [" + low + ", " + high
                    + "]; all three must be finite and low below high.");
        }
    }

    /// The λ of the mixture, ascending; all 0 where nothing can be earned.
    public double[] bets() {
        double[] bets = new double[BETS];
        double under = limit - low;
        double over = high - limit;
        double risk = side == Side.ABOVE ? under : over;
        double chance = side == Side.ABOVE ? over : under;
        if (risk < 0 || chance <= 0) {
            return bets;
        }
        if (risk == 0) {
            for (int i = 0; i < BETS; i++) {
                bets[i] = StrictMath.exp(i * StrictMath.log(UNBOUNDED) / (BETS - 1)) / chance;
            }
            return bets;
        }
        double bottomShare = Math.min(LARGEST_BOTTOM_SHARE, SLOWEST * risk / StrictMath.sqrt(risk * chance));
        double bottom = StrictMath.log(bottomShare / (1 - bottomShare));
        double top = StrictMath.log(TOP_SHARE / (1 - TOP_SHARE));
        for (int i = 0; i < BETS; i++) {
            double odds = StrictMath.exp(bottom + i * (top - bottom) / (BETS - 1));
            bets[i] = odds / (1 + odds) / risk;
        }
        return bets;
    }

    /// What each bet's logarithm gains by these observations. Gains of several increments add up.
    public double[] growth(Values increment) {
        double[] bets = bets();
        double[] growth = new double[BETS];
        double[] values = increment.values();
        long[] counts = increment.counts();
        for (int v = 0; v < values.length; v++) {
            if (values[v] < low || values[v] > high) {
                throw new IllegalArgumentException("MeanTest: value " + values[v] + " lies outside [" + low + ", "
                        + high + "]; the test holds for that range only. Scale or cap values before testing.");
            }
            double gain = side == Side.ABOVE ? values[v] - limit : limit - values[v];
            for (int b = 0; b < BETS; b++) {
                growth[b] += counts[v] * StrictMath.log1p(bets[b] * gain);
            }
        }
        return growth;
    }

    /// ln of the evidence after this total growth; 0 before any observation.
    public double logE(double[] growth) {
        requireGrowth(growth);
        return LogSums.mean(growth);
    }

    public double logE(Values total) {
        return logE(growth(total));
    }

    static void requireGrowth(double[] growth) {
        if (growth.length != BETS) {
            throw new IllegalArgumentException("Growth of " + growth.length + " bets where the mixture has " + BETS
                    + "; use growth() of the same test.");
        }
    }
}
