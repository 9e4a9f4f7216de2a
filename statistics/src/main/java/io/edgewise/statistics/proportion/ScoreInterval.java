// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

/// The differences p1 - p2 = δ that the score test keeps, found by bisection.
///
/// Score: (d - δ)/√(V(δ) N/(N - 1)), V = q1(1 - q1)/n1 + q2(1 - q2)/n2, where (q1, q2) is the
/// maximum-likelihood pair with q1 - q2 = δ: the closed solution of the cubic equation (Miettinen and
/// Nurminen 1985; Farrington and Manning 1990).
record ScoreInterval(Proportion first, Proportion second) {
    Interval invert(double z) {
        double d = first.share() - second.share();
        return ScoreRoots.between(this::score, d, z);
    }

    /// 0 where δ is the difference observed; infinite where δ cannot be.
    double score(double delta) {
        double excess = first.share() - second.share() - delta;
        if (excess == 0) {
            return 0;
        }
        double one = firstShareAt(delta);
        double two = Math.clamp(one - delta, 0, 1);
        double n = (double) first.n() + second.n();
        double variance = (one * (1 - one) / first.n() + two * (1 - two) / second.n()) * n / (n - 1);
        return excess / StrictMath.sqrt(variance);
    }

    /// The maximum-likelihood p1 where p1 - p2 = δ.
    double firstShareAt(double delta) {
        double ratio = (double) second.n() / first.n();
        double p1 = first.share();
        double p2 = second.share();
        double a = 1 + ratio;
        double b = -(1 + ratio + p1 + ratio * p2 + delta * (ratio + 2));
        double c = delta * delta + delta * (2 * p1 + ratio + 1) + p1 + ratio * p2;
        double d = -p1 * delta * (1 + delta);
        double shift = b / (3 * a);
        double v = shift * shift * shift - b * c / (6 * a * a) + d / (2 * a);
        double square = Math.max(0, shift * shift - c / (3 * a));
        double u = Math.copySign(StrictMath.sqrt(square), v);
        double cosine = u == 0 ? 0 : Math.clamp(v / (u * u * u), -1, 1);
        double angle = (StrictMath.PI + StrictMath.acos(cosine)) / 3;
        return Math.clamp(2 * u * StrictMath.cos(angle) - shift, Math.max(0, delta), Math.min(1, 1 + delta));
    }
}
