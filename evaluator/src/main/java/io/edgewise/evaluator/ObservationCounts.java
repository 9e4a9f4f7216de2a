// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Role;
import io.edgewise.evaluator.wire.Answer;
import io.edgewise.evaluator.wire.Request;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;
import org.jspecify.annotations.Nullable;

/// What one request adds, measure by measure ({@link Measures} says what each means).
///
/// An arm failed when it has an error code or its output was found invalid. A pair is a request selected
/// for pairing before routing, or one that met the frontier by escalation (a stratum of its own); a
/// champion's answer that only came as a fall-back makes no pair. An arm that the device shed under its own
/// pressure was not attempted: it is missing. One that the app stopped waiting for failed, in either
/// cohort: a model that hangs must not look better than one that errs.
final class ObservationCounts {
    private static final String SHED = "shed";
    private static final int CHAMPION = Role.ROLE_CHAMPION_VALUE;
    private static final int CHALLENGER = Role.ROLE_CHALLENGER_VALUE;
    private static final int ROLES = Role.ROLE_REFERENCE_VALUE + 1;
    private static final int CONTROL = Cohort.COHORT_CONTROL_VALUE;
    private static final int CANARY = Cohort.COHORT_CANARY_VALUE;
    private static final double NANO = 1e9;

    private final MeasureTable table;
    private final Calibration agreement;
    private final int requests;
    private final int served;
    private final int detours;
    private final int attempts;
    private final int assigned;
    private final int refusals;
    private final int userLatency;
    private final int userFirstToken;
    private final int userCost;
    private final int userEnergy;
    private final int armCost;
    private final int tokens;
    private final int pairs;
    private final int score;
    private final int pairRefusals;
    private final int arrival;
    private final int confidence;
    private final int entropy;
    private final int[] armLatency = new int[ROLES];
    private final int[] armFirstToken = new int[ROLES];
    private final int[] outputLength = new int[ROLES];
    private final int[] pairLabels = new int[ROLES];

    ObservationCounts(MeasureTable table) {
        this.table = table;
        this.agreement = new Calibration(table.number(Measures.AGREEMENT_CALIBRATION));
        requests = table.number(Measures.REQUESTS);
        served = table.number(Measures.SERVED);
        detours = table.number(Measures.DETOURS);
        attempts = table.number(Measures.ATTEMPTS);
        assigned = table.number(Measures.ASSIGNED);
        refusals = table.number(Measures.REFUSALS);
        userLatency = table.number(Measures.USER_LATENCY);
        userFirstToken = table.number(Measures.USER_FIRST_TOKEN);
        userCost = table.number(Measures.USER_COST);
        userEnergy = table.number(Measures.USER_ENERGY);
        armCost = table.number(Measures.ARM_COST);
        tokens = table.number(Measures.TOKENS);
        pairs = table.number(Measures.PAIRS);
        score = table.number(Measures.AGREEMENT_SCORE);
        pairRefusals = table.number(Measures.PAIR_REFUSALS);
        arrival = table.shownOnly(Measures.ARRIVAL);
        confidence = table.shownOnly(Measures.CONFIDENCE);
        entropy = table.shownOnly(Measures.ENTROPY);
        for (int role = CHAMPION; role < ROLES; role++) {
            armLatency[role] = table.number(Measures.ARM_LATENCY + role);
            armFirstToken[role] = table.number(Measures.ARM_FIRST_TOKEN + role);
            outputLength[role] = table.shownOnly(Measures.OUTPUT_LENGTH + role);
            pairLabels[role] = table.number(Measures.PAIR_LABELS + role);
        }
    }

    /// All arms that ran on the device and said so.
    private void energy(Request request, Delta counts) {
        long sum = 0;
        boolean known = false;
        for (int i = 0; i < request.arms(); i++) {
            if (request.arm(i).hasEnergy()) {
                known = true;
                sum += request.arm(i).energyUj();
            }
        }
        if (known) {
            counts.add(userEnergy, 0, sum);
            counts.add(userEnergy, 1);
        }
    }

    void read(Request request, long appendTimeMs, Reading reading) {
        reading.clear();
        Delta counts = reading.counts();
        counts.add(requests, 0);
        route(request, counts);
        // Who would be in the canary, and met the champion because nobody said to go on, says nothing of the
        // challenger.
        boolean isLive = request.cohort() != CANARY || !request.isAfterLease();
        if (isLive) {
            counts.add(userLatency, LogGrid.cell((double) request.latencyUs()));
        }
        counts.add(arrival, LogGrid.cell((double) (appendTimeMs - request.eventTimeMs())));
        if (isLive && request.hasFirstToken()) {
            counts.add(userFirstToken, LogGrid.cell((double) request.firstTokenUs()));
        }
        if (request.hasCost()) {
            if (isLive) {
                counts.add(userCost, 0, request.costNanos());
                counts.add(userCost, 1);
            }
            reading.cost(request.costNanos());
        }
        for (int i = 0; i < request.arms(); i++) {
            if (!isShed(request.arm(i))) {
                arm(request.arm(i), counts, reading);
            }
        }
        if (isLive) {
            energy(request, counts);
        }
        Answer champion = attempt(request, CHAMPION);
        Answer challenger = attempt(request, CHALLENGER);
        boolean inCanary = request.cohort() == CANARY;
        assigned(inCanary ? challenger : champion, request, counts);
        if (challenger != null && (champion != null || inCanary)) {
            reading.step(BlockKind.ERROR, challenger.failed() ? 1 : 0);
        }
        if (request.isPairingSelected() || request.isEscalated()) {
            pair(request, champion, challenger, reading);
        }
        if (challenger != null && !challenger.failed()) {
            features(request, challenger, counts);
        }
    }

