// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.classification.WinShare;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.Quantiles;
import io.edgewise.statistics.sequential.DeviceBlocks;
import io.edgewise.statistics.sequential.Values;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the counters say, as values to bet on.
final class Readings {
    /// Cost cells between 0 and the cap.
    static final int COST_CELLS = 1_000;

    /// The measure in {@link Pools#derived()} that holds one entry per evidence block.
    static final String COST_BLOCKS = "cost.blocks";

    private static final int CHALLENGER = Role.ROLE_CHALLENGER_VALUE;
    private static final int GAP_CELLS = 200;
    private static final double CONFIDENCE_UNIT = 1e9;

    private Readings() {}

    /// Means of closed device blocks; `unit` is what one in a block's sum stands for.
    static Values blocks(Tally tally, String measure, double unit) {
        Counts counts = tally.read(measure);
        SortedMap<DeviceBlocks.Block, Long> table = new TreeMap<>();
        for (int bucket : counts.buckets()) {
            table.put(
                    new DeviceBlocks.Block(Measures.blockSize(bucket), Measures.blockSum(bucket)), counts.get(bucket));
        }
        return new DeviceBlocks(table).means(unit);
    }

    static Values disagreements(Pools pools) {
        return disagreements(pools.paired());
    }

    static Values disagreements(Tally pairs) {
        long disagree = pairs.get(Measures.PAIRS, 1);
        return Values.binary(disagree, pairs.get(Measures.PAIRS, 0) + disagree);
    }

    /// A pair without its challenger side does not agree.
    static Values disagreementsOrMissing(Pools pools) {
        Tally pairs = pools.paired();
        long disagree = pairs.get(Measures.PAIRS, 1) + pairs.get(Measures.PAIRS, 2);
        return Values.binary(disagree, pairs.get(Measures.PAIRS, 0) + disagree);
    }

    static Values refusals(Pools pools) {
        return refusals(pools.paired());
    }

    static Values refusals(Tally pairs) {
        return new Values(new double[] {-1, 0, 1}, new long[] {
            pairs.get(Measures.PAIR_REFUSALS, 1),
            Math.addExact(pairs.get(Measures.PAIR_REFUSALS, 0), pairs.get(Measures.PAIR_REFUSALS, 3)),
            pairs.get(Measures.PAIR_REFUSALS, 2)
        });
    }

    /// Every attempt of the challenger: as the arm that its cohort was assigned, and beside the champion.
    static Values failures(Pools pools) {
        long attempts =
                pools.canary().get(Measures.ASSIGNED, 0) + pools.control().get(Measures.ATTEMPTS, 2 * CHALLENGER);
        long failed =
                pools.canary().get(Measures.ASSIGNED, 1) + pools.control().get(Measures.ATTEMPTS, 2 * CHALLENGER + 1);
        return Values.binary(failed, attempts);
    }

    static Values failureBlocks(Pools pools) {
        return blocks(pools.control(), Measures.BLOCKS_ERROR, 1).plus(blocks(pools.canary(), Measures.BLOCKS_ERROR, 1));
    }

    static Values wins(Pools pools) {
        Tally pairs = pools.paired();
        return new WinShare(
                        pairs.get(Measures.WINS, 0),
                        pairs.get(Measures.WINS, 1),
                        pairs.get(Measures.WINS, 3),
                        pairs.get(Measures.WINS, 2))
                .values();
    }

    /// Confidence minus correctness of answers whose truth is known, to half a percent.
    static Values gaps(Pools pools) {
        Counts counts = pools.paired().read(Measures.CALIBRATION_GAP);
        int[] buckets = counts.buckets();
        double[] values = new double[buckets.length];
        long[] amounts = new long[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            int cell = buckets[i] / 2;
            int correct = buckets[i] % 2;
            values[i] = (cell + 0.5) / GAP_CELLS - correct;
            amounts[i] = counts.get(buckets[i]);
        }
        return new Values(values, amounts);
    }

