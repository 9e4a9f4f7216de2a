// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Measures;

/// What there will be of a guardrail's evidence until the end of a stage.
///
/// @param before what the stages before bring
/// @param rate per second in this stage
/// @param perDevice of the fleet's devices, the share that this stage reaches
record Supply(Assumed.Unit unit, long total, long before, double rate, double perDevice) {
    private static final double SECONDS_OF_A_BLOCK = 3_600;

    static Supply of(Plan plan, Traffic traffic, Guardrail guardrail, int number, Assumed.Unit unit) {
        int first = isOwn(plan, guardrail, number) ? number : 0;
        if (unit == Assumed.Unit.DEVICES) {
            double reached = 0;
            for (int i = first; i <= number; i++) {
                reached = Math.max(reached, reached(plan, traffic, guardrail, i));
            }
            return new Supply(unit, (long) (reached * traffic.devices()), 0, 0, reached);
        }
        double before = 0;
        for (int i = first; i < number; i++) {
            before += rate(plan, traffic, guardrail, i, unit) * plan.stage(i).maxSeconds();
        }
        double rate = rate(plan, traffic, guardrail, number, unit);
        return new Supply(unit, (long) (before + rate * plan.stage(number).maxSeconds()), (long) before, rate, 0);
    }

    /// What a stage's own pairs must show cannot come from the stages before; {@link OwnPairs}.
    private static boolean isOwn(Plan plan, Guardrail guardrail, int number) {
        boolean isOfPairs = switch (guardrail.kind()) {
            case AGREEMENT, REFUSAL, WIN_SHARE -> true;
            default -> false;
        };
        return isOfPairs
                && number > 0
                && plan.stages().stream().anyMatch(stage -> stage.hybrid().isPresent());
    }

    long devicesFor(long needed) {
        return perDevice <= 0 ? needed : (long) Math.ceil(needed / perDevice);
    }

    /// Of the devices, those that give a block in this stage: 20 observations, or what they have after an hour.
    private static double reached(Plan plan, Traffic traffic, Guardrail guardrail, int number) {
        Stage stage = plan.stage(number);
        if (rate(plan, traffic, guardrail, number, Assumed.Unit.OBSERVATIONS) <= 0) {
            return 0;
        }
        double share = plan.shareBp(number) / 10_000.0;
        boolean everyDevice = number == 0 || guardrail.kind().isPaired() && stage.pairingControlBp() > 0;
        double meeting = everyDevice ? 1 : 1 - StrictMath.pow(1 - share, traffic.unitsPerDevice());
        double each = rate(plan, traffic, guardrail, number, Assumed.Unit.OBSERVATIONS)
                * stage.maxSeconds()
                / Math.max(1, traffic.devices() * meeting);
        boolean closes = each >= Measures.BLOCK_SIZE || stage.maxSeconds() >= SECONDS_OF_A_BLOCK && each >= 1;
        return closes ? meeting : 0;
    }

    /// Per second, of the whole fleet.
    private static double rate(Plan plan, Traffic traffic, Guardrail guardrail, int number, Assumed.Unit unit) {
        Stage stage = plan.stage(number);
        double requests = traffic.requestsPerSecond();
        double share = plan.shareBp(number) / 10_000.0;
        double pairs = requests * (share * stage.pairingCanaryBp() + (1 - share) * stage.pairingControlBp()) / 10_000.0;
        if (unit == Assumed.Unit.BLOCKS) {
            return number == 0 ? 0 : 1.0 / EvidenceBlock.SECONDS;
        }
        if (unit == Assumed.Unit.LABELS) {
            return pairs * traffic.truthShare();
        }
        double mirrored = requests * (1 - share) * stage.pairingControlBp() / 10_000.0;
        return Assumed.rate(guardrail, traffic, requests * share, mirrored, pairs);
    }
}
