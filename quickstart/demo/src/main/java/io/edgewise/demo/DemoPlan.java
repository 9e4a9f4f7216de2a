// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// The demo's plan. Its times are short and scaled by the speed; what the statistics ask for is neither.
public record DemoPlan(List<PlannedStage> stages, List<PlannedGuardrail> guardrails) {
    public static final int FULL_SHARE_BP = 10_000;
    public static final int FIRST_SHARE_BP = 100;
    public static final String AGREEMENT = "agreement";

    /// The demo's price card, in nano-units of USD per request.
    public static final long EDGE_PRICE_NANOS = 2_000;

    public static final long FRONTIER_PRICE_NANOS = 400_000;

    /// What serving a canary request may cost, fall-backs to the frontier included: a quarter of the frontier's price.
    static final long BUDGET_NANOS = 100_000;

    private static final int SECOND_SHARE_BP = 1_000;
    private static final String SAFE = "SAFE";
    private static final String NOT_BREACH = "NOT_BREACH";

    /// How much longer than planned a stage may take before the plan's policy acts.
    private static final int PATIENCE = 4;

    public DemoPlan {
        stages = List.copyOf(stages);
        guardrails = List.copyOf(guardrails);
    }

    public static DemoPlan at(double speed) {
        return new DemoPlan(stages(speed), watched());
    }

    private static List<PlannedGuardrail> watched() {
        return List.of(
                new PlannedGuardrail(AGREEMENT, "AGREEMENT", 0.85, OptionalDouble.of(0.5), 300),
                new PlannedGuardrail("refusal", "REFUSAL", 0.05, OptionalDouble.of(0.2), 300),
                new PlannedGuardrail("error", "ERROR", 0.01, OptionalDouble.of(0.1), 300),
                new PlannedGuardrail("win-share", "WIN_SHARE", 0.30, OptionalDouble.empty(), 30),
                new PlannedGuardrail("calibration", "CALIBRATION", 0.05, OptionalDouble.empty(), 100),
                new PlannedGuardrail("latency-p99", "LATENCY_P99", 0.40, OptionalDouble.empty(), 50),
                new PlannedGuardrail("cost", "COST", BUDGET_NANOS, OptionalDouble.empty(), 50));
    }

    private static List<PlannedStage> stages(double speed) {
        Map<String, String> pairs = Map.of(
                AGREEMENT,
                SAFE,
                "error",
                SAFE,
                "refusal",
                NOT_BREACH,
                "win-share",
                NOT_BREACH,
                "calibration",
                NOT_BREACH);
        Map<String, String> first = with(pairs, Map.of("latency-p99", NOT_BREACH, "cost", NOT_BREACH));
        Map<String, String> second = with(first, Map.of("latency-p99", SAFE));
        return List.of(
                stage("shadow", 0, 40 / speed, new Least(1_000, 30), new Pairing(0, FULL_SHARE_BP), pairs),
                stage("1 %", FIRST_SHARE_BP, 40 / speed, new Least(50, 5), new Pairing(FULL_SHARE_BP, 0), first),
                stage("10 %", SECOND_SHARE_BP, 60 / speed, new Least(500, 20), new Pairing(1_000, 0), second),
                stage("100 %", FULL_SHARE_BP, 0, new Least(300, 30), new Pairing(200, 0), first));
    }

    private record Least(long observations, int devices) {}

    private record Pairing(int canaryBp, int controlBp) {}

    private static PlannedStage stage(
            String name, int shareBp, double seconds, Least least, Pairing pairing, Map<String, String> gates) {
        Duration atLeast = Duration.ofSeconds(Math.round(seconds));
        return new PlannedStage(
                name,
                shareBp,
                atLeast,
                atLeast.plusSeconds(30).multipliedBy(PATIENCE),
                least.observations(),
                least.devices(),
                pairing.canaryBp(),
                pairing.controlBp(),
                gates);
    }

    /// The shortest time in which the plan can complete.
    public Duration shortest() {
        return stages.stream().map(PlannedStage::atLeast).reduce(Duration.ZERO, Duration::plus);
    }

    /// What each stage needs, at a measured request rate.
    public List<String> needs(double requestsPerSecond) {
        return stages.stream().map(stage -> stage.needs(requestsPerSecond)).toList();
    }

    private static Map<String, String> with(Map<String, String> gates, Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(gates);
        all.putAll(more);
        return all;
    }
}
