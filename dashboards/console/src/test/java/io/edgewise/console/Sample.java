// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.grid.LogGrid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/// A synthetic rollout: the same seed gives the same rows.
public final class Sample {
    public static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    public static final Instant NOW = START.plusSeconds(437);
    public static final String ID = "01J9ZQ5V7Q8W4E2R6T1Y3M5N7P";
    public static final String OTHER = "01J9ZN2B6C8D4F1G3H5J7K9M2P";
    private static final long FIRST_MINUTE = START.getEpochSecond() / 60;
    private static final int CONTROL = 1;
    private static final int CANARY = 2;

    private Sample() {}

    public static List<Rows.PlanStage> plan() {
        return List.of(
                new Rows.PlanStage("shadow", 0, Duration.ofMinutes(2)),
                new Rows.PlanStage("1 %", 100, Duration.ofMinutes(2)),
                new Rows.PlanStage("10 %", 1_000, Duration.ofMinutes(4)),
                new Rows.PlanStage("100 %", 10_000, Duration.ZERO));
    }

    public static Rows.Rollout rollout(String id, String phase, int stage, Optional<String> outcome, String decision) {
        return new Rows.Rollout(
                "default",
                id,
                "voice-ivr-intent",
                "frontier-large",
                "edge-intent-int4",
                phase,
                stage,
                plan().get(stage).name(),
                plan().get(stage).shareBp(),
                4,
                plan(),
                START,
                START.plusSeconds(280),
                NOW.minusSeconds(4),
                outcome,
                decision);
    }

    public static Rows.Rollout canary() {
        return rollout(
                ID,
                "CANARY",
                2,
                Optional.empty(),
                "Raised the share from 1 % to 10 %: agreement is at least 87.1 % (floor 85 %) on 4,812 pairs from 64"
                        + " devices, and no guardrail is in breach.");
    }

    public static Rows.Rollout rolledBack() {
        return rollout(
                OTHER,
                "ROLLED_BACK",
                0,
                Optional.of("ROLLED_BACK"),
                "Rolled back: agreement is at most 71.4 % for the fleet, below the floor of 85 %. Evidence from 61"
                        + " device blocks; every device returns to the frontier.");
    }

    public static RolloutData data() {
        return new RolloutData(
                canary(),
                evidence(),
                slices(),
                false,
                windows(),
                verdicts(),
                decisions(),
                scores(),
                findings(),
                books(),
                List.of());
    }

    public static RolloutData rolledBackData() {
        return new RolloutData(
                rolledBack(),
                evidence().stream().filter(row -> row.stage() == 0).toList(),
                slices(),
                false,
                windows().stream().filter(row -> row.stage() == 0).toList(),
                List.of(
                        verdict(
                                "agreement",
                                "Agreement",
                                "BREACH",
                                0.684,
                                0.652,
                                0.714,
                                0.85,
                                "At most 71.4 % of pairs agree for the fleet: below the floor of 85 %.",
                                9.6),
                        verdict(
                                "error",
                                "Error rate",
                                "SAFE",
                                0.001,
                                0,
                                0.004,
                                0.01,
                                "At most 0.4 points above the control: within the limit of 1 point.",
                                -2)),
                decisions().subList(3, 5),
                List.of(),
                List.of(),
                books(),
                List.of());
    }

    public static RolloutData empty() {
        return new RolloutData(
                rollout(ID, "SHADOW", 0, Optional.empty(), "Started in shadow."),
                List.of(),
                List.of(),
                false,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new RolloutData.Books(List.of(), List.of()),
                List.of());
    }

    public static Tally traffic(SplittableRandom random, int requests, int cohort, double agreement) {
        Tally tally = new Tally();
        boolean canary = cohort == CANARY;
        for (int i = 0; i < requests; i++) {
            double edgeUs = 2_800 * Math.exp(random.nextGaussian() * 0.35);
            double cloudUs = 245_000 * Math.exp(random.nextGaussian() * 0.28);
            tally.add(Measures.REQUESTS, 0);
            tally.add(Measures.SERVED, canary ? 2 : 1);
            tally.add(Measures.ASSIGNED, 0);
            tally.add(Measures.USER_LATENCY, LogGrid.cell(canary ? edgeUs : cloudUs));
            tally.add(Measures.ARM_LATENCY + 2, LogGrid.cell(edgeUs));
            tally.add(Measures.USER_COST, 0, canary ? 11_000 : 412_000 + random.nextInt(40_000));
            tally.add(Measures.USER_COST, 1);
            tally.add(Measures.ATTEMPTS, 4);
            if (random.nextDouble() < 0.002) {
                tally.add(Measures.ATTEMPTS, 5);
                tally.add(Measures.ASSIGNED, 1, canary ? 1 : 0);
            }
            boolean agrees = random.nextDouble() < agreement;
            tally.add(Measures.PAIRS, agrees ? 0 : 1);
            int label = random.nextInt(10);
            tally.add("pairs.labels.1", label).add("pairs.labels.2", agrees ? label : (label + 1) % 10);
            if (random.nextInt(4) == 0) {
                truth(random, tally);
            }
        }
        return tally;
    }