    private void route(Request request, Delta counts) {
        int by = request.served();
        boolean answered = by >= CHAMPION && by < ROLES;
        if (answered) {
            counts.add(served, by);
        }
        boolean isDetour = switch (request.cohort()) {
            case CANARY -> answered && by != CHALLENGER;
            case CONTROL -> answered && by != CHAMPION;
            default -> request.hasFallbackReason();
        };
        if (isDetour) {
            counts.add(detours, 0);
        }
        // Beside a control's answer the edge's was doubted too, but nobody was led elsewhere.
        if (request.isEscalated() && request.cohort() == CANARY) {
            counts.add(detours, 1);
        }
        if (request.isOffline()) {
            counts.add(detours, 2);
        }
    }

    private void arm(Answer arm, Delta counts, Reading reading) {
        int role = arm.role();
        counts.add(attempts, 2 * role);
        if (arm.failed()) {
            counts.add(attempts, 2 * role + 1);
        }
        if (arm.hasRefusalClass()) {
            counts.add(refusals, 2 * role);
            if (arm.refused()) {
                counts.add(refusals, 2 * role + 1);
            }
        }
        if (arm.errorCode().isEmpty()) {
            counts.add(armLatency[role], LogGrid.cell((double) arm.latencyUs()));
            if (arm.hasFirstToken()) {
                counts.add(armFirstToken[role], LogGrid.cell((double) arm.firstTokenUs()));
            }
            if (arm.hasOutputLength()) {
                counts.add(outputLength[role], ValueGrid.cell((double) arm.outputLength()));
            }
        }
        if (arm.hasCost()) {
            counts.add(armCost, 2 * role, arm.costNanos());
            counts.add(armCost, 2 * role + 1);
            reading.cost(arm.costNanos());
        }
        if (arm.hasTokens()) {
            counts.add(tokens, 4 * role, arm.tokensIn());
            counts.add(tokens, 4 * role + 1, arm.tokensOut());
            counts.add(tokens, 4 * role + 2);
            counts.add(tokens, 4 * role + 3, arm.latencyUs());
        }
    }

    private void assigned(@Nullable Answer arm, Request request, Delta counts) {
        if (arm == null || request.cohort() != CANARY && request.cohort() != CONTROL) {
            return;
        }
        counts.add(assigned, 0);
        if (arm.failed()) {
            counts.add(assigned, 1);
        }
    }

    /// Missing data is never agreement: answers that could not be compared count like a missing challenger.
    private void pair(Request request, @Nullable Answer champion, @Nullable Answer challenger, Reading reading) {
        Delta counts = reading.counts();
        if (champion == null || champion.failed()) {
            counts.add(pairs, 3);
            return;
        }
        if (challenger == null || challenger.failed() || !request.hasComparison()) {
            counts.add(pairs, 2);
            reading.step(BlockKind.DISAGREE_SAFE, 1);
            return;
        }
        boolean agrees = request.agrees();
        counts.add(pairs, agrees ? 0 : 1);
        if (!agrees) {
            reading.disagree();
        }
        counts.add(score, 0, Math.round(Math.min(1, request.agreement()) * NANO));
        counts.add(score, 1);
        if (!champion.label().isEmpty() && !challenger.label().isEmpty()) {
            counts.add(pairLabels[CHAMPION], champion.label().labelBucket());
            counts.add(pairLabels[CHALLENGER], challenger.label().labelBucket());
        }
        reading.step(BlockKind.DISAGREE_SAFE, agrees ? 0 : 1);
        reading.step(BlockKind.DISAGREE, agrees ? 0 : 1);
        if (champion.hasRefusalClass() && challenger.hasRefusalClass()) {
            int championRefused = champion.refused() ? 1 : 0;
            int challengerRefused = challenger.refused() ? 1 : 0;
            counts.add(pairRefusals, championRefused + 2 * challengerRefused);
            reading.step(BlockKind.REFUSAL, challengerRefused - championRefused);
        }
        if (challenger.hasConfidence() && !challenger.isUnnormalised()) {
            agreement.add(challenger.confidence(), agrees, counts);
        }
    }

    private void features(Request request, Answer challenger, Delta counts) {
        if (challenger.hasConfidence()) {
            counts.add(confidence, UnitGrid.cell(Confidence.clip(challenger.confidence())));
        }
        if (challenger.hasEntropy()) {
            counts.add(entropy, LogGrid.cell(challenger.entropy()));
        }
        for (int i = 0; i < request.features(); i++) {
            counts.add(
                    table.feature(request.tenant(), request.featureName(i)), ValueGrid.cell(request.featureValue(i)));
        }
    }

    private static boolean isShed(Answer arm) {
        return arm.errorCode().text().equals(SHED);
    }

    /// Null when the arm was not tried.
    private static @Nullable Answer attempt(Request request, int role) {
        Answer arm = request.withRole(role);
        return arm == null || isShed(arm) ? null : arm;
    }
}
