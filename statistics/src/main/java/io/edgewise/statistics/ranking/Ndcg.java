// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.ranking;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Normalised discounted cumulative gain at k: DCG = Σ relevance / log2(place + 1) over the first k
/// places, repeats removed first, divided by the DCG of the best order (Järvelin and Kekäläinen 2002).
/// The gain is the relevance itself, as in scikit-learn's `ndcg_score`, not 2^relevance - 1. Logarithms
/// by `StrictMath`: ports may differ by 1e-15.
public final class Ndcg {
    public static final String DEFINITION = "ndcg/1";

    private Ndcg() {}

    /// Against known relevances, finite and at least 0; an item without one has relevance 0. NaN where no
    /// item is relevant (scikit-learn: 0).
    public static <T> double score(Map<? extends T, Double> relevance, List<? extends T> answer, int k) {
        requireDepth(k);
        for (Map.Entry<? extends T, Double> entry : relevance.entrySet()) {
            if (!(entry.getValue() >= 0 && entry.getValue() <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("Ndcg: item " + entry.getKey() + " has relevance " + entry.getValue()
                        + "; it must be finite and at least 0.");
            }
        }
        List<Double> best = relevance.values().stream()
                .sorted(Comparator.reverseOrder())
                .limit(k)
                .toList();
        double largest = best.isEmpty() ? 0 : best.getFirst();
        if (largest == 0) {
            return Double.NaN;
        }
        double ideal = 0;
        for (int i = 0; i < best.size(); i++) {
            ideal += best.get(i) / largest * discount(i);
        }
        double gained = 0;
        List<Object> items = Repeats.removed(answer);
        for (int i = 0; i < Math.min(k, items.size()); i++) {
            Double gain = relevance.get(items.get(i));
            gained += gain == null ? 0 : gain / largest * discount(i);
        }
        return Math.clamp(gained / ideal, 0.0, 1.0);
    }

    /// Against a reference ranking: with d = min(k, its distinct items), these have relevances d, d - 1, ..., 1 in
    /// its order, and all others 0. In [0, 1]; 1 where the first d places are the same. An empty reference
    /// agrees with an empty answer only. Not symmetric.
    public static double agreement(List<?> reference, List<?> answer, int k) {
        requireDepth(k);
        if (reference.isEmpty()) {
            return answer.isEmpty() ? 1 : 0;
        }
        List<Object> items = Repeats.removed(reference);
        int depth = Math.min(k, items.size());
        Map<Object, Double> relevance = new HashMap<>();
        for (int i = 0; i < depth; i++) {
            relevance.put(items.get(i), (double) (depth - i));
        }
        return score(relevance, answer, k);
    }

    private static void requireDepth(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("Ndcg: k is " + k + "; look at least at the first place.");
        }
    }

    private static double discount(int index) {
        return StrictMath.log(2) / StrictMath.log(index + 2.0);
    }
}
