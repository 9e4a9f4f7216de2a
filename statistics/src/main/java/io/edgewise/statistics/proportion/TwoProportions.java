// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

/// The shares of two independent groups, and what is known of their difference first - second.
///
/// All hold for one look at sizes fixed beforehand. Where a group is empty the point and z are NaN,
/// intervals are [-1, 1] and the exact p-value is 1.
public record TwoProportions(Proportion first, Proportion second) {
    private static final Interval ANY_DIFFERENCE = new Interval(-1, 1);

    /// NaN where a group is empty.
    public double difference() {
        return first.share() - second.share();
    }

    /// The difference over its standard error at the pooled share, without continuity correction. NaN
    /// where a group is empty, or where the pooled share is 0 or 1.
    public double zPooled() {
        double pooled = ((double) first.events() + second.events()) / ((double) first.n() + second.n());
        return difference() / StrictMath.sqrt(pooled * (1 - pooled) * (1.0 / first.n() + 1.0 / second.n()));
    }

    /// Two-sided p-value of [#zPooled()]; NaN with it. Its size can exceed alpha in small groups.
    public double pPooled() {
        return StandardNormal.beyond(zPooled());
    }

    /// Newcombe 1998, method 10: from the Wilson bounds l, u of each share, d - √((p1 - l1)² + (u2 -
    /// p2)²) and d + √((u1 - p1)² + (p2 - l2)²).
    public Interval newcombe(double alpha) {
        Interval one = first.wilson(alpha);
        Interval two = second.wilson(alpha);
        if (empty()) {
            return ANY_DIFFERENCE;
        }
        double down = length(first.share() - one.low(), two.high() - second.share());
        double up = length(one.high() - first.share(), second.share() - two.low());
        return Interval.clipped(difference() - down, difference() + up, -1, 1);
    }

    /// Miettinen and Nurminen 1985: all differences that the score test with variance factor N/(N - 1)
    /// keeps.
    public Interval miettinenNurminen(double alpha) {
        double z = Proportion.z(alpha, 2);
        return empty() ? ANY_DIFFERENCE : new ScoreInterval(first, second).invert(z);
    }

    /// Fisher's exact p-value, two-sided: all tables with these margins that are at most as probable
    /// (within 1e-7) as the one observed. Never above its size: a test at level alpha rejects wrongly at
    /// most that often. For counts of any size, in milliseconds; within 1e-9 of itself, 1e-6 where more than 10⁹
    /// observations are summed by runs.
    public double pFisher() {
        if (empty()) {
            return 1;
        }
        return Hypergeometric.fisher(
                first.events(), first.n() - first.events(), second.events(), second.n() - second.events());
    }

    private boolean empty() {
        return first.n() == 0 || second.n() == 0;
    }

    private static double length(double x, double y) {
        return StrictMath.sqrt(x * x + y * y);
    }
}
