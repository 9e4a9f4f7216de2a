// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Exact counts of the labels of a closed set, for entropy, χ² and population shares. Memory grows with the
/// number of distinct labels; where those are open (text that a model invents) use [HeavyHitters].
public final class LabelCounts extends Accumulator<LabelCounts> {
    private final Map<String, Long> counts;
    private long total;

    public LabelCounts() {
        this(new HashMap<>(), 0);
    }

    private LabelCounts(Map<String, Long> counts, long total) {
        this.counts = counts;
        this.total = total;
    }

    public void add(String label) {
        add(label, 1);
    }

    public void add(String label, long times) {
        Kind.LABEL_COUNTS.requireCount(times);
        if (times == 0) {
            return;
        }
        if (!counts.containsKey(label)) {
            Labels.require(Kind.LABEL_COUNTS, label);
        }
        total = Kind.LABEL_COUNTS.plus(total, times);
        counts.merge(label, times, Long::sum);
    }

    public long total() {
        return total;
    }

    /// 0 for a label never counted.
    public long count(String label) {
        return counts.getOrDefault(label, 0L);
    }

    /// Labels in String order with their counts.
    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /// Counts of these labels in this order; a counted label that is not among them is refused.
    public long[] counts(List<String> labels) {
        long[] aligned = new long[labels.size()];
        long found = 0;
        for (int i = 0; i < aligned.length; i++) {
            aligned[i] = count(labels.get(i));
            found += aligned[i];
        }
        if (found != total || new HashSet<>(labels).size() < aligned.length) {
            throw Kind.LABEL_COUNTS.fault("the labels asked for hold " + found + " of " + total
                    + " observations; name each counted label once. Counted are " + counts().keySet() + ".");
        }
        return aligned;
    }

    /// Two rows, this and the other, over the labels of both in String order: the table of a two-sample χ².
    public long[][] beside(LabelCounts other) {
        TreeSet<String> union = new TreeSet<>(counts.keySet());
        union.addAll(other.counts.keySet());
        List<String> labels = List.copyOf(union);
        return new long[][] {counts(labels), other.counts(labels)};
    }

    @Override
    public void merge(LabelCounts other) {
        long sum = Kind.LABEL_COUNTS.plus(total, other.total);
        Map.copyOf(other.counts).forEach((label, count) -> counts.merge(label, count, Long::sum));
        total = sum;
    }

    @Override
    public LabelCounts copy() {
        return new LabelCounts(new HashMap<>(counts), total);
    }

    @Override
    public byte[] encode() {
        Encoder encoder = new Encoder(Kind.LABEL_COUNTS);
        Labels.write(encoder, counts());
        return encoder.bytes();
    }

    public static LabelCounts decode(byte[] bytes) {
        Decoder decoder = new Decoder(Kind.LABEL_COUNTS, bytes);
        SortedMap<String, Long> counts = Labels.read(decoder);
        decoder.end();
        return new LabelCounts(new HashMap<>(counts), Labels.total(Kind.LABEL_COUNTS, counts));
    }

    @Override
    public String toString() {
        return "LabelCounts" + counts();
    }
}
