// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one request adds, measure by measure ({@link Measures} says what each means).
///
/// An arm failed when it has an error code or its output was found invalid. A pair is a request selected for pairing
/// before routing, or one that met the frontier by escalation (a stratum of its own); a champion's answer that only
/// came as a fall-back makes no pair. An arm that the device shed under its own pressure was not attempted: it is
/// missing.
final class ObservationCounts {
    private static final String SHED = "shed";
    private static final int MOST_FEATURE_NAMES = 10_000;

    private final Map<String, String> featureMeasures = new HashMap<>();

    void read(Observation observation, Reading reading) {
        reading.clear();
        Delta counts = reading.shared();
        counts.add(Measures.REQUESTS, 0);
        route(observation, counts);
        counts.add(Measures.USER_LATENCY, LogGrid.cell((double) observation.getServedLatencyUs()));
        if (observation.hasServedCost()) {
            counts.add(Measures.USER_COST, 0, observation.getServedCost().getNanos());
            counts.add(Measures.USER_COST, 1);
            reading.cost(observation.getServedCost().getNanos());
        }
        for (Arm arm : observation.getArmsList()) {
            if (!shed(arm)) {
                arm(arm, counts, reading);
            }
        }
        Arm champion = attempt(observation, Role.ROLE_CHAMPION);
        Arm challenger = attempt(observation, Role.ROLE_CHALLENGER);
        assigned(observation.getCohort() == Cohort.COHORT_CANARY ? challenger : champion, observation, counts);
        if (challenger != null && (champion != null || observation.getCohort() == Cohort.COHORT_CANARY)) {
            reading.step(BlockKind.ERROR, failed(challenger) ? 1 : 0);
        }
        if (observation.getPairingSelected() || observation.getEscalated()) {
            pair(observation, champion, challenger, reading);
        }
        if (challenger != null && !failed(challenger)) {
            features(observation, challenger, reading.windowOnly());
        }
    }

    private static void route(Observation observation, Delta counts) {
        int served = observation.getServedValue();
        boolean answered = served >= Role.ROLE_CHAMPION_VALUE && served <= Role.ROLE_REFERENCE_VALUE;
        if (answered) {
            counts.add(Measures.SERVED, served);
        }
        boolean detour = switch (observation.getCohort()) {
            case COHORT_CANARY -> answered && served != Role.ROLE_CHALLENGER_VALUE;
            case COHORT_CONTROL -> answered && served != Role.ROLE_CHAMPION_VALUE;
            case COHORT_UNSPECIFIED, UNRECOGNIZED ->
                !observation.getFallbackReason().isEmpty();
        };
        if (detour) {
            counts.add(Measures.DETOURS, 0);
        }
        if (observation.getEscalated()) {
            counts.add(Measures.DETOURS, 1);
        }
        if (observation.getOffline()) {
            counts.add(Measures.DETOURS, 2);
        }
    }

    private static void arm(Arm arm, Delta counts, Reading reading) {
        int role = arm.getRoleValue();
        counts.add(Measures.ATTEMPTS, 2 * role);
        if (failed(arm)) {
            counts.add(Measures.ATTEMPTS, 2 * role + 1);
        }
        if (hasRefusalClass(arm)) {
            counts.add(Measures.REFUSALS, 2 * role);
            if (refused(arm)) {
                counts.add(Measures.REFUSALS, 2 * role + 1);
            }
        }
        if (arm.getErrorCode().isEmpty()) {
            counts.add(latencyMeasure(role), LogGrid.cell((double) arm.getLatencyUs()));
        }
        if (arm.hasCost()) {
            counts.add(Measures.ARM_COST, 2 * role, arm.getCost().getNanos());
            counts.add(Measures.ARM_COST, 2 * role + 1);
            reading.cost(arm.getCost().getNanos());
        }
        if (arm.hasTokensIn() || arm.hasTokensOut()) {
            counts.add(Measures.TOKENS, 4 * role, arm.getTokensIn());
            counts.add(Measures.TOKENS, 4 * role + 1, arm.getTokensOut());
            counts.add(Measures.TOKENS, 4 * role + 2);
        }
    }