    private static void truth(SplittableRandom random, Tally tally) {
        double confidence = Math.min(1, 1 - Math.abs(random.nextGaussian()) * 0.22);
        boolean right = random.nextDouble() < confidence - 0.03;
        int bin = Reliability.bin(Math.max(0, confidence));
        tally.add(Measures.CALIBRATION, 4 * bin);
        tally.add(Measures.CALIBRATION, 4 * bin + 1, right ? 1 : 0);
        tally.add(Measures.CALIBRATION, 4 * bin + 2, Math.round(Math.max(0, confidence) * 1e9));
        tally.add(Measures.TRUTH, 4);
        tally.add(Measures.TRUTH, 5, right ? 1 : 0);
    }

    public static List<Rows.Window> windows() {
        SplittableRandom random = new SplittableRandom(7);
        int[] stages = {0, 0, 1, 1, 2, 2, 2, 2};
        int[] canaries = {0, 0, 14, 16, 150, 168, 171, 90};
        List<Rows.Window> windows = new ArrayList<>();
        for (int i = 0; i < stages.length; i++) {
            double agreement = 0.875 + random.nextDouble() * 0.02;
            windows.add(new Rows.Window(
                    FIRST_MINUTE + i, stages[i], CONTROL, traffic(random, 1_500 - canaries[i], CONTROL, agreement)));
            if (canaries[i] > 0) {
                windows.add(new Rows.Window(
                        FIRST_MINUTE + i, stages[i], CANARY, traffic(random, canaries[i], CANARY, agreement)));
            }
        }
        return windows;
    }

    public static List<Rows.Evidence> evidence() {
        return windows().stream()
                .map(row -> new Rows.Evidence(row.stage(), row.cohort(), false, Rows.ALL, row.tally()))
                .toList();
    }

    public static List<Rows.Evidence> slices() {
        SplittableRandom random = new SplittableRandom(11);
        return List.of("class=kiosk", "class=phone", "class=speaker", "locale=de-DE", "locale=en-US").stream()
                .map(slice -> new Rows.Evidence(
                        2, CONTROL, false, slice, traffic(random, 900, CONTROL, 0.8 + random.nextDouble() * 0.12)))
                .toList();
    }

    public static List<Rows.Verdict> verdicts() {
        List<Rows.Verdict> all = new ArrayList<>(decided());
        all.addAll(live());
        return all;
    }

    private static List<Rows.Verdict> decided() {
        return List.of(
                verdict(
                        "agreement",
                        "Agreement",
                        "SAFE",
                        0.884,
                        0.871,
                        0.896,
                        0.85,
                        "At least 87.1 % of pairs agree for the fleet: above the floor of 85 %.",
                        -6.2),
                verdict(
                        "calibration",
                        "Calibration gap",
                        "UNDECIDED",
                        0.031,
                        0.008,
                        0.057,
                        0.05,
                        "The gap may still be above 5 points.",
                        1.9),
                verdict(
                        "cost",
                        "Cost per request",
                        "SAFE",
                        11_020,
                        10_800,
                        11_260,
                        450_000,
                        "The canary costs at most 0.011 per 1,000 requests: within the budget of 0.45.",
                        -11),
                verdict(
                        "error",
                        "Error rate",
                        "SAFE",
                        0.002,
                        0.0006,
                        0.0051,
                        0.01,
                        "At most 0.5 points above the control: within the limit of 1 point.",
                        -4.4));
    }

    private static List<Rows.Verdict> live() {
        return List.of(
                verdict(
                        "latency-p99",
                        "Latency p99",
                        "UNDECIDED",
                        0.0004,
                        0,
                        0.0135,
                        0.01,
                        "At most 1.35 % of canary requests take longer than 518 ms (1.4 times the control's p99).",
                        -0.7),
                verdict(
                        "refusal",
                        "Refusal difference",
                        "SAFE",
                        -0.004,
                        -0.021,
                        0.014,
                        0.05,
                        "At most 1.4 points more refusals than the champion: within the limit of 5 points.",
                        -5.1),
                new Rows.Verdict(
                        "win-share",
                        "Win share on disagreements",
                        "NO-EVIDENCE",
                        "for the fleet",
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.of(0.3),
                        0,
                        0,
                        OptionalLong.of(30),
                        OptionalLong.of(30),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        "No disagreement has been judged yet: 30 judged disagreements are needed.",
                        NOW));
    }

