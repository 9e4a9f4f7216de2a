// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.commons.math3.distribution.NormalDistribution;

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

    /// @param low lower end; NaN where there are no observations
    /// @param high upper end; NaN where there are no observations
    public record Interval(double low, double high) {}

    /// @param change current share minus reference share; NaN where a side is empty
    public record Category(String name, Share reference, Share current, double change, Interval changeInterval) {}

    /// @param share count / total; NaN where the side is empty
    /// @param interval Wilson's score interval
    public record Share(long count, double share, Interval interval) {}

    /// Shares with Wilson's score intervals (1927), changes with Newcombe's hybrid score intervals (1998,
    /// method 10).
    public static PopulationShares of(Map<String, Long> reference, Map<String, Long> current, double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException(
                    "PopulationShares: confidence " + confidence + " must lie in (0, 1) (0.95).");
        }
        double z = new NormalDistribution(null, 0, 1).inverseCumulativeProbability((1 + confidence) / 2);
        SortedSet<String> names = new TreeSet<>(reference.keySet());
        names.addAll(current.keySet());
        long[] before = names.stream().mapToLong(name -> count(reference, name)).toArray();
        long[] now = names.stream().mapToLong(name -> count(current, name)).toArray();
        long n = total(before);
        long m = total(now);
        List<Category> categories = names.stream()
                .map(name -> category(name, share(count(reference, name), n, z), share(count(current, name), m, z)))
                .toList();
        double moved = Distances.totalVariation(Distances.weights(before), Distances.weights(now));
        return new PopulationShares(categories, moved, ChiSquare.pooled(before, now));
    }

    private static Category category(String name, Share reference, Share current) {
        double change = current.share() - reference.share();
        double down = StrictMath.hypot(
                current.share() - current.interval().low(), reference.interval().high() - reference.share());
        double up = StrictMath.hypot(
                current.interval().high() - current.share(),
                reference.share() - reference.interval().low());
        return new Category(name, reference, current, change, new Interval(change - down, change + up));
    }

    private static Share share(long count, long total, double z) {
        if (total == 0) {
            return new Share(0, Double.NaN, new Interval(Double.NaN, Double.NaN));
        }
        double p = (double) count / total;
        double shrink = 1 + z * z / total;
        double centre = (p + z * z / (2.0 * total)) / shrink;
        double half = z * StrictMath.sqrt(p * (1 - p) / total + z * z / (4.0 * total * total)) / shrink;
        return new Share(
                count,
                p,
                new Interval(
                        count == 0 ? 0 : Math.max(0, centre - half), count == total ? 1 : Math.min(1, centre + half)));
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
            total = Math.addExact(total, count);
        }
        return total;
    }
}
