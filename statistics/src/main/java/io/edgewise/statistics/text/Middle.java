// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import java.util.Arrays;

/// What an alignment of two sequences has to look at: without what they share at their ends, which every
/// best alignment can keep in place, and cut where the table would have more than 2^24 cells.
///
/// @param longer the part to align; the longer of the two
/// @param shorter the part to align; the shorter of the two
/// @param shared elements that both share at the two ends
/// @param restHits places beyond the cut at which both have the same element
/// @param restPairs places beyond the cut that both have
/// @param exact false where a cut was needed
@SuppressWarnings("ArrayRecordComponent") // lives within one call
record Middle(int[] longer, int[] shorter, int shared, int restHits, int restPairs, boolean exact) {
    static final long CELLS = 1L << 24;
    static final int CUT = 1 << 12;

    static Middle of(int[] a, int[] b) {
        int least = Math.min(a.length, b.length);
        int head = 0;
        while (head < least && a[head] == b[head]) {
            head++;
        }
        int tail = 0;
        while (tail < least - head && a[a.length - 1 - tail] == b[b.length - 1 - tail]) {
            tail++;
        }
        int[] x = Arrays.copyOfRange(a, head, a.length - tail);
        int[] y = Arrays.copyOfRange(b, head, b.length - tail);
        int[] longer = x.length >= y.length ? x : y;
        int[] shorter = x.length >= y.length ? y : x;
        return (long) x.length * y.length <= CELLS
                ? new Middle(longer, shorter, head + tail, 0, 0, true)
                : cut(longer, shorter, head + tail);
    }

    private static Middle cut(int[] longer, int[] shorter, int shared) {
        int hits = 0;
        for (int i = CUT; i < shorter.length; i++) {
            hits += longer[i] == shorter[i] ? 1 : 0;
        }
        int pairs = Math.max(0, shorter.length - CUT);
        return new Middle(
                Arrays.copyOf(longer, CUT),
                Arrays.copyOf(shorter, Math.min(CUT, shorter.length)),
                shared,
                hits,
                pairs,
                false);
    }
}
