// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

/// A closed interval. A bound that the data are too few for is NaN, and excludes nothing.
public record Interval(double low, double high) {
    /// What is known of a share of which nothing was observed.
    public static final Interval ANY_SHARE = new Interval(0, 1);

    public Interval {
        if (low > high) {
            throw new IllegalArgumentException(
                    "Interval: the lower bound " + low + " is above the upper bound " + high + ".");
        }
    }

    /// False only where a bound excludes the value; a value that is NaN is in no interval.
    public boolean contains(double value) {
        return !Double.isNaN(value) && !(value < low) && !(value > high);
    }

    static Interval clipped(double low, double high, double least, double most) {
        return new Interval(Math.clamp(low, least, most), Math.clamp(high, least, most));
    }
}
