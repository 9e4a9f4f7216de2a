// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.grid;

import io.edgewise.statistics.proportion.StandardNormal;
import io.edgewise.statistics.special.Counts;
import java.util.OptionalDouble;

/// Percentiles of counts on [LogGrid]. Missing values are no observations; infinite ones are.
///
/// Integers, additions, multiplications, divisions and square roots, and StrictMath beyond 10^12
/// observations: the bound that fixes a latency threshold is the same on every machine.
public final class Quantiles {
    private static final long FEWEST = 20;

    /// Absorbs the rounding of q n and 1 - q, which would otherwise move a rank by one.
    private static final double ROUNDING = 1e-9;

    private static final double RELATIVE_ROUNDING = 4 * Math.ulp(1.0);

    /// Standard deviation of the binomial law from which on ranks are read from its expansion.
    private static final double WIDE = 1_000_000;

    /// Relative to the mode's probability; what lies beyond cannot move a rank.
    private static final double NEGLIGIBLE = 1e-25;

    private Quantiles() {}

    /// The value of nearest rank ⌈q n⌉, within 1 %. Empty where the data cannot speak of this percentile: fewer than 20
    /// observations, or fewer than one expected beyond it.
    public static OptionalDouble of(Cells cells, double q) {
        requireOpenUnit("quantile", q);
        long n = observations(cells);
        if (n < FEWEST || n * (1 - q) < 1 - ROUNDING) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(LogGrid.value(cellOfRank(cells, nearestRank(q, n))));
    }

    /// max(1, ⌈q n⌉), Hyndman and Fan's type 1, for q in [0, 1] and n of at least 1. What rounding puts just
    /// above a whole number is that number: 0.07 of 10 billion is rank 700,000,000, though the product of
    /// doubles is larger. Exact up to 10^14 observations.
    public static long nearestRank(double q, long n) {
        if (!(q >= 0 && q <= 1) || n < 1) {
            throw new IllegalArgumentException("Quantiles: rank of quantile " + q + " among " + n
                    + " observations; give a quantile between 0 and 1 (0.99, not 99) and at least 1 observation.");
        }
        if (q == 1) {
            return n;
        }
        double at = q * n;
        return Math.clamp((long) Math.ceil(at - Math.max(ROUNDING, RELATIVE_ROUNDING * at)), 1, n);
    }

    /// Upper edge of the cell of the smallest order statistic that is at or above the true quantile with at least
    /// this confidence, whatever the distribution. Empty where there is none (p99 at 95 %: below 299 observations),
    /// or where that observation is infinite.
    public static OptionalDouble upperBound(Cells cells, double q, double confidence) {
        requireOpenUnit("quantile", q);
        requireOpenUnit("confidence", confidence);
        long n = observations(cells);
        long above = mostAbove(n, 1 - q, 1 - confidence);
        if (above < 0) {
            return OptionalDouble.empty();
        }
        double edge = LogGrid.upper(cellOfRank(cells, n - above));
        return Double.isInfinite(edge) && edge > 0 ? OptionalDouble.empty() : OptionalDouble.of(edge);
    }

    /// Observations in later cells: those at or beyond the upper edge of this one.
    public static long above(Cells cells, int cell) {
        int[] at = cells.cells();
        long[] counts = cells.counts();
        long above = 0;
        for (int i = at.length - 1; i >= 0 && at[i] > cell; i--) {
            above = Counts.add(above, counts[i]);
        }
        return above;
    }

    /// Largest j with P(Y <= j) <= alpha, Y binomial(n, p); -1 if there is none. Walks from the mode, so that it needs
    /// neither logarithms nor more than a few √n steps.
    static long mostAbove(long n, double p, double alpha) {
        double sd = StrictMath.sqrt(n * p * (1 - p));
        if (sd > WIDE) {
            return wide(n * p, sd, p, alpha);
        }
        double odds = p / (1 - p);
        long mode = Math.min(n, (long) Math.floor((n + 1.0) * p));
        double total = 1;
        double weight = 1;
        for (long i = mode; i < n && weight > NEGLIGIBLE; i++) {
            weight *= (double) (n - i) / (i + 1) * odds;
            total += weight;
        }
        long lowest = mode;
        double lowestWeight = 1;
        while (lowest > 0 && lowestWeight > NEGLIGIBLE) {
            lowestWeight *= lowest / ((n - lowest + 1) * odds);
            lowest--;
            total += lowestWeight;
        }
        double below = lowestWeight;
        weight = lowestWeight;
        long next = lowest;
        while (next < n && below <= alpha * total) {
            weight *= (double) (n - next) / (next + 1) * odds;
            next++;
            below += weight;
        }
        return next - 1;
    }

    /// By Cornish and Fisher's expansion (1938), a thousandth of a standard deviation lower, which is more than what it
    /// leaves out for alpha from 1e-12 on; at most that much too careful.
    private static long wide(double mean, double sd, double p, double alpha) {
        double z = alpha < 0.5 ? -StandardNormal.quantileAbove(alpha) : StandardNormal.quantileAbove(1 - alpha);
        return (long) Math.floor(mean + sd * (z - 1e-3) + (1 - 2 * p) * (z * z - 1) / 6);
    }

    private static long observations(Cells cells) {
        return cells.total() - cells.count(LogGrid.MISSING);
    }

    private static int cellOfRank(Cells cells, long rank) {
        int[] at = cells.cells();
        long[] counts = cells.counts();
        long seen = 0;
        for (int i = 0; i < at.length; i++) {
            seen += at[i] == LogGrid.MISSING ? 0 : counts[i];
            if (seen >= rank) {
                return at[i];
            }
        }
        throw new IllegalStateException("Quantiles: rank " + rank + " is beyond the " + seen + " observations.");
    }

    private static void requireOpenUnit(String what, double value) {
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(
                    "Quantiles: " + what + " " + value + " must lie strictly between 0 and 1 (0.99, not 99).");
        }
    }
}