    private static Rows.Verdict verdict(
            String guardrail,
            String title,
            String verdict,
            double estimate,
            double low,
            double high,
            double threshold,
            String sentence,
            double evidence) {
        boolean undecided = verdict.equals("UNDECIDED");
        return new Rows.Verdict(
                guardrail,
                title,
                verdict,
                guardrail.equals("error") ? "on the requests served" : "for the fleet",
                OptionalDouble.of(estimate),
                OptionalDouble.of(low),
                OptionalDouble.of(high),
                OptionalDouble.of(threshold),
                4_812,
                64,
                undecided ? OptionalLong.of(1_940) : OptionalLong.empty(),
                undecided ? OptionalLong.of(12) : OptionalLong.empty(),
                OptionalDouble.of(evidence),
                OptionalDouble.of(8.9),
                sentence,
                NOW);
    }

    /// Newest first.
    public static List<Rows.Decision> decisions() {
        List<Rows.Decision> decisions = new ArrayList<>();
        decisions.add(decision(5, 280, "ADVANCED", "controller", 2, canary().lastDecision()));
        decisions.add(decision(4, 205, "VERDICT_CHANGED", "controller", 1, "Cost per request is now SAFE."));
        decisions.add(decision(
                3,
                122,
                "ADVANCED",
                "controller",
                1,
                "Raised the share from shadow to 1 %: agreement, refusal and errors are SAFE on 2,940 pairs."));
        decisions.add(decision(2, 61, "VERDICT_CHANGED", "controller", 0, "Agreement is now SAFE for the fleet."));
        decisions.add(decision(
                1,
                0,
                "STARTED",
                "operator ana",
                0,
                "Started in shadow: all traffic to both arms, the frontier answers. Needs about 1,900 pairs at the"
                        + " measured rate."));
        return decisions;
    }

    private static Rows.Decision decision(
            long number, long second, String kind, String actor, int stage, String sentence) {
        String hash = Etag.hex("decision " + number);
        return new Rows.Decision(
                number,
                START.plusSeconds(second),
                kind,
                actor,
                stage,
                plan().get(stage).shareBp(),
                sentence,
                hash);
    }

    public static List<Rows.Score> scores() {
        return List.of(
                score("confidence", 0.018, "none"),
                score("entropy", 0.042, "none"),
                score("text.length", 0.131, "warn"),
                score("text.tokens", 0.287, "act"),
                score("oov.share", 0.009, "none"));
    }

    private static Rows.Score score(String feature, double psi, String severity) {
        return new Rows.Score(
                feature,
                FIRST_MINUTE + 6,
                2_940,
                1_480,
                OptionalDouble.of(psi + 0.01),
                OptionalDouble.of(psi),
                severity,
                severity.equals("none") ? "UNDECIDED" : "BREACH",
                severity.equals("none") ? OptionalLong.of(640) : OptionalLong.of(0),
                new Rows.Shape(OptionalDouble.of(0.02 + psi), OptionalDouble.empty(), OptionalDouble.of(0.04)),
                new Rows.Missing(OptionalDouble.of(0), OptionalDouble.of(0.012), OptionalDouble.of(0.3)));
    }

    public static List<Rows.Finding> findings() {
        return List.of(
                new Rows.Finding(
                        "01F", "text.tokens", "act", FIRST_MINUTE + 5, OptionalLong.empty(), "PSI above 0.25."),
                new Rows.Finding(
                        "01G",
                        "text.length",
                        "warn",
                        FIRST_MINUTE + 3,
                        OptionalLong.of(FIRST_MINUTE + 6),
                        "PSI above 0.1: utterances are longer than in the baseline."));
    }

    public static RolloutData.Books books() {
        return new RolloutData.Books(
                List.of(
                        new Rows.Account("observation", 64, 12_031, 11_998, 4, 9, 12, 0, 37, 8, 0),
                        new Rows.Account("feedback", 64, 2_960, 2_960, 0, 0, 0, 0, 2, 0, 0)),
                List.of(
                        new Rows.Counter("dead_letter.decode", 3),
                        new Rows.Counter("dead_letter.not_finite", 6),
                        new Rows.Counter("duplicates", 37)));
    }
}
