// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.planning.Delay;
import io.edgewise.statistics.planning.ExpectedDelay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Whether a plan can reach its verdicts in its time at the traffic that is expected, and what would do.
///
/// Refused is a gate SAFE that half of the good rollouts would not pass within the stage's longest time; warned of one
/// that more than a tenth would not pass. What a stage supplies is what came since the guardrail's process began.
public final class PlanCheck {
    private static final double UNLIKELY = 0.1;
    private static final double HALF = 0.5;

    private PlanCheck() {}

    public enum Level {
        OK,
        WARN,
        REFUSE
    }

    /// @param needed observations or devices, nine times of ten; -1 where none would do
    public record Finding(
            Level level, String path, String guardrail, long needed, long supplied, String unit, String sentence) {}

    /// Of every gate SAFE that is not waived.
    public static List<Finding> of(Plan plan, Traffic traffic) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < plan.stages().size(); i++) {
            stage(plan, traffic, i, findings);
        }
        return List.copyOf(findings);
    }

    public static Level worst(List<Finding> findings) {
        Level worst = Level.OK;
        for (Finding finding : findings) {
            worst = finding.level().compareTo(worst) > 0 ? finding.level() : worst;
        }
        return worst;
    }

    private static void stage(Plan plan, Traffic traffic, int number, List<Finding> findings) {
        Stage stage = plan.stage(number);
        String path = "stages[" + number + "]";
        least(plan, traffic, number, path, findings);
        if (number < plan.lastStage()) {
            champion(plan, traffic, number, path, findings);
        }
        for (Map.Entry<String, Gate> gate : stage.gates().entrySet()) {
            if (gate.getValue() != Gate.SAFE || plan.isWaived(gate.getKey())) {
                continue;
            }
            plan.guardrails().stream()
                    .filter(guardrail -> guardrail.name().equals(gate.getKey()))
                    // A holdout's answers come of its set and the devices' idle time.
                    .filter(guardrail -> guardrail.kind() != GuardrailKind.HOLDOUT)
                    .findFirst()
                    .ifPresent(guardrail ->
                            findings.add(gate(plan, traffic, number, guardrail, path + ".gates." + guardrail.name())));
        }
    }

    /// The minimum of observations within the longest time.
    private static void least(Plan plan, Traffic traffic, int number, String path, List<Finding> findings) {
        Stage stage = plan.stage(number);
        double rate = traffic.requestsPerSecond()
                * (number == 0 ? stage.pairingControlBp() / 10_000.0 : plan.shareBp(number) / 10_000.0);
        long supplied = (long) (rate * stage.maxSeconds());
        boolean enough = supplied >= stage.minObservations();
        findings.add(new Finding(
                enough ? Level.OK : Level.REFUSE,
                path + ".minObservations",
                "",
                stage.minObservations(),
                supplied,
                number == 0 ? "pairs" : "canary requests",
                "\"" + stage.name() + "\" brings about " + Words.count(supplied) + " of the "
                        + Words.count(stage.minObservations()) + (number == 0 ? " pairs" : " canary requests")
                        + " it asks for within " + Words.seconds(stage.maxSeconds()) + "."
                        + (enough ? "" : longer(stage, stage.minObservations(), rate))));
    }

    /// A step takes one answer of the champion at least, by a control's request or a pair; {@link Champion}. Told where
    /// it may be missing.
    private static void champion(Plan plan, Traffic traffic, int number, String path, List<Finding> findings) {
        Stage stage = plan.stage(number);
        double share = plan.shareBp(number) / 10_000.0;
        double asked = traffic.requestsPerSecond()
                * stage.maxSeconds()
                * (1 - share + share * stage.pairingCanaryBp() / 10_000.0);
        double nobody = StrictMath.exp(-asked);
        if (nobody > UNLIKELY) {
            findings.add(new Finding(
                    nobody > HALF ? Level.REFUSE : Level.WARN,
                    path + ".pairingCanaryBp",
                    "",
                    1,
                    (long) asked,
                    "requests of the champion",
                    "No step leads on from \"" + stage.name() + "\" before the champion has answered there, and within "
                            + Words.seconds(stage.maxSeconds()) + " it is asked about " + Words.number(asked)
                            + " times. Raise the stage's pairing, lower its share, or give it more time."));
        }
    }

    private static Finding gate(Plan plan, Traffic traffic, int number, Guardrail guardrail, String path) {
        Stage stage = plan.stage(number);
        Assumed assumed = Assumed.of(plan, guardrail, traffic);
        Supply supply = Supply.of(plan, traffic, guardrail, number, assumed.unit());
        String head = guardrail.kind().title() + " SAFE in \"" + stage.name() + "\"";
        if (assumed.unit() == Assumed.Unit.LABELS) {
            return judged(assumed.labels(), assumed.labels(), supply, stage, path, guardrail, head);
        }
        Delay delay = ExpectedDelay.of(assumed.goal(), assumed.law());
        if (delay.median().isEmpty()) {
            return new Finding(
                    Level.REFUSE,
                    path,
                    guardrail.name(),
                    -1,
                    supply.total(),
                    assumed.unit().words(),
                    head + " never comes at the value expected (" + assumed.words()
                            + "): it lies at the limit or beyond. Expect another value, or set another limit.");
        }
        return judged(
                delay.median().getAsLong(),
                delay.p90().orElse(delay.median().getAsLong()),
                supply,
                stage,
                path,
                guardrail,
                head + " at " + assumed.words());
    }

    private static Finding judged(
            long median, long p90, Supply supply, Stage stage, String path, Guardrail guardrail, String head) {
        Level level = supply.total() >= p90 ? Level.OK : supply.total() >= median ? Level.WARN : Level.REFUSE;
        String unit = supply.unit().words();
        String sentence = head + " takes about " + Words.count(p90) + " " + unit + " (half of the rollouts "
                + Words.count(median) + "); until its end there are about " + Words.count(supply.total()) + ".";
        if (level != Level.OK) {
            sentence += supply.unit() == Assumed.Unit.DEVICES
                    ? " More time does not help: the stage reaches " + Words.count(supply.total())
                            + " devices. Raise its share or pairing, ask NOT_BREACH here, or give the fleet at least "
                            + Words.count(supply.devicesFor(p90)) + " devices."
                    : longer(stage, p90 - supply.before(), supply.rate());
        }
        return new Finding(level, path, guardrail.name(), p90, supply.total(), unit, sentence);
    }

    private static String longer(Stage stage, long missing, double rate) {
        if (rate <= 0) {
            return " Nothing of the kind comes in this stage: raise its pairing, or ask NOT_BREACH here.";
        }
        double seconds = missing / rate;
        double factor = seconds / stage.maxSeconds();
        return " Give it " + Words.seconds((long) Math.ceil(seconds)) + " instead of "
                + Words.seconds(stage.maxSeconds()) + ", or " + Words.number(factor)
                + " times the traffic or the share, or ask NOT_BREACH here.";
    }
}
