// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.McNemar;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import io.edgewise.statistics.special.Counts;

/// How often the challenger is the better one where both disagree and someone judged: wins + ½ ties + ½
/// both wrong, over all judged. Both wrong is shown apart: a high share of it says that neither should
/// be trusted here.
///
/// A judge that changed its mind when the order was swapped counts as a tie. Disagreements that nobody
/// judged are not in here. Counts merge by [#plus].
public record WinShare(long wins, long losses, long ties, long bothWrong) {
    /// Rolled back when shown to be below.
    public static final double LIMIT = 0.3;

    public WinShare {
        if (wins < 0 || losses < 0 || ties < 0 || bothWrong < 0) {
            throw new IllegalArgumentException("WinShare: " + wins + " wins, " + losses + " losses, " + ties + " ties, "
                    + bothWrong + " both wrong; counts cannot be negative.");
        }
    }

    public static WinShare empty() {
        return new WinShare(0, 0, 0, 0);
    }

    public WinShare plus(WinShare other) {
        return new WinShare(
                Counts.add(wins, other.wins),
                Counts.add(losses, other.losses),
                Counts.add(ties, other.ties),
                Counts.add(bothWrong, other.bothWrong));
    }

    /// Disagreements with a verdict: wins + losses + ties + both wrong.
    public long judged() {
        return Counts.add(Counts.add(wins, losses), Counts.add(ties, bothWrong));
    }

    /// NaN where nothing was judged.
    public double share() {
        return values().mean();
    }

    /// For one look at a number of verdicts fixed beforehand: the share is (1 + d)/2, d the difference of the rates of
    /// wins
    /// and losses, for which [McNemar#tango] has an interval.
    public Interval interval(double alpha) {
        Interval difference = new McNemar(Counts.add(ties, bothWrong), wins, losses, 0).tango(alpha);
        return new Interval((1 + difference.low()) / 2, (1 + difference.high()) / 2);
    }

    /// Share of judged disagreements where neither was right; NaN where nothing was judged.
    public double bothWrongShare() {
        return (double) bothWrong / judged();
    }

    /// 1 for a win, ½ for a tie or both wrong, 0 for a loss: what [#below] and [#above] test.
    public Values values() {
        return new Values(new double[] {0, 0.5, 1}, new long[] {losses, Counts.add(ties, bothWrong), wins});
    }

    /// The test that shows a share below the limit (BREACH).
    public static MeanTest below(double limit) {
        return new MeanTest(Purpose.BREACH, Side.BELOW, limit, 0, 1);
    }

    /// The test that shows a share above the limit (SAFE).
    public static MeanTest above(double limit) {
        return new MeanTest(Purpose.SAFE, Side.ABOVE, limit, 0, 1);
    }
}
