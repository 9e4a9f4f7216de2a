// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Labels of an open set with bounds of their counts, in memory for `capacity` labels.
///
/// Misra and Gries 1982, merged as Agarwal et al. ("Mergeable summaries", PODS 2012): where more than
/// `capacity` labels would be held, the count of rank capacity + 1 is taken from all, and what is left with
/// nothing is dropped. All that was ever taken from one label is at most [#error()], and `error() <=
/// (total() - held) / (capacity + 1)`, over any tree of merges. Ties need no rule: equal counts are dropped
/// together.
///
/// While at most `capacity` different labels came, all counts are exact and merges associative bit for bit.
/// Beyond, merges commute and the bounds hold, but another tree may leave other bounds.
///
/// Own code because the frequent-items sketch of DataSketches purges by a sampled median in the order of
/// its hash table: its bytes depend on the order of arrival and of merges even where the contents are the
/// same.
public final class HeavyHitters extends Accumulator<HeavyHitters> {
    public static final int LARGEST_CAPACITY = 1 << 20;

    private static final Kind KIND = Kind.HEAVY_HITTERS;

    /// A label was counted at least `lower` and at most `upper` times.
    public record Bounds(String label, long lower, long upper) {}

    private final int capacity;
    private final Map<String, Long> held;
    private long total;
    private long error;

    public HeavyHitters(int capacity) {
        this(capacity, new HashMap<>());
        if (capacity < 1 || capacity > LARGEST_CAPACITY) {
            throw KIND.fault("capacity " + capacity + " must be from 1 to " + LARGEST_CAPACITY + " labels.");
        }
    }

    private HeavyHitters(int capacity, Map<String, Long> held) {
        this.capacity = capacity;
        this.held = held;
    }

    public void add(String label) {
        add(label, 1);
    }

    public void add(String label, long times) {
        KIND.requireCount(times);
        if (times == 0) {
            return;
        }
        if (!held.containsKey(label)) {
            Labels.require(KIND, label);
        }
        total = KIND.plus(total, times);
        held.merge(label, times, Long::sum);
        shrink();
    }

    /// At most n / (capacity + 1) times in n observations, so a constant number of steps for each.
    private void shrink() {
        if (held.size() <= capacity) {
            return;
        }
        long[] counts = held.values().stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(counts);
        long taken = counts[counts.length - 1 - capacity];
        held.values().removeIf(count -> count <= taken);
        held.replaceAll((label, count) -> count - taken);
        error += taken;
    }

    public int capacity() {
        return capacity;
    }

    /// All observations, exactly.
    public long total() {
        return total;
    }

    /// Upper bound of a label that is not held, and the width of all bounds; 0 while counts are exact.
    public long error() {
        return error;
    }

    /// Of any label, held or not.
    public Bounds bounds(String label) {
        return bounds(label, held.getOrDefault(label, 0L));
    }

    private Bounds bounds(String label, long lower) {
        return new Bounds(label, lower, Math.min(lower + error, total));
    }

    /// The labels of the highest bounds, highest first, equal ones in String order. Every label that was
    /// counted more than [#error()] times is held.
    public List<Bounds> top(int most) {
        return held.entrySet().stream()
                .map(entry -> bounds(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Bounds::lower).reversed().thenComparing(Bounds::label))
                .limit(most)
                .toList();
    }

    @Override
    public void merge(HeavyHitters other) {
        if (other.capacity != capacity) {
            throw KIND.fault("capacities " + capacity + " and " + other.capacity
                    + " do not merge; give both sides the same one.");
        }
        total = KIND.plus(total, other.total);
        error += other.error;
        Map.copyOf(other.held).forEach((label, count) -> held.merge(label, count, Long::sum));
        shrink();
    }

    @Override
    public HeavyHitters copy() {
        HeavyHitters copy = new HeavyHitters(capacity, new HashMap<>(held));
        copy.total = total;
        copy.error = error;
        return copy;
    }

    @Override
    public byte[] encode() {
        Encoder encoder = new Encoder(KIND).count(capacity).count(total).count(error);
        Labels.write(encoder, new TreeMap<>(held));
        return encoder.bytes();
    }

    public static HeavyHitters decode(byte[] bytes) {
        Decoder decoder = new Decoder(KIND, bytes);
        int capacity = decoder.atMost(LARGEST_CAPACITY, "capacity");
        long total = decoder.count();
        long error = decoder.count();
        Map<String, Long> held = Labels.read(decoder);
        decoder.end();
        long sum = Labels.total(KIND, held);
        if (capacity == 0 || held.size() > capacity) {
            throw decoder.fault(held.size() + " labels in a capacity of " + capacity);
        }
        if (!possible(capacity, BigInteger.valueOf(total - sum), BigInteger.valueOf(error))) {
            throw decoder.fault("error " + error + " cannot come of " + total + " observations with " + sum
                    + " of them held in " + capacity + " labels");
        }
        HeavyHitters hitters = new HeavyHitters(capacity, new HashMap<>(held));
        hitters.total = total;
        hitters.error = error;
        return hitters;
    }

    /// What was taken came from at least capacity + 1 labels at a time, and at most 2 capacity (merging two
    /// full ones).
    private static boolean possible(int capacity, BigInteger taken, BigInteger error) {
        return taken.signum() >= 0
                && taken.compareTo(error.multiply(BigInteger.valueOf(capacity + 1L))) >= 0
                && taken.compareTo(error.multiply(BigInteger.valueOf(2L * capacity))) <= 0;
    }

    @Override
    public String toString() {
        return "HeavyHitters[" + total + " observations, error " + error + ", top " + top(3) + "]";
    }
}
