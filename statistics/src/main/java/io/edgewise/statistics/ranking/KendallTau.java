// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.ranking;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Kendall's τ-b (Kendall 1945), as `scipy.stats.kendalltau`: (P - Q) / √((P + Q + T)(P + Q + U)) with P
/// concordant and Q discordant pairs, T pairs tied in x only, U in y only. O(n log n) after Knight
/// (1966).
public final class KendallTau {
    public static final String DEFINITION = "kendall/1";

    private KendallTau() {}

    /// In [-1, 1]; NaN for fewer than two values, where either side has one value only, or where a value
    /// is NaN. Infinities rank as the largest and smallest.
    public static double tauB(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException("KendallTau: " + x.length + " and " + y.length
                    + " values; give both scores of the same items in the same order.");
        }
        if (Arrays.stream(x).anyMatch(Double::isNaN) || Arrays.stream(y).anyMatch(Double::isNaN)) {
            return Double.NaN;
        }
        int[] order = order(x, y);
        long[] left = new long[x.length];
        long[] right = new long[x.length];
        double[] values = new double[x.length];
        for (int i = 0; i < order.length; i++) {
            boolean sameX = i > 0 && x[order[i]] == x[order[i - 1]];
            boolean sameY = i > 0 && y[order[i]] == y[order[i - 1]];
            left[i] = i == 0 ? 0 : left[i - 1] + (sameX ? 0 : 1);
            right[i] = i == 0 ? 0 : right[i - 1] + (sameX && sameY ? 0 : 1);
            values[i] = y[order[i]];
        }
        long pairs = pairs(x.length);
        long tiedX = tied(left);
        long tiedBoth = tied(right);
        long discordant = inversions(values, new double[values.length], 0, values.length);
        long tiedY = tied(values);
        double balance = pairs - tiedX - tiedY + tiedBoth - 2 * discordant;
        double norm = StrictMath.sqrt((double) (pairs - tiedX) * (pairs - tiedY));
        return norm == 0 ? Double.NaN : Math.clamp(balance / norm, -1.0, 1.0);
    }

    /// Of two rankings that may hold different items: (1 + τ) / 2 over the items they share, times the share of
    /// these among all distinct items. One shared item has no order to disagree on, so its first factor is 1;
    /// none shared: 0; two empty rankings: 1. Symmetric; 0 for reversed or disjoint rankings, 1 only for equal
    /// ones (repeated items aside).
    public static double agreement(List<?> reference, List<?> answer) {
        Map<Object, Integer> left = places(reference);
        Map<Object, Integer> right = places(answer);
        List<Object> shared = left.keySet().stream()
                .filter(right::containsKey)
                .sorted(Comparator.comparing(left::get))
                .toList();
        int all = left.size() + right.size() - shared.size();
        if (all == 0) {
            return 1;
        }
        double common = (double) shared.size() / all;
        if (shared.size() < 2) {
            return common;
        }
        double tau = tauB(
                shared.stream().mapToDouble(left::get).toArray(),
                shared.stream().mapToDouble(right::get).toArray());
        return (1 + tau) / 2 * common;
    }

    private static Map<Object, Integer> places(List<?> ranking) {
        Map<Object, Integer> places = new HashMap<>();
        for (int i = 0; i < ranking.size(); i++) {
            places.putIfAbsent(ranking.get(i), i);
        }
        return places;
    }

    private static int[] order(double[] x, double[] y) {
        Comparator<Integer> byX = Comparator.comparingDouble(i -> x[i] + 0.0);
        Integer[] order = new Integer[x.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, byX.thenComparingDouble(i -> y[i] + 0.0));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    private static long pairs(long n) {
        return n * (n - 1) / 2;
    }

    /// Pairs of equal neighbours in sorted values.
    private static long tied(long[] sorted) {
        long tied = 0;
        int start = 0;
        for (int i = 1; i <= sorted.length; i++) {
            if (i == sorted.length || sorted[i] != sorted[start]) {
                tied += pairs(i - start);
                start = i;
            }
        }
        return tied;
    }

    private static long tied(double[] sorted) {
        long[] groups = new long[sorted.length];
        for (int i = 1; i < sorted.length; i++) {
            groups[i] = groups[i - 1] + (sorted[i] == sorted[i - 1] ? 0 : 1);
        }
        return tied(groups);
    }

    /// Sorts the values and counts the pairs that were in the wrong order.
    private static long inversions(double[] values, double[] spare, int from, int to) {
        if (to - from < 2) {
            return 0;
        }
        int middle = (from + to) >>> 1;
        long count = inversions(values, spare, from, middle) + inversions(values, spare, middle, to);
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++) {
            if (left < middle && (right == to || values[left] <= values[right])) {
                spare[i] = values[left++];
            } else {
                spare[i] = values[right++];
                count += middle - left;
            }
        }
        System.arraycopy(spare, from, values, from, to - from);
        return count;
    }
}
