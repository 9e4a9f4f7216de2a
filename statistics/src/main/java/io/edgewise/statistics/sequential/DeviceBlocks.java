// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.special.Counts;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Closed blocks of devices: how many there are with n observations that sum to k.
///
/// Requests of one device resemble each other; betting on each of them alarms falsely for the luck of a few
/// devices. One bet per block on its mean is valid whatever happens inside: the mean of the blocks' means
/// is the fleet's, and blocks of different devices are independent. A block is the first [#SIZE]
/// observations of a device, or what it gave in an hour. The table is a multiset: merging is addition,
/// order is nothing, and so is the evidence from it.
///
/// Two things to know:
/// - Chatty devices close first. The mean of the blocks closed so far is the fleet's only when nearly all
///   blocks that were opened have closed: [#completeness]. Without that rule, where 30 % chatty devices fail
///   in 5 % and quiet ones in 20 %, a limit of 15 % is "shown" kept in all rollouts although the fleet's mean
///   is 15.5 %.
/// - Every block counts once, so where a device stops after a good answer (or goes on until it has one), the
///   mean of block means is not the rate of requests. Both are right, of different things: show
///   [#requestMean] beside it.
public record DeviceBlocks(SortedMap<Block, Long> table) {
    /// Observations of a full block.
    public static final int SIZE = 20;

    private static final DeviceBlocks EMPTY = new DeviceBlocks(new TreeMap<>());

    /// @param n observations, 1 to [#SIZE]
    /// @param sum of what was observed, in units; may be negative (differences)
    public record Block(int n, long sum) implements Comparable<Block> {
        private static final Comparator<Block> ORDER =
                Comparator.comparingInt(Block::n).thenComparingLong(Block::sum);

        public Block {
            if (n < 1 || n > SIZE) {
                throw new IllegalArgumentException(
                        "DeviceBlocks: a block of " + n + " observations; it closes with 1 to " + SIZE
                                + ". Devices without observations have no block.");
            }
        }

        @Override
        public int compareTo(Block other) {
            return ORDER.compare(this, other);
        }
    }

    public DeviceBlocks {
        SortedMap<Block, Long> copy = new TreeMap<>();
        for (Map.Entry<Block, Long> entry : table.entrySet()) {
            if (entry.getValue() < 0) {
                throw new IllegalArgumentException("DeviceBlocks: " + entry.getValue() + " times " + entry.getKey()
                        + "; counts must not be negative.");
            }
            if (entry.getValue() > 0) {
                copy.put(entry.getKey(), entry.getValue());
            }
        }
        table = Collections.unmodifiableSortedMap(copy);
    }

    public static DeviceBlocks empty() {
        return EMPTY;
    }

    /// So many blocks of n observations that sum to `sum`.
    public static DeviceBlocks of(int n, long sum, long blocks) {
        return new DeviceBlocks(new TreeMap<>(Map.of(new Block(n, sum), blocks)));
    }

    public DeviceBlocks plus(DeviceBlocks other) {
        SortedMap<Block, Long> sum = new TreeMap<>(table);
        other.table.forEach((block, count) -> sum.merge(block, count, Counts::add));
        return new DeviceBlocks(sum);
    }

    /// Closed blocks: one bet each.
    public long blocks() {
        return table.values().stream().reduce(0L, Counts::add);
    }

    /// How many of the blocks that were opened have closed.
    ///
    /// @param opened blocks that a device began, closed or not
    public Completeness completeness(long opened) {
        return new Completeness(blocks(), opened);
    }

    /// SAFE for the fleet needs nearly all opened blocks closed. A block closes within an hour, so it waits
    /// for an hour after the last devices joined in numbers.
    public record Completeness(long closed, long opened) {
        /// One in so many may still be open: 2 %.
        private static final long ONE_IN = 50;

        public Completeness {
            if (closed < 0 || opened < 0) {
                throw new IllegalArgumentException("DeviceBlocks: " + closed + " blocks closed of " + opened
                        + " opened; counts must not be negative.");
            }
        }

        /// closed / opened is at least 0.98. Nothing opened is not complete; neither are more closed than
        /// opened blocks, which cannot come from counting.
        public boolean allowsSafe() {
            return opened > 0 && closed <= opened && opened - closed <= opened / ONE_IN;
        }

        /// Blocks that must still close: none where [#allowsSafe].
        public long missing() {
            return Math.max(0, opened - opened / ONE_IN - closed);
        }
    }

    /// Observations in them.
    public long observations() {
        long all = 0;
        for (Map.Entry<Block, Long> entry : table.entrySet()) {
            all = Counts.add(all, Counts.times(entry.getKey().n(), entry.getValue()));
        }
        return all;
    }

    /// The mean over observations, each with weight one, of what is in the blocks: the request rate beside the
    /// mean of [#means]. NaN where there are none.
    ///
    /// @param unit what one in a sum stands for
    public double requestMean(double unit) {
        requireUnit(unit);
        double sum = 0;
        for (Map.Entry<Block, Long> entry : table.entrySet()) {
            sum += (double) entry.getValue() * entry.getKey().sum();
        }
        return sum * unit / observations();
    }

    /// The means of the blocks, each with weight one whatever its n: `sum · unit / n`.
    ///
    /// @param unit what one in a sum stands for (1 for events, 0.5 for half wins)
    public Values means(double unit) {
        requireUnit(unit);
        double[] means = new double[table.size()];
        long[] counts = new long[table.size()];
        int at = 0;
        for (Map.Entry<Block, Long> entry : table.entrySet()) {
            means[at] = entry.getKey().sum() * unit / entry.getKey().n();
            counts[at++] = entry.getValue();
        }
        return new Values(means, counts);
    }

    private static void requireUnit(double unit) {
        if (!Double.isFinite(unit)) {
            throw new IllegalArgumentException("DeviceBlocks: unit " + unit + " must be finite (1 for events).");
        }
    }
}
