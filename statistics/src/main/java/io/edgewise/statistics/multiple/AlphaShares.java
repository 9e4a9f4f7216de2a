// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.multiple;

/// An alpha that is spent over looks or processes without knowing how many there will be: the k-th gets
/// the share 6/(π² k²). All shares add up to 1 (Euler), so the sum over any number stays below it.
public final class AlphaShares {
    private static final double FIRST = 6 / (StrictMath.PI * StrictMath.PI);

    private AlphaShares() {}

    /// @param k from 1
    public static double share(long k) {
        if (k < 1) {
            throw new IllegalArgumentException("AlphaShares: there is no share " + k + "; count from 1.");
        }
        return FIRST / ((double) k * k);
    }

    /// share(k) alpha.
    public static double of(double alpha, long k) {
        EValues.requireAlpha(alpha);
        return share(k) * alpha;
    }
}
