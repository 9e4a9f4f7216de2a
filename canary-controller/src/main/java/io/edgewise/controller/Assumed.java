// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.statistics.planning.Goal;
import io.edgewise.statistics.planning.Law;
import io.edgewise.statistics.sequential.Exceedance;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;

/// What a plan's feasibility assumes of one guardrail: the value expected, its distribution, and the test it has to
/// pass.
record Assumed(Unit unit, Goal goal, Law law, String words, long labels) {
    /// Of the limit, how much a good build is expected to use up where nobody says.
    private static final double USUAL = 0.4;

    private static final double CONTROL_ERRORS = 0.005;
    private static final double TIES = 0.1;

    enum Unit {
        OBSERVATIONS("observations"),
        DEVICES("devices"),
        LABELS("labelled answers"),
        BLOCKS("evidence blocks of 10 s");

        private final String words;

        Unit(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    static Assumed of(Plan plan, Guardrail guardrail, Traffic traffic) {
        double alpha = plan.terms().alphaPromotion();
        double limit = guardrail.limit();
        double expected = traffic.expected().getOrDefault(guardrail.name(), usual(guardrail));
        return switch (guardrail.kind()) {
            case AGREEMENT ->
                paired(guardrail, traffic, alpha, Law.binary(1 - expected), Words.percent(expected) + " agreement");
            case REFUSAL ->
                paired(
                        guardrail,
                        traffic,
                        alpha,
                        Law.difference(Math.max(0, expected), Math.max(0, -expected)),
                        Words.points(expected));
            case WIN_SHARE ->
                paired(
                        guardrail,
                        traffic,
                        alpha,
                        Law.wins(expected, Math.min(TIES, expected)),
                        Words.percent(expected));
            case ERROR -> {
                double test = Math.min(1, limit + CONTROL_ERRORS);
                Goal goal = Goal.safe(alpha, safe(guardrail, new Baseline.ControlFailures(0, 0, CONTROL_ERRORS)));
                Law law = Law.binary(Math.min(test, expected));
                yield guardrail.safeForFleet()
                        ? new Assumed(Unit.DEVICES, goal, blocks(law, traffic), Words.percent(expected), 0)
                        : new Assumed(Unit.OBSERVATIONS, goal, law, Words.percent(expected) + " errors", 0);
            }
            case CALIBRATION ->
                new Assumed(
                        Unit.LABELS,
                        Goal.safe(alpha, Exceedance.safe()),
                        Law.binary(0),
                        "",
                        guardrail.looks().isEmpty() ? 0 : guardrail.looks().getFirst());
            case LATENCY_P99 ->
                new Assumed(
                        Unit.OBSERVATIONS,
                        Goal.safe(alpha, Exceedance.safe()),
                        Law.binary(expected),
                        Words.percent(expected) + " slower than the limit",
                        0);
            case COMPLETION, FEEDBACK, OUTPUT_LENGTH, LATENCY_P95, FIRST_TOKEN, CRASHES, BREAKERS, SILENCE -> {
                double allowed = Shares.allowed(guardrail, new Baseline.ControlFailures(0, 0, CONTROL_ERRORS));
                MeanTest test = new MeanTest(Purpose.SAFE, Side.BELOW, allowed, 0, 1);
                yield new Assumed(
                        guardrail.kind().isOfDevices() ? Unit.DEVICES : Unit.OBSERVATIONS,
                        Goal.safe(alpha, test),
                        Law.binary(Math.min(1, expected)),
                        Words.percent(expected) + " of them bad",
                        0);
            }
            case BIAS_GAP -> {
                // Two groups of half of the pairs each, at most this far apart.
                MeanTest test = new MeanTest(Purpose.SAFE, Side.BELOW, limit / 2, 0, 1);
                yield new Assumed(
                        Unit.OBSERVATIONS, Goal.safe(alpha, test), Law.binary(expected / 2), Words.points(expected), 0);
            }
            case SLICE_AGREEMENT, SLICE_REFUSAL, SLICE_ERROR, SLICE_LATENCY, SLICE_FIRST_TOKEN -> {
                // As for the largest slice there could be; smaller ones take as many times longer.
                boolean refusal = guardrail.kind() == GuardrailKind.SLICE_REFUSAL;
                boolean agreement = guardrail.kind() == GuardrailKind.SLICE_AGREEMENT;
                MeanTest test =
                        new MeanTest(Purpose.SAFE, Side.BELOW, SliceVerdict.bad(guardrail), refusal ? -1 : 0, 1);
                Law law = refusal
                        ? Law.difference(Math.max(0, expected), Math.max(0, -expected))
                        : Law.binary(agreement ? 1 - expected : Math.min(1, expected));
                yield new Assumed(
                        Unit.OBSERVATIONS, Goal.safe(alpha, test), law, Words.percent(expected) + " in one slice", 0);
            }
            case TRAFFIC_SPLIT -> {
                double share = Math.min(0.5, plan.shareBp(1) / 10_000.0);
                MeanTest test = new MeanTest(Purpose.SAFE, Side.BELOW, share * (1 + limit), 0, 1);
                yield new Assumed(
                        Unit.OBSERVATIONS, Goal.safe(alpha, test), Law.binary(share), Words.percent(share), 0);
            }
            case HOLDOUT -> throw new IllegalArgumentException("what comes of a holdout is no question of traffic");
            case COST, ENERGY -> {
                double cost = Math.min(expected, 2 * limit);
                yield new Assumed(
                        Unit.BLOCKS,
                        Goal.safe(alpha, safe(guardrail, new Baseline.Absolute())),
                        new Law(new double[] {cost}, new double[] {1}),
                        Words.amount(guardrail.kind(), expected),
                        0);
            }
        };
    }

    /// How many observations of a guardrail come per second.
    static double rate(Guardrail guardrail, Traffic traffic, double canary, double mirrored, double pairs) {
        return switch (guardrail.kind()) {
            case AGREEMENT, REFUSAL, BIAS_GAP, SLICE_AGREEMENT, SLICE_REFUSAL -> pairs;
            case WIN_SHARE -> pairs * (1 - agreement(traffic)) * traffic.truthShare();
            case CALIBRATION -> pairs * traffic.truthShare();
            case COMPLETION, OUTPUT_LENGTH, CRASHES, BREAKERS, SILENCE -> pairs;
            case FEEDBACK -> canary * traffic.truthShare();
            case ERROR, SLICE_ERROR -> canary + mirrored;
            case TRAFFIC_SPLIT -> canary > 0 ? traffic.requestsPerSecond() : 0;
            case HOLDOUT -> 0;
            case LATENCY_P99, COST, ENERGY, LATENCY_P95, FIRST_TOKEN, SLICE_LATENCY, SLICE_FIRST_TOKEN -> canary;
        };
    }

    private static double agreement(Traffic traffic) {
        return traffic.expected().getOrDefault("agreement", 0.9);
    }

    private static double usual(Guardrail guardrail) {
        double limit = guardrail.limit();
        return switch (guardrail.kind()) {
            case AGREEMENT, SLICE_AGREEMENT -> 1 - USUAL * (1 - limit);
            case REFUSAL, SLICE_REFUSAL, SLICE_ERROR -> USUAL * limit;
            case SLICE_LATENCY, SLICE_FIRST_TOKEN -> USUAL * Shares.BEYOND_P95;
            case ERROR -> CONTROL_ERRORS;
            case WIN_SHARE -> Math.min(0.95, limit + 0.15);
            case CALIBRATION, TRAFFIC_SPLIT, HOLDOUT -> 0;
            case LATENCY_P99 -> USUAL * Exceedance.SHARE;
            case COST, ENERGY, BIAS_GAP -> USUAL * limit;
            case COMPLETION, FEEDBACK, OUTPUT_LENGTH, LATENCY_P95, FIRST_TOKEN, CRASHES, BREAKERS, SILENCE ->
                USUAL * Shares.allowed(guardrail, new Baseline.ControlFailures(0, 0, CONTROL_ERRORS));
        };
    }

    private static Assumed paired(Guardrail guardrail, Traffic traffic, double alpha, Law law, String words) {
        Goal goal = Goal.safe(alpha, safe(guardrail, new Baseline.Absolute()));
        return guardrail.safeForFleet()
                ? new Assumed(Unit.DEVICES, goal, blocks(law, traffic), words, 0)
                : new Assumed(Unit.OBSERVATIONS, goal, law, words, 0);
    }

    private static Law blocks(Law law, Traffic traffic) {
        return law.ofDeviceBlocks(Measures.BLOCK_SIZE, traffic.correlation());
    }

    private static MeanTest safe(Guardrail guardrail, Baseline baseline) {
        return Instruments.of(guardrail, baseline).lines().stream()
                .filter(line -> line.claim() == Line.Claim.SAFE)
                .map(Line::test)
                .findFirst()
                .orElseThrow();
    }
}