    /// The control's requests that took longer than a cell: ones for these.
    static Values controlAbove(Pools pools, int cell) {
        Cells cells = latencies(pools.control());
        return Values.binary(Quantiles.above(cells, cell), cells.total() - cells.count(LogGrid.MISSING));
    }

    static Cells latencies(Tally tally) {
        Counts counts = tally.read(Measures.USER_LATENCY);
        int[] buckets = counts.buckets();
        return new Cells(buckets, Arrays.stream(buckets).mapToLong(counts::get).toArray());
    }

    /// How many of the device blocks that began have closed. Empty for what is not judged by blocks for SAFE.
    static Optional<DeviceBlocks.Completeness> completeness(GuardrailKind kind, Pools pools) {
        return switch (kind) {
            case AGREEMENT -> Optional.of(completeness(Measures.BLOCKS_DISAGREE_SAFE, pools.paired()));
            case REFUSAL -> Optional.of(completeness(Measures.BLOCKS_REFUSAL, pools.paired()));
            case WIN_SHARE -> Optional.of(completeness(Measures.BLOCKS_WINS, pools.paired()));
            case ERROR ->
                Optional.of(completeness(Measures.BLOCKS_ERROR, pools.control().plus(pools.canary())));
            case CALIBRATION,
                    LATENCY_P99,
                    COST,
                    ENERGY,
                    COMPLETION,
                    FEEDBACK,
                    OUTPUT_LENGTH,
                    LATENCY_P95,
                    FIRST_TOKEN,
                    CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> Optional.empty();
        };
    }

    private static DeviceBlocks.Completeness completeness(String measure, Tally tally) {
        return new DeviceBlocks.Completeness(
                tally.sum(measure), tally.get(Measures.BLOCKS_OPENED, Measures.blockPlace(measure)));
    }

    /// Answers with their confidence whose truth was told, in 15 bins.
    static Reliability reliability(Tally tally) {
        return reliability(tally, Measures.CALIBRATION);
    }

    /// The first such answer of each device: those of one device are not independent.
    static Reliability firstLabels(Tally tally) {
        return reliability(tally, Measures.CALIBRATION_FIRST);
    }

    private static Reliability reliability(Tally tally, String measure) {
        Counts counts = tally.read(measure);
        long[] n = new long[Reliability.BINS];
        long[] correct = new long[Reliability.BINS];
        double[] sums = new double[Reliability.BINS];
        for (int bin = 0; bin < Reliability.BINS; bin++) {
            n[bin] = counts.get(4 * bin);
            correct[bin] = counts.get(4 * bin + 1);
            sums[bin] = counts.get(4 * bin + 2) / CONFIDENCE_UNIT;
        }
        return new Reliability(n, correct, sums);
    }

    /// One entry per evidence block: its mean of what the measure sums, in cells of cap / 1,000, the last for means at
    /// or
    /// above the cap.
    static Tally blockMean(Pools block, String measure, double cap) {
        long sum = block.canary().get(measure, 0);
        long requests = block.canary().get(measure, 1);
        Tally derived = new Tally();
        if (requests > 0) {
            double share = sum / (double) requests / cap;
            derived.add(COST_BLOCKS, (int) Math.min(COST_CELLS, Math.floor(share * COST_CELLS)));
        }
        return derived;
    }

    /// Rounded down for BREACH, up for SAFE: never to the advantage of the claim.
    static Values costs(Pools pools, double cap, boolean up) {
        Counts counts = pools.derived().read(COST_BLOCKS);
        int[] buckets = counts.buckets();
        double[] values = new double[buckets.length];
        long[] amounts = new long[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            int cell = up ? Math.min(COST_CELLS, buckets[i] + 1) : buckets[i];
            values[i] = cap * cell / COST_CELLS;
            amounts[i] = counts.get(buckets[i]);
        }
        return new Values(values, amounts);
    }
}
