// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// The e-process of a truncated beta mixture for "the event's probability is at most q0": the yardstick for
/// [MeanTest] on binary values. `E = ∫ Beta(a,b) likelihood over (q0, 1) / likelihood at q0`, normalised to
/// 1 without data.
public final class TruncatedBeta {
    private TruncatedBeta() {}

    /// ln E after k events in n.
    public static double logE(long k, long n, double q0, double a, double b) {
        if (k < 0
                || k > n
                || !(q0 > 0 && q0 < 1)
                || !(a > 0 && a < Double.POSITIVE_INFINITY)
                || !(b > 0 && b < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "TruncatedBeta: " + k + " of " + n + " against " + q0 + " with Beta(" + a + ", " + b
                            + "); k must lie between 0 and n, q0 strictly between 0 and 1, a and b above 0 and finite.");
        }
        return BetaMixture.logAbove((double) k, (double) (n - k), q0, 1 - q0, a, b);
    }
}
