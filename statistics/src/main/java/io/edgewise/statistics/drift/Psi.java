// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.special.Counts;

/// Population stability index of two counts on the same bins, with its sampling law.
///
/// value = Σ (p - q) ln(p / q). Shares are (c + 1/2)/(N + B/2) on both sides (Jeffreys); B counts only
/// the bins that hold mass on either side. With n and m observations, value / (1/n + 1/m) follows about a
/// χ² law with B - 1 degrees of freedom, non-central by δ / (1/n + 1/m) where the true index is δ
/// (Yurdakul and Naranjo 2020).
///
/// Where a side is empty, or one bin holds everything, nothing can be said: both p-values are 1.
///
/// @param corrected value minus its mean under no change; may be negative
/// @param degrees B - 1; 0 where nothing can be said
/// @param nullScale 1/n + 1/m; infinite where a side is empty
public record Psi(double value, double corrected, int degrees, double nullScale) {
    /// No counts that a long holds have an index above 2 ln 2^64 = 89.
    static final double LARGEST = 1_000;

    /// Counts on the same bins, in the same order.
    public static Psi of(long[] reference, long[] current) {
        Shares shares = Shares.of(reference, current);
        if (shares.n() == 0 || shares.m() == 0) {
            return new Psi(0, 0, 0, Double.POSITIVE_INFINITY);
        }
        double value = 0;
        for (int i = 0; i < reference.length; i++) {
            value += shares.contribution(i);
        }
        double scale = 1.0 / shares.n() + 1.0 / shares.m();
        int degrees = shares.held() - 1;
        return new Psi(value, value - degrees * scale, degrees, scale);
    }

    /// The index as many tools compute it, for comparison only: shares max(c/N, floor), not renormalised
    /// (1e-4 is common). It has no sampling law: one rare bin going empty can cost 0.7. NaN where a side
    /// is empty.
    public static double withFloor(long[] reference, long[] current, double floor) {
        if (!(floor > 0 && floor < 1)) {
            throw new IllegalArgumentException("Psi: floor " + floor + " must be a share in (0, 1) (1e-4).");
        }
        Shares shares = Shares.of(reference, current);
        if (shares.n() == 0 || shares.m() == 0) {
            return Double.NaN;
        }
        double value = 0;
        for (int i = 0; i < reference.length; i++) {
            double p = Math.max((double) reference[i] / shares.n(), floor);
            double q = Math.max((double) current[i] / shares.m(), floor);
            value += (p - q) * StrictMath.log(p / q);
        }
        return value;
    }

    /// What one bin adds to the value: never negative; 0 for a bin without mass, or where a side is
    /// empty.
    public static double contribution(long[] reference, long[] current, int bin) {
        Shares shares = Shares.of(reference, current);
        if (bin < 0 || bin >= reference.length) {
            throw new IllegalArgumentException(
                    "Psi: there is no bin " + bin + " among " + reference.length + "; bins are numbered from 0.");
        }
        return shares.n() == 0 || shares.m() == 0 ? 0 : shares.contribution(bin);
    }

    /// p-value against "the true index is at most delta": small where drift beyond delta is shown.
    public double pAbove(double delta) {
        requireDelta(delta);
        return degrees == 0 ? 1 : NoncentralChiSquare.above(value / nullScale, degrees, delta / nullScale);
    }

    /// p-value against "the true index is at least delta": small where stability within delta is shown.
    public double pBelow(double delta) {
        requireDelta(delta);
        return degrees == 0 ? 1 : NoncentralChiSquare.below(value / nullScale, degrees, delta / nullScale);
    }

    private static void requireDelta(double delta) {
        if (!(delta >= 0 && delta <= LARGEST)) {
            throw new IllegalArgumentException(
                    "Psi: delta " + delta + " must be an index from 0 to 1,000 (0.1); no counts have one above 100.");
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // lives within one call
    private record Shares(long[] reference, long[] current, long n, long m, int held) {
        static Shares of(long[] reference, long[] current) {
            if (reference.length != current.length) {
                throw new IllegalArgumentException("Psi: " + reference.length + " reference bins but " + current.length
                        + " current ones; count both on the bins of one baseline.");
            }
            long n = 0;
            long m = 0;
            int held = 0;
            for (int i = 0; i < reference.length; i++) {
                if (reference[i] < 0 || current[i] < 0) {
                    throw new IllegalArgumentException("Psi: bin " + i + " counts " + reference[i] + " and "
                            + current[i] + "; counts cannot be negative.");
                }
                n = Counts.add(n, reference[i]);
                m = Counts.add(m, current[i]);
                held += reference[i] > 0 || current[i] > 0 ? 1 : 0;
            }
            return new Shares(reference, current, n, m, held);
        }

        double contribution(int bin) {
            if (reference[bin] == 0 && current[bin] == 0) {
                return 0;
            }
            double p = (reference[bin] + 0.5) / (n + held / 2.0);
            double q = (current[bin] + 0.5) / (m + held / 2.0);
            return (p - q) * StrictMath.log(p / q);
        }
    }
}
