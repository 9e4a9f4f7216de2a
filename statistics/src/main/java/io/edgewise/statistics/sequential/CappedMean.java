// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Objects;

/// Heavy-tailed costs made bounded: every value above the cap (the contractual maximum) counts as the cap,
/// and how many did is reported, because the mean is the mean of capped values only. Values are not
/// negative; +∞ is above any cap. A function of totals; merging is exact, since every distinct capped
/// value is kept with its count.
public record CappedMean(double cap, Values capped, long above) {
    public CappedMean {
        Require.positive("CappedMean", "cap", cap);
        Objects.requireNonNull(capped, "CappedMean: the capped values are missing; begin with CappedMean.of().");
        Require.count("CappedMean", above, capped.n());
        for (double value : capped.values()) {
            if (!(value >= 0 && value <= cap)) {
                throw new IllegalArgumentException("CappedMean: value " + value + " lies outside [0, " + cap
                        + "]; give raw values to CappedMean.of(), which caps and counts them.");
            }
        }
    }

    public static CappedMean of(double[] values, double cap) {
        double[] capped = new double[values.length];
        long[] ones = new long[values.length];
        long above = 0;
        for (int i = 0; i < values.length; i++) {
            capped[i] = capped(values[i], cap);
            ones[i] = 1;
            above += values[i] > cap ? 1 : 0;
        }
        return new CappedMean(cap, new Values(capped, ones), above);
    }

    /// Both together; the caps must be equal.
    public CappedMean plus(CappedMean other) {
        if (cap != other.cap) {
            throw new IllegalArgumentException("CappedMean: caps " + cap + " and " + other.cap
                    + " differ; values capped differently have no common mean.");
        }
        return new CappedMean(cap, capped.plus(other.capped), above + other.above);
    }

    /// Mean of the capped values; NaN without any.
    public double mean() {
        return capped.mean();
    }

    /// Share of values above the cap; NaN without any.
    public double cappedShare() {
        return (double) above / capped.n();
    }

    /// The paired difference (challenger - champion)/cap of capped values, in [-1, 1], as [MarginBetting]
    /// takes it.
    public static double scaledDifference(double champion, double challenger, double cap) {
        return (capped(challenger, cap) - capped(champion, cap)) / cap;
    }

    private static double capped(double value, double cap) {
        Require.positive("CappedMean", "cap", cap);
        if (!(value >= 0)) {
            throw new IllegalArgumentException("CappedMean: value " + value
                    + " is negative or missing; a cost is at least 0. Leave out what could not be measured.");
        }
        return Math.min(value, cap);
    }
}
