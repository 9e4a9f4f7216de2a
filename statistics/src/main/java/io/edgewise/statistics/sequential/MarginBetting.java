// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import java.util.Objects;

/// Betting against "the mean of a paired difference D in [-1, 1] is at most delta" with predictable bets
/// (Waudby-Smith and Ramdas, arXiv 2010.09686): `K = Π(1 + λ_s(D_s - δ))`, `λ_s = clip((m - δ)/(v + (m -
/// δ)²), 0, c/(1 + δ))` from the mean m = ΣD/s and the variance v = (1/4 + Σ(D - m)²)/s of the s - 1
/// earlier differences, c = 1/2. D is challenger minus champion of anything bounded where more is worse:
/// an error (-1, 0, 1), Brier, judge score, capped cost.
///
/// The bets learn, so K depends on the order of the differences: never a gate over merged blocks unless
/// their order is kept and replayed. [MeanTest] on the same differences depends on totals only.
public record MarginBetting(double delta, PlugInMoments moments, double logK) {
    private static final double LARGEST_SHARE = 0.5;

    public MarginBetting {
        if (!(delta > -1 && delta < 1)) {
            throw new IllegalArgumentException("MarginBetting: margin " + delta
                    + " must lie strictly between -1 and 1; scale it like the differences.");
        }
        Objects.requireNonNull(moments, "MarginBetting: moments are missing; begin with MarginBetting.start(delta).");
        if (Double.isNaN(logK) || Double.isInfinite(logK)) {
            throw new IllegalArgumentException(
                    "MarginBetting: ln K " + logK + " is not finite; rebuild the state from the kept differences.");
        }
    }

    public static MarginBetting start(double delta) {
        return new MarginBetting(delta, PlugInMoments.start(0), 0);
    }

    public long n() {
        return moments.n();
    }

    /// The bet on the next difference.
    public double bet() {
        double over = moments.mean() - delta;
        return Math.clamp(over / (moments.variance() + over * over), 0.0, LARGEST_SHARE / (1 + delta));
    }

    public MarginBetting next(double difference) {
        if (!(difference >= -1 && difference <= 1)) {
            throw new IllegalArgumentException("MarginBetting: difference " + difference
                    + " lies outside [-1, 1]; scale or cap values first and leave out incomplete pairs.");
        }
        double gain = StrictMath.log1p(bet() * (difference - delta));
        return new MarginBetting(delta, moments.next(difference), logK + gain);
    }
}
