// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.grid.Quantiles;
import io.edgewise.statistics.sequential.Values;

/// What the counters say, as values to bet on.
final class Readings {
    /// Cost cells between 0 and the cap.
    static final int COST_CELLS = 1_000;

    /// The measure in {@link Pools#derived()} that holds one entry per evidence block.
    static final String COST_BLOCKS = "cost.blocks";

    private static final int CHALLENGER = Role.ROLE_CHALLENGER_VALUE;
    private static final int GAP_CELLS = 200;

    private Readings() {}

    /// Means of closed device blocks; `unit` is what one in a block's sum stands for.
    static Values blocks(Tally tally, String measure, double unit) {
        Counts counts = tally.read(measure);
        int[] buckets = counts.buckets();
        double[] values = new double[buckets.length];
        long[] amounts = new long[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            values[i] = Measures.blockSum(buckets[i]) * unit / Measures.blockSize(buckets[i]);
            amounts[i] = counts.get(buckets[i]);
        }
        return new Values(values, amounts);
    }

    static Values disagreements(Pools pools) {
        Tally pairs = pools.paired();
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
        Tally pairs = pools.paired();
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
        return new Values(new double[] {0, 0.5, 1}, new long[] {
            pairs.get(Measures.WINS, 1),
            Math.addExact(pairs.get(Measures.WINS, 2), pairs.get(Measures.WINS, 3)),
            pairs.get(Measures.WINS, 0)
        });
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

    static Values slower(Pools pools, int tauCell) {
        io.edgewise.statistics.grid.Cells cells = Baseline.cells(pools.canary().read(Measures.USER_LATENCY));
        return Values.binary(Quantiles.above(cells, tauCell), cells.total());
    }

    /// One entry per evidence block: its mean cost in cells of cap / 1,000, the last for means at or above the cap.
    static Tally costBlock(Pools block, double cap) {
        long nanos = block.canary().get(Measures.USER_COST, 0);
        long priced = block.canary().get(Measures.USER_COST, 1);
        Tally derived = new Tally();
        if (priced > 0) {
            double share = nanos / (double) priced / cap;
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
