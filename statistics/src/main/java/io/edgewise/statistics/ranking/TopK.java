// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.ranking;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Shared items at the top of two rankings, repeats removed first. Symmetric.
///
/// Where both rankings are shorter than k, the longer one's length takes the place of k, so that equal
/// rankings score 1. Two empty rankings are equal; an empty one against another scores 0.
public final class TopK {
    public static final String DEFINITION = "top-k/1";

    private TopK() {}

    /// |first k of one ∩ first k of the other| / k; their order within the k does not matter.
    public static double overlap(List<?> reference, List<?> answer, int k) {
        List<Object> one = Repeats.removed(reference);
        List<Object> other = Repeats.removed(answer);
        int depth = depth(one, other, k);
        if (depth == 0) {
            return 1;
        }
        Set<Object> top = new HashSet<>(one.subList(0, Math.min(depth, one.size())));
        Set<Object> shared = new HashSet<>(other.subList(0, Math.min(depth, other.size())));
        shared.retainAll(top);
        return (double) shared.size() / depth;
    }

    /// Mean of the overlaps at depths 1 to k (average overlap; Webber, Moffat and Zobel 2010): the top places
    /// weigh most.
    public static double averageOverlap(List<?> reference, List<?> answer, int k) {
        List<Object> one = Repeats.removed(reference);
        List<Object> other = Repeats.removed(answer);
        int depth = depth(one, other, k);
        if (depth == 0) {
            return 1;
        }
        Set<Object> left = new HashSet<>();
        Set<Object> right = new HashSet<>();
        int shared = 0;
        double sum = 0;
        for (int i = 0; i < depth; i++) {
            if (i < one.size() && left.add(one.get(i)) && right.contains(one.get(i))) {
                shared++;
            }
            if (i < other.size() && right.add(other.get(i)) && left.contains(other.get(i))) {
                shared++;
            }
            sum += (double) shared / (i + 1);
        }
        return sum / depth;
    }

    private static int depth(List<?> reference, List<?> answer, int k) {
        if (k < 1) {
            throw new IllegalArgumentException("TopK: k is " + k + "; compare at least the first place.");
        }
        return Math.min(k, Math.max(reference.size(), answer.size()));
    }
}
