// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Role;
import io.edgewise.controller.Line.Claim;
import io.edgewise.controller.Line.Reading;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.Quantiles;
import io.edgewise.statistics.grid.ValueGrid;
import io.edgewise.statistics.sequential.ConfidenceSequence;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Guardrails that allow a share of requests, answers or pairs to be bad. They speak of the requests served, and come
/// back at once.
final class Shares {
    /// At most one request in twenty may be slower than a budget on its 95 % point.
    static final double BEYOND_P95 = 0.05;

    private static final double HALF = 0.5;
    private static final long FEWEST_THUMBS = 200;
    private static final long FEWEST_LENGTHS = 300;
    private static final double BOUND_ALPHA = 0.05;
    private static final int CHAMPION = Role.ROLE_CHAMPION_VALUE;
    private static final int CHALLENGER = Role.ROLE_CHALLENGER_VALUE;

    private Shares() {}

    static Instrument of(Guardrail guardrail, Baseline baseline) {
        List<Reading> readings = readings(guardrail, baseline);
        double allowed = allowed(guardrail, baseline);
        List<Line> lines = new java.util.ArrayList<>();
        for (Reading reading : readings) {
            lines.add(new Line(Claim.HARD_BREACH, new MeanTest(Purpose.BREACH, Side.ABOVE, allowed, 0, 1), reading));
        }
        for (Reading reading : readings) {
            lines.add(new Line(Claim.SAFE, new MeanTest(Purpose.SAFE, Side.BELOW, allowed, 0, 1), reading));
        }
        return new Instrument(baseline, List.copyOf(lines), readings.getFirst(), Optional.empty(), 0, 1);
    }

    /// The share that may be bad.
    static double allowed(Guardrail guardrail, Baseline baseline) {
        return switch (guardrail.kind()) {
            case COMPLETION -> 1 - guardrail.limit();
            case FEEDBACK ->
                Math.min(
                        0.999,
                        guardrail.limit()
                                + (baseline instanceof Baseline.ControlFailures control ? control.bound() : 0));
            case LATENCY_P95, FIRST_TOKEN -> BEYOND_P95;
            case OUTPUT_LENGTH -> HALF;
            case CRASHES, BREAKERS, SILENCE -> guardrail.limit();
            case AGREEMENT,
                    REFUSAL,
                    ERROR,
                    WIN_SHARE,
                    CALIBRATION,
                    LATENCY_P99,
                    COST,
                    ENERGY,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> throw new IllegalArgumentException(guardrail.kind() + " is no share of something bad");
        };
    }

    private static List<Reading> readings(Guardrail guardrail, Baseline baseline) {
        return switch (guardrail.kind()) {
            case COMPLETION -> List.of(Shares::incomplete);
            case FEEDBACK -> List.of(pools -> thumbs(pools.canary()));
            case LATENCY_P95 -> List.of(slower(Measures.USER_LATENCY, guardrail.limit()));
            case FIRST_TOKEN -> List.of(slower(Measures.USER_FIRST_TOKEN, guardrail.limit()));
            case OUTPUT_LENGTH -> lengths(baseline);
            case CRASHES, BREAKERS, SILENCE -> throw Totals.elsewhere(guardrail.kind());
            case AGREEMENT,
                    REFUSAL,
                    ERROR,
                    WIN_SHARE,
                    CALIBRATION,
                    LATENCY_P99,
                    COST,
                    ENERGY,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> throw new IllegalArgumentException(guardrail.kind() + " is no share of something bad");
        };
    }

    /// Of the pairs that were asked for, those without both sides.
    private static Values incomplete(Pools pools) {
        Tally pairs = pools.paired();
        long missing = pairs.get(Measures.PAIRS, 2) + pairs.get(Measures.PAIRS, 3);
        return Values.binary(missing, pairs.get(Measures.PAIRS, 0) + pairs.get(Measures.PAIRS, 1) + missing);
    }

    static Values thumbs(Tally tally) {
        long down = tally.get(Measures.THUMBS, 1);
        return Values.binary(down, tally.get(Measures.THUMBS, 0) + down);
    }

    /// Of the canary's requests that have such a time, those that took longer than the budget.
    private static Reading slower(String measure, double budgetUs) {
        return pools -> slower(pools.canary(), measure, budgetUs);
    }

    static Values slower(Tally tally, String measure, double budgetUs) {
        Cells cells = cells(tally, measure);
        return Values.binary(
                Quantiles.above(cells, LogGrid.cell(budgetUs)), cells.total() - cells.count(LogGrid.MISSING));
    }

