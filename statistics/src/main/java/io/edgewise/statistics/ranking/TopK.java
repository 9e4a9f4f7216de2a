// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.ranking;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Shared items at the top of two rankings. Symmetric.
///
/// Where both rankings are shorter than k, the longer one's length takes the place of k, so that equal
/// rankings score 1. Two empty rankings are equal; an empty one against another scores 0.
public final class TopK {
    public static final String DEFINITION = "top-k/1";

    private TopK() {}

    /// |first k of one ∩ first k of the other| / k; their order within the k does not matter.
    public static double overlap(List<?> reference, List<?> answer, int k) {
        int depth = depth(reference, answer, k);
        if (depth == 0) {
            return 1;
        }
        Set<Object> top = new HashSet<>(reference.subList(0, Math.min(depth, reference.size())));
        Set<Object> shared = new HashSet<>(answer.subList(0, Math.min(depth, answer.size())));
        shared.retainAll(top);
        return (double) shared.size() / depth;
    }

    /// Mean of the overlaps at depths 1 to k (average overlap; Webber, Moffat and Zobel 2010): the top places
    /// weigh most.
    public static double averageOverlap(List<?> reference, List<?> answer, int k) {
        int depth = depth(reference, answer, k);
        if (depth == 0) {
            return 1;
        }
        Set<Object> left = new HashSet<>();
        Set<Object> right = new HashSet<>();
        int shared = 0;
        double sum = 0;
        for (int i = 0; i < depth; i++) {
            if (i < reference.size() && left.add(reference.get(i)) && right.contains(reference.get(i))) {
                shared++;
            }
            if (i < answer.size() && right.add(answer.get(i)) && left.contains(answer.get(i))) {
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
