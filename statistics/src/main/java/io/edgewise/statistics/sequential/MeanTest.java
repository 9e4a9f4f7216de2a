// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Evidence about the mean of values in [low, high], valid at any time one looks (an e-process).
///
/// A gambler starts with 1 and stakes against the hypothesis with a fixed mixture of bets: after x the
/// stake of bet λ is multiplied by `1 + λ(x - limit)` (ABOVE) or `1 - λ(x - limit)` (BELOW). While the
/// hypothesis holds for the mean given the past, no stake grows in expectation, so `P(logE ever reaches
/// ln(1/alpha)) <= alpha` (Ville), also where the mean moves. The product depends on totals only: order,
/// blocks and the number of looks do not matter. Waudby-Smith and Ramdas, arXiv 2010.09686; the mixture of
/// fixed bets replaces their predictable ones.
///
/// The 16 bets and their weights depend on the purpose, the side, the limit and the range, on nothing else:
/// spaced evenly in the log-odds of their share of the largest admissible bet, weighted by the mass of a
/// Beta(1, b) of that share. ABOVE: b = 1 at limits from 0.3 of the range, 30 at 1 %; BELOW the same of
/// the distance from the top: b = 1 at limits up to 0.7, so 1 at 1 %. One third (SAFE) or one twentieth
/// (BREACH) of the stake is on the largest bet. The smallest finds effects that need 100,000
/// observations, the largest is 98 % of the maximum: at a small limit every clean observation earns nearly
/// the most any bet could, ln(1/(1 - limit)).
///
/// Limits at and beyond the range:
/// - A hypothesis that no value can contradict (ABOVE: limit >= high; BELOW: limit <= low) earns 0.
/// - A hypothesis that allows one value only (ABOVE: limit == low; BELOW: limit == high) falls with the
///   first value that is clearly another one. Bets are then unbounded, up to 1e12, and evidence stays
///   finite.
/// - A hypothesis that allows no value at all (ABOVE: limit < low; BELOW: limit > high) is a mistake in the
///   limit, not something to decide by data: it earns 0, so that a mistyped limit proves nothing.
public final class MeanTest {
    private final Purpose purpose;
    private final Side side;
    private final double limit;
    private final double low;
    private final double high;
    private final Bets mixture;

    public MeanTest(Purpose purpose, Side side, double limit, double low, double high) {
        this.purpose = Objects.requireNonNull(purpose, "MeanTest: purpose is missing; SAFE or BREACH.");
        this.side = Objects.requireNonNull(side, "MeanTest: side is missing; say what would be shown.");
        if (!Double.isFinite(limit) || !Double.isFinite(low) || !Double.isFinite(high) || !(low < high)) {
            throw new IllegalArgumentException("MeanTest: limit " + limit + " on [" + low + ", " + high
                    + "]; all three must be finite and low below high.");
        }
        this.limit = limit;
        this.low = low;
        this.high = high;
        double under = limit - low;
        double over = high - limit;
        mixture = Bets.of(purpose, side == Side.ABOVE ? under : over, side == Side.ABOVE ? over : under);
    }

    public Purpose purpose() {
        return purpose;
    }

    public Side side() {
        return side;
    }

    public double limit() {
        return limit;
    }

    public double low() {
        return low;
    }

    public double high() {
        return high;
    }

    /// The λ of the mixture, ascending; all 0 where nothing can be earned.
    public double[] bets() {
        return mixture.bets();
    }

    /// How the first stake of 1 is divided among the bets.
    public double[] weights() {
        return mixture.weights();
    }

    Bets mixture() {
        return mixture;
    }

    /// What each bet's logarithm gains by one observation of this value: `log1p(λ · (x - limit))` or its
    /// mirror. Computed once for each value that occurs, a step is [#plus] and [#crosses].
    public double[] gains(double value) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException("MeanTest: value " + value + " lies outside [" + low + ", " + high
                    + "]; the test holds for that range only. Scale or cap values before testing.");
        }
        double gain = side == Side.ABOVE ? value - limit : limit - value;
        double[] gains = new double[mixture.size()];
        for (int b = 0; b < gains.length; b++) {
            gains[b] = StrictMath.log1p(mixture.bet(b) * gain);
        }
        return gains;
    }

    /// What each bet's logarithm gains by these observations. Gains of several increments add up.
    public double[] growth(Values increment) {
        double[] growth = new double[mixture.size()];
        double[] values = increment.values();
        long[] counts = increment.counts();
        for (int v = 0; v < values.length; v++) {
            double[] gains = gains(values[v]);
            for (int b = 0; b < growth.length; b++) {
                growth[b] += counts[v] * gains[b];
            }
        }
        return growth;
    }

    /// The growth after both.
    public static double[] plus(double[] growth, double[] gained) {
        if (growth.length != gained.length) {
            throw new IllegalArgumentException("MeanTest: growth of " + growth.length + " bets plus " + gained.length
                    + "; add what one test gave.");
        }
        double[] sum = growth.clone();
        for (int b = 0; b < sum.length; b++) {
            sum[b] += gained[b];
        }
        return sum;
    }

    /// ln of the evidence after this total growth; exactly 0 before any observation. Growth that is not a
    /// number is refused.
    public double logE(double[] growth) {
        return mixture.logMean(growth);
    }

    public double logE(Values total) {
        return logE(growth(total));
    }

    /// `logE(growth) >= logThreshold`, the same answer always, mostly without a logarithm: the evidence is
    /// at least its largest term and at most 16 times that. A growth or threshold that is not a number is
    /// refused: it would compare as "not reached".
    public boolean crosses(double[] growth, double logThreshold) {
        return mixture.reaches(growth, logThreshold);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MeanTest that
                && purpose == that.purpose
                && side == that.side
                && Double.compare(limit, that.limit) == 0
                && Double.compare(low, that.low) == 0
                && Double.compare(high, that.high) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(purpose, side, limit, low, high);
    }

    @Override
    public String toString() {
        return "MeanTest[" + purpose + ", " + side + " " + limit + " on " + low + " to " + high + "]";
    }
}
