// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

/// The differences δ of two rates on the same n inputs that the score test keeps, found by bisection.
///
/// Score: (b - c - nδ)/√(n (2q + δ(1 - δ))), where q is the maximum-likelihood share of inputs on which the second
/// alone
/// is right, given δ: the larger root of 2n q² + (-b - c + (2n - b + c)δ) q - cδ(1 - δ) (Tango 1998).
record PairedScore(double b, double c, double n) {
    private static final Interval ANY = new Interval(-1, 1);

    static PairedScore of(McNemar pairs) {
        return new PairedScore(
                pairs.onlyFirstRight(),
                pairs.onlySecondRight(),
                (double) pairs.bothRight() + pairs.bothWrong() + pairs.discordant());
    }

    Interval invert(double z) {
        if (n == 0) {
            return ANY;
        }
        double d = (b - c) / n;
        return ScoreRoots.between(this::score, d, z);
    }

    private double score(double delta) {
        double excess = b - c - n * delta;
        if (excess == 0) {
            return 0;
        }
        double linear = -b - c + (2 * n - b + c) * delta;
        double constant = -c * delta * (1 - delta);
        double q = (StrictMath.sqrt(Math.max(0, linear * linear - 8 * n * constant)) - linear) / (4 * n);
        double variance = n * (2 * q + delta * (1 - delta));
        return excess / StrictMath.sqrt(Math.max(0, variance));
    }
}
