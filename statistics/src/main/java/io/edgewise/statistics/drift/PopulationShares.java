// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.Proportion;
import io.edgewise.statistics.proportion.TwoProportions;
import io.edgewise.statistics.special.Counts;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// How the population of a categorical attribute has moved: every category's share on both sides, the
/// change, and the whole. A category that one side never saw has count 0 there.
///
/// Intervals are for one category each: whoever reads K of them together asks for confidence 1 - α/K.
///
/// @param categories in the order of their names
/// @param moved total variation: the share of the population that would have to change its category; NaN
///     without data
/// @param test whether the whole has changed, rare categories pooled
public record PopulationShares(List<Category> categories, double moved, ChiSquare test) {
    public PopulationShares {
        categories = List.copyOf(categories);
    }

    private static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

    /// @param change current share minus reference share; NaN where a side is empty
    /// @param changeInterval [TwoProportions#newcombe]; its bounds are NaN where a side is empty
    public record Category(String name, Share reference, Share current, double change, Interval changeInterval) {}

    /// @param share count / total; NaN where the side is empty
    /// @param interval [Proportion#wilson]; its bounds are NaN where the side is empty
    public record Share(long count, double share, Interval interval) {}

    /// Shares with Wilson's score intervals (1927), changes with Newcombe's hybrid score intervals (1998,
    /// method 10).
    public static PopulationShares of(Map<String, Long> reference, Map<String, Long> current, double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "PopulationShares: confidence " + confidence + " must lie in (0, 1) (0.95).");
        }
        SortedSet<String> names = new TreeSet<>(reference.keySet());
        names.addAll(current.keySet());
        long[] before = names.stream().mapToLong(name -> count(reference, name)).toArray();
        long[] now = names.stream().mapToLong(name -> count(current, name)).toArray();
        long n = total(before);
        long m = total(now);
        List<Category> categories = names.stream()
                .map(name -> category(
                        name,
                        new Proportion(count(reference, name), n),
                        new Proportion(count(current, name), m),
                        1 - confidence))
                .toList();
        double moved = Distances.totalVariation(Distances.weights(before), Distances.weights(now));
        return new PopulationShares(categories, moved, ChiSquare.pooled(before, now));
    }

    private static Category category(String name, Proportion reference, Proportion current, double alpha) {
        boolean known = reference.n() > 0 && current.n() > 0;
        TwoProportions change = new TwoProportions(current, reference);
        return new Category(
                name,
                share(reference, alpha),
                share(current, alpha),
                change.difference(),
                known ? change.newcombe(alpha) : UNKNOWN);
    }

    private static Share share(Proportion side, double alpha) {
        return new Share(side.events(), side.share(), side.n() > 0 ? side.wilson(alpha) : UNKNOWN);
    }

    private static long count(Map<String, Long> counts, String name) {
        long count = counts.getOrDefault(name, 0L);
        if (count < 0) {
            throw new IllegalArgumentException(
                    "PopulationShares: \"" + name + "\" counts " + count + "; counts cannot be negative.");
        }
        return count;
    }

    private static long total(long[] counts) {
        long total = 0;
        for (long count : counts) {
            total = Counts.add(total, count);
        }
        return total;
    }
}
