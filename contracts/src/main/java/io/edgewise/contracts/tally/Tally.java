// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was counted, by measure and bucket: a sum over observations and nothing else.
///
/// Laws: merging is associative and commutative with the empty tally as neutral element; `a.plus(b).minus(b)` equals
/// `a`; equal content has equal bytes ({@link TallyCodec}), whatever the order it arrived in. {@link Measures} names
/// the measures and says what a bucket means in each. The laws hold as long as no amount is [Counts#FULL]: such a one
/// stays full, whatever is added or subtracted.
///
/// Filling it is not safe for concurrent use.
public final class Tally {
    private static final Counts NOTHING = new Counts();

    private final TreeMap<String, Counts> measures = new TreeMap<>();

    public Tally add(String measure, int bucket, long amount) {
        of(measure).add(bucket, amount);
        return this;
    }

    public Tally add(String measure, int bucket) {
        return add(measure, bucket, 1);
    }

    /// The counts of a measure, to add to.
    public Counts of(String measure) {
        return measures.computeIfAbsent(measure, name -> new Counts());
    }

    public long get(String measure, int bucket) {
        return read(measure).get(bucket);
    }

    public long sum(String measure) {
        return read(measure).sum();
    }

    /// The counts of a measure, to read only; empty where nothing was counted.
    public Counts read(String measure) {
        Counts counts = measures.get(measure);
        return counts == null ? NOTHING : counts;
    }

    public Set<String> measures() {
        return Set.copyOf(measures.keySet());
    }

    /// The measures whose names begin so, in order.
    public List<String> measures(String prefix) {
        List<String> found = new ArrayList<>();
        for (String name : measures.tailMap(prefix).keySet()) {
            if (!name.startsWith(prefix)) {
                break;
            }
            found.add(name);
        }
        return found;
    }

    /// How many amounts are [Counts#FULL], and say "so much or more".
    public int full() {
        int full = 0;
        for (Counts counts : measures.values()) {
            full += counts.full();
        }
        return full;
    }

    public boolean isEmpty() {
        return measures.values().stream().allMatch(Counts::isZero);
    }

    /// Adds all of `other` to this one.
    public Tally merge(Tally other) {
        return merge(other, 1);
    }

    public Tally plus(Tally other) {
        return copy().merge(other);
    }

    public Tally minus(Tally other) {
        return copy().merge(other, -1);
    }

    public Tally copy() {
        return new Tally().merge(this);
    }

    private Tally merge(Tally other, int sign) {
        for (Map.Entry<String, Counts> entry : other.measures.entrySet()) {
            of(entry.getKey()).addAll(entry.getValue(), sign);
        }
        return this;
    }

    public byte[] encode() {
        return TallyCodec.encode(measures);
    }

    public static Tally decode(byte[] bytes) {
        Tally tally = new Tally();
        TallyCodec.decode(bytes, tally);
        return tally;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Tally that && java.util.Arrays.equals(encode(), that.encode());
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(encode());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Tally{");
        measures.forEach((name, counts) -> {
            text.append(name).append('[');
            for (int bucket : counts.buckets()) {
                text.append(bucket).append(':').append(counts.get(bucket)).append(' ');
            }
            text.append("] ");
        });
        return text.append('}').toString();
    }
}
