// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// The hedged capital against "the mean of values in [0, 1] is `at`" (Waudby-Smith and Ramdas, arXiv
/// 2010.09686, Theorem 3): half the money on `K+ = Π(1 + λ+(x - at))`, half on `K- = Π(1 - λ-(x - at))`,
/// with `λ+ = min(λ, c/at)`, `λ- = min(λ, c/(1-at))`, c = 1/2, λ the predictable bet of [PlugInMoments]
/// for alpha. `max(K+, K-)/2` is an e-process. It depends on the order of the values.
public record HedgedCapital(double at, double alpha, PlugInMoments moments, double logUp, double logDown) {
    private static final double LARGEST_SHARE = 0.5;

    public HedgedCapital {
        Require.alpha("HedgedCapital", alpha);
        Require.unit("HedgedCapital", at);
    }

    public static HedgedCapital start(double at, double alpha) {
        return new HedgedCapital(at, alpha, PlugInMoments.start(0.5), 0, 0);
    }

    public HedgedCapital next(double x) {
        Require.unit("HedgedCapital", x);
        double bet = moments.bet(alpha);
        return new HedgedCapital(at, alpha, moments.next(x), logUp + up(bet, x, at), logDown + down(bet, x, at));
    }

    /// ln(max(K+, K-)/2); -ln 2 before any value.
    public double logE() {
        return Math.max(logUp, logDown) - StrictMath.log(2);
    }

    static double up(double bet, double x, double at) {
        return StrictMath.log1p(Math.min(bet, LARGEST_SHARE / at) * (x - at));
    }

    static double down(double bet, double x, double at) {
        return StrictMath.log1p(-Math.min(bet, LARGEST_SHARE / (1 - at)) * (x - at));
    }
}