    private static void assigned(@Nullable Arm arm, Observation observation, Delta counts) {
        if (arm == null || observation.getCohort() == Cohort.COHORT_UNSPECIFIED) {
            return;
        }
        counts.add(Measures.ASSIGNED, 0);
        if (failed(arm)) {
            counts.add(Measures.ASSIGNED, 1);
        }
    }

    /// Missing data is never agreement: answers that could not be compared count like a missing challenger.
    private static void pair(
            Observation observation, @Nullable Arm champion, @Nullable Arm challenger, Reading reading) {
        Delta counts = reading.shared();
        if (champion == null || failed(champion)) {
            counts.add(Measures.PAIRS, 3);
            return;
        }
        if (challenger == null || failed(challenger) || !observation.hasComparison()) {
            counts.add(Measures.PAIRS, 2);
            reading.step(BlockKind.DISAGREE_SAFE, 1);
            return;
        }
        boolean agrees = observation.getComparison().getAgrees();
        counts.add(Measures.PAIRS, agrees ? 0 : 1);
        reading.step(BlockKind.DISAGREE_SAFE, agrees ? 0 : 1);
        reading.step(BlockKind.DISAGREE, agrees ? 0 : 1);
        if (hasRefusalClass(champion) && hasRefusalClass(challenger)) {
            int championRefused = refused(champion) ? 1 : 0;
            int challengerRefused = refused(challenger) ? 1 : 0;
            counts.add(Measures.PAIR_REFUSALS, championRefused + 2 * challengerRefused);
            reading.step(BlockKind.REFUSAL, challengerRefused - championRefused);
        }
        if (challenger.hasConfidence()) {
            Confidence.calibrate(Measures.AGREEMENT_CALIBRATION, challenger.getConfidence(), agrees, counts);
        }
    }

    private void features(Observation observation, Arm challenger, Delta counts) {
        if (challenger.hasConfidence()) {
            counts.add(Measures.CONFIDENCE, UnitGrid.cell(Confidence.clip(challenger.getConfidence())));
        }
        if (challenger.hasEntropy()) {
            counts.add(Measures.ENTROPY, LogGrid.cell(challenger.getEntropy()));
        }
        if (observation.getFeaturesCount() > 0) {
            for (Map.Entry<String, Double> feature :
                    observation.getFeaturesMap().entrySet()) {
                counts.add(featureMeasure(feature.getKey()), ValueGrid.cell(feature.getValue()));
            }
        }
    }

    private String featureMeasure(String feature) {
        if (featureMeasures.size() > MOST_FEATURE_NAMES) {
            featureMeasures.clear();
        }
        return featureMeasures.computeIfAbsent(feature, name -> Measures.FEATURE + name);
    }

    private static String latencyMeasure(int role) {
        return switch (role) {
            case Role.ROLE_CHAMPION_VALUE -> Measures.ARM_LATENCY + Role.ROLE_CHAMPION_VALUE;
            case Role.ROLE_CHALLENGER_VALUE -> Measures.ARM_LATENCY + Role.ROLE_CHALLENGER_VALUE;
            case Role.ROLE_REFERENCE_VALUE -> Measures.ARM_LATENCY + Role.ROLE_REFERENCE_VALUE;
            default -> throw new IllegalArgumentException("an arm of role " + role + " passed validation");
        };
    }

    private static boolean failed(Arm arm) {
        return !arm.getErrorCode().isEmpty() || arm.hasSchemaValid() && !arm.getSchemaValid();
    }

    private static boolean shed(Arm arm) {
        return arm.getErrorCode().equals(SHED);
    }

    private static boolean hasRefusalClass(Arm arm) {
        return arm.getRefusal() != Refusal.REFUSAL_UNSPECIFIED && arm.getRefusal() != Refusal.UNRECOGNIZED;
    }

    private static boolean refused(Arm arm) {
        return arm.getRefusal() == Refusal.REFUSAL_REFUSED;
    }

    /// Null when the arm was not tried.
    private static @Nullable Arm attempt(Observation observation, Role role) {
        for (Arm arm : observation.getArmsList()) {
            if (arm.getRole() == role && !shed(arm)) {
                return arm;
            }
        }
        return null;
    }
}
