// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

/// The largest variance of confidence - correct of one answer in a bin.
///
/// Where confidence and correctness are independent inside the bin, the confidences being given, it is
/// p(1 - p). Where they are not (wrong answers at the bin's upper end, right ones at the lower), it is
/// larger: with t = (mean confidence - lo)/h in a bin of width h, and q the share of wrong answers,
/// `q(1 - q) + h² t(1 - t) + 2h min(t, q)(1 - max(t, q))`. This is exact: given the means, the variance is
/// largest for confidences at the bounds only (B = 0 or 1, mean t), and E[B · wrong] is at most min(t, q).
/// At t = q it is (1 + h)² q(1 - q).
///
/// @param t where the mean confidence lies in the bin, 0 to 1
/// @param h width of the bin; 0 where it is not known (bins of equal mass): then p(1 - p)
/// @param wrongIsRarer whether the mean confidence is above one half
record BinSpread(double t, double h, boolean wrongIsRarer) {
    private static final double ROUNDING = 1e-6;

    /// Bin i of so many equal ones. Another mean than the bin can have: not such a bin, h = 0.
    static BinSpread of(int i, int bins, double meanConfidence) {
        double t = meanConfidence * bins - i;
        boolean equalWidth = t >= -ROUNDING && t <= 1 + ROUNDING;
        return new BinSpread(
                equalWidth ? Math.clamp(t, 0.0, 1.0) : 0, equalWidth ? 1.0 / bins : 0, meanConfidence > 0.5);
    }

    /// At this share of the rarer outcome; held at its largest beyond one half, and 0 below 0.
    double variance(double rarer) {
        double below = wrongIsRarer ? t : 1 - t;
        double p = Math.clamp(rarer, 0, 0.5);
        return p * (1 - p) + extra(Math.clamp(rarer, 0, Math.max(0.5, below)), below);
    }

    /// At this share of wrong answers.
    double ofWrong(double wrong) {
        return wrong * (1 - wrong) + extra(wrong, t);
    }

    /// Symmetric under p to 1 - p with t to 1 - t.
    private double extra(double p, double at) {
        return h * h * at * (1 - at) + 2 * h * Math.min(at, p) * (1 - Math.max(at, p));
    }
}
