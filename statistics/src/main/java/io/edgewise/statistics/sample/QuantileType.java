// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sample;

/// The definitions of a sample quantile, numbered as by Hyndman and Fan 1996: R's `type`, NumPy's `method`.
///
/// Rank 1 is the smallest value; ranks below 1 mean the smallest value, those above n the largest. A rank
/// within rounding (4 units in the last place, as in R) of a whole number is that number: 0.07 of 100 values
/// is rank 7, though 0.07 · 100 is above 7 in doubles. Libraries for Java and NumPy take rank 8 there.
public enum QuantileType {
    /// Smallest value whose share at or below it is at least p: rank ⌈np⌉. What percentiles mean elsewhere here.
    TYPE_1(0, 1),
    /// As 1, but the mean of two neighbours where np is a whole number.
    TYPE_2(0, 1),
    /// Rank nearest to np, the even one where two are.
    TYPE_3(0, 1),
    /// Linear between ranks np.
    TYPE_4(0, 1),
    /// Linear between ranks np + 1/2 (Hazen).
    TYPE_5(0.5, 0.5),
    /// Linear between ranks (n + 1)p (Weibull).
    TYPE_6(0, 0),
    /// Linear between ranks (n - 1)p + 1: the default of R, NumPy and spreadsheets.
    TYPE_7(1, 1),
    /// Linear between ranks (n + 1/3)p + 1/3: about median-unbiased.
    TYPE_8(1.0 / 3, 1.0 / 3),
    /// Linear between ranks (n + 1/4)p + 3/8: about unbiased for normal samples.
    TYPE_9(0.375, 0.375);

    private static final double ROUNDING = 4 * Math.ulp(1.0);

    private final double low;
    private final double high;

    /// Ranks n p + low + p (1 - low - high).
    QuantileType(double low, double high) {
        this.low = low;
        this.high = high;
    }

    double of(double[] ascending, double p) {
        double rank = whole(ascending.length * p + low + p * (1 - low - high));
        return switch (this) {
            case TYPE_1 -> at(ascending, StrictMath.ceil(rank));
            case TYPE_2 ->
                rank == StrictMath.rint(rank)
                        ? between(at(ascending, rank), at(ascending, rank + 1), 0.5)
                        : at(ascending, StrictMath.ceil(rank));
            case TYPE_3 -> at(ascending, StrictMath.rint(rank));
            case TYPE_4, TYPE_5, TYPE_6, TYPE_7, TYPE_8, TYPE_9 -> {
                double below = StrictMath.floor(rank);
                yield between(at(ascending, below), at(ascending, below + 1), rank - below);
            }
        };
    }

    private static double whole(double rank) {
        double nearest = StrictMath.rint(rank);
        return Math.abs(rank - nearest) <= ROUNDING * Math.max(1, nearest) ? nearest : rank;
    }

    private static double at(double[] ascending, double rank) {
        return ascending[(int) Math.clamp(rank, 1, ascending.length) - 1];
    }

    /// Between -∞ and ∞ there is nothing: NaN.
    private static double between(double a, double b, double share) {
        if (a == b || share == 0) {
            return a;
        }
        double value = Double.isFinite(b - a) ? a + share * (b - a) : (1 - share) * a + share * b;
        return Math.clamp(value, a, b);
    }
}