    /// Of the challenger's answers, those longer than the baseline allows, and those shorter.
    private static List<Reading> lengths(Baseline baseline) {
        if (!(baseline instanceof Baseline.ChampionLength length)) {
            throw new IllegalArgumentException("output length is measured against the champion's, not " + baseline);
        }
        int longest = ValueGrid.cell(length.longest());
        int shortest = ValueGrid.cell(length.shortest());
        String measure = Measures.OUTPUT_LENGTH + CHALLENGER;
        return List.of(
                pools -> {
                    Cells cells = lengths(pools, measure);
                    return Values.binary(above(cells, longest), total(cells));
                },
                pools -> {
                    Cells cells = lengths(pools, measure);
                    return Values.binary(total(cells) - above(cells, shortest - 1), total(cells));
                });
    }

    private static Cells lengths(Pools pools, String measure) {
        return cells(pools.control().plus(pools.canary()), measure);
    }

    private static long above(Cells cells, int cell) {
        long above = 0;
        int[] at = cells.cells();
        long[] counts = cells.counts();
        for (int i = 0; i < at.length; i++) {
            above += !LogGrid.isApart(at[i]) && at[i] > cell ? counts[i] : 0;
        }
        return above;
    }

    private static long total(Cells cells) {
        long total = 0;
        int[] at = cells.cells();
        long[] counts = cells.counts();
        for (int i = 0; i < at.length; i++) {
            total += LogGrid.isApart(at[i]) ? 0 : counts[i];
        }
        return total;
    }

    /// Frozen from what came before the first block that is judged.
    static Optional<Baseline> freeze(Guardrail guardrail, Pools before) {
        return switch (guardrail.kind()) {
            case FEEDBACK -> control(thumbs(before.control()));
            case OUTPUT_LENGTH -> champion(guardrail, before);
            case COMPLETION, LATENCY_P95, FIRST_TOKEN -> Optional.of(new Baseline.Absolute());
            case AGREEMENT,
                    REFUSAL,
                    ERROR,
                    WIN_SHARE,
                    CALIBRATION,
                    LATENCY_P99,
                    COST,
                    ENERGY,
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

    private static Optional<Baseline> control(Values thumbs) {
        long n = thumbs.n();
        if (n < FEWEST_THUMBS) {
            return Optional.empty();
        }
        long down = Math.round(thumbs.mean() * n);
        double bound = ConfidenceSequence.bernoulli(down, n, BOUND_ALPHA).high();
        return Optional.of(new Baseline.ControlFailures(down, n, bound));
    }

    private static Optional<Baseline> champion(Guardrail guardrail, Pools before) {
        Cells cells = cells(before.control(), Measures.OUTPUT_LENGTH + CHAMPION);
        long total = total(cells);
        if (total < FEWEST_LENGTHS) {
            return Optional.empty();
        }
        int[] at = cells.cells();
        long[] counts = cells.counts();
        long seen = 0;
        double median = 0;
        for (int i = 0; i < at.length && 2 * seen < total; i++) {
            if (!LogGrid.isApart(at[i])) {
                seen += counts[i];
                median = ValueGrid.value(at[i]);
            }
        }
        double growth = 1 + guardrail.limit();
        return Optional.of(new Baseline.ChampionLength(total, median, median * growth, median / growth));
    }

    static String noBaseline(GuardrailKind kind) {
        return switch (kind) {
            case FEEDBACK -> "the control needs " + FEWEST_THUMBS + " thumbs first";
            case OUTPUT_LENGTH -> "the champion needs " + FEWEST_LENGTHS + " outputs with a length first";
            case AGREEMENT,
                    REFUSAL,
                    ERROR,
                    WIN_SHARE,
                    CALIBRATION,
                    LATENCY_P99,
                    COST,
                    ENERGY,
                    COMPLETION,
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
                    HOLDOUT -> "nothing was observed yet";
        };
    }

    static String limit(Guardrail guardrail, double allowed, Baseline baseline) {
        double limit = guardrail.limit();
        return switch (guardrail.kind()) {
            case COMPLETION -> "at least " + Words.chosen(limit) + " must be complete";
            case FEEDBACK ->
                "limit " + Words.percent(allowed) + ", " + Words.points(limit) + " over the control's bound";
            case LATENCY_P95 -> "at most 5 % may take longer than " + Words.micros(limit);
            case FIRST_TOKEN -> "at most 5 % may wait longer than " + Words.micros(limit);
            case OUTPUT_LENGTH ->
                baseline instanceof Baseline.ChampionLength length
                        ? "half of them must lie between " + Words.number(length.shortest()) + " and "
                                + Words.number(length.longest()) + ", around the champion's median "
                                + Words.number(length.median())
                        : "around the champion's median";
            case CRASHES, BREAKERS, SILENCE -> throw Totals.elsewhere(guardrail.kind());
            case AGREEMENT,
                    REFUSAL,
                    ERROR,
                    WIN_SHARE,
                    CALIBRATION,
                    LATENCY_P99,
                    COST,
                    ENERGY,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> Words.chosen(limit);
        };
    }

    private static Cells cells(Tally tally, String measure) {
        Counts counts = tally.read(measure);
        int[] buckets = counts.buckets();
        return new Cells(buckets, Arrays.stream(buckets).mapToLong(counts::get).toArray());
    }
}
