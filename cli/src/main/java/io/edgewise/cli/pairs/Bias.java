// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.Proportion;
import io.edgewise.statistics.proportion.TwoProportions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The largest gap between two groups of a sensitive slice.
///
/// The interval is simultaneous: each pair of groups has Newcombe's interval of its difference at alpha divided by
/// the number of pairs, all of which hold together with 95 %; the largest gap then lies between the largest lower
/// and the largest upper bound. Groups of fewer than 30 are left out, and said.
///
/// @param high the group with the higher share
/// @param low the group with the lower one
/// @param gap what was seen between them
/// @param interval of the largest true gap
/// @param groups compared
/// @param leftOut groups of too few pairs
public record Bias(
        String column,
        String measure,
        String high,
        double highShare,
        String low,
        double lowShare,
        double gap,
        Interval interval,
        int groups,
        int leftOut) {
    /// Fewer say nothing of a group.
    static final long FEWEST = 30;

    private record Group(String name, Proportion share) {}

    /// Agreement, and accuracy, refusal and escalation where they are known.
    static List<Bias> of(String column, Map<String, Tally> groups) {
        List<Bias> all = new ArrayList<>();
        of(
                        column,
                        "agreement",
                        groups,
                        tally -> new Proportion(
                                tally.totals().agree(), tally.totals().joined()))
                .ifPresent(all::add);
        of(column, "accuracy", groups, Tally::edgeAccuracy).ifPresent(all::add);
        of(column, "refusal", groups, Tally::edgeRefusal).ifPresent(all::add);
        of(column, "escalation", groups, Tally::escalation).ifPresent(all::add);
        return all;
    }

    private static Optional<Bias> of(
            String column, String measure, Map<String, Tally> groups, Function<Tally, Proportion> share) {
        List<Group> compared = new ArrayList<>();
        int leftOut = 0;
        for (Map.Entry<String, Tally> group : groups.entrySet()) {
            Proportion of = share.apply(group.getValue());
            if (of.n() >= FEWEST) {
                compared.add(new Group(group.getKey(), of));
            } else if (of.n() > 0) {
                leftOut++;
            }
        }
        if (compared.size() < 2) {
            return Optional.empty();
        }
        double alpha = Summary.ALPHA * 2 / (compared.size() * (compared.size() - 1.0));
        Group high = compared.getFirst();
        Group low = high;
        double least = 0;
        double most = 0;
        for (Group one : compared) {
            high = one.share().share() > high.share().share() ? one : high;
            low = one.share().share() < low.share().share() ? one : low;
            for (Group other : compared) {
                if (!one.equals(other)) {
                    Interval interval = new TwoProportions(one.share(), other.share()).newcombe(alpha);
                    least = Math.max(least, interval.low());
                    most = Math.max(most, interval.high());
                }
            }
        }
        double highShare = high.share().share();
        double lowShare = low.share().share();
        return Optional.of(new Bias(
                column,
                measure,
                high.name(),
                highShare,
                low.name(),
                lowShare,
                highShare - lowShare,
                new Interval(least, most),
                compared.size(),
                leftOut));
    }

    /// Whether groups are shown to fare differently at all.
    public boolean isShown() {
        return interval.low() > 0;
    }
}
