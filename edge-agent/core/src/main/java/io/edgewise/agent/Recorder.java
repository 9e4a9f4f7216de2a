// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.ArmSummary;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Role;
import java.util.List;
import java.util.Optional;

/// Puts what happened into an observation, and into the context of its feedback token. Pure.
final class Recorder {
    private static final long MINUTE_MS = 60_000;
    private static final long LONGEST_LATENCY_US = 3_600_000_000L;

    private final AgentSettings settings;

    Recorder(AgentSettings settings) {
        this.settings = settings;
    }

    /// Without identity and totals: the spool gives them.
    Observation observation(Trace trace, Outcome outcome, List<Attempt> attempts) {
        Workload workload = settings.workload();
        Route route = trace.route();
        Observation.Builder observation = Observation.newBuilder()
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setId(ByteString.copyFrom(trace.id()))
                .setEventTimeMs(trace.at().wallMs())
                .setMonotonicUs(trace.at().nanos() / 1_000)
                .setWorkload(workload.name())
                .setWorkloadVersion(workload.version())
                .setCohort(route.cohort())
                .setUnitHash(route.unitHash())
                .setFallbackReason(outcome.fallbackReason())
                .setOffline(outcome.offline())
                .setPairingSelected(route.pairing().selected())
                .setPairingRateBp(route.pairing().rateBp())
                .setServedLatencyUs(Math.clamp(outcome.latencyUs(), 0, LONGEST_LATENCY_US))
                .setContext(settings.context())
                .putAllFeatures(trace.features())
                .putAllSlices(settings.slices());
        route.orders().ifPresent(directive -> name(observation, directive));
        outcome.firstTokenUs().ifPresent(observation::setServedTimeToFirstTokenUs);
        outcome.served().ifPresent(served -> {
            observation.setServed(served.role());
            if (served.arm().hasCost()) {
                observation.setServedCost(served.arm().getCost());
            }
        });
        attempts.forEach(attempt -> observation.addArms(attempt.arm()));
        compare(attempts).ifPresent(observation::setComparison);
        return observation.build();
    }

    private static void name(Observation.Builder observation, Directive directive) {
        observation
                .setRollout(directive.getRollout())
                .setRevision(directive.getRevision())
                .setStage(directive.getStage());
    }

    private static Optional<Comparison> compare(List<Attempt> attempts) {
        Optional<Arm> champion = answer(attempts, Role.ROLE_CHAMPION);
        Optional<Arm> challenger = answer(attempts, Role.ROLE_CHALLENGER);
        if (champion.isEmpty() || challenger.isEmpty()) {
            return Optional.empty();
        }
        boolean agrees = champion.get().getLabel().equals(challenger.get().getLabel());
        return Optional.of(Comparison.newBuilder()
                .setDefinition(AgentSettings.SAME_LABEL)
                .setAgreement(agrees ? 1 : 0)
                .setAgrees(agrees)
                .build());
    }

    private static Optional<Arm> answer(List<Attempt> attempts, Role role) {
        return attempts.stream()
                .filter(attempt -> attempt.role() == role && attempt.answered())
                .map(Attempt::arm)
                .findFirst();
    }

    FeedbackContext context(Trace trace, Outcome outcome, List<Attempt> attempts) {
        Route route = trace.route();
        FeedbackContext.Builder context = FeedbackContext.newBuilder()
                .setObservation(ByteString.copyFrom(trace.id()))
                .setTenant(settings.tenant())
                .setDevice(settings.device())
                .setWorkload(settings.workload().name())
                .setCohort(route.cohort())
                .setMinute(Math.floorDiv(trace.at().wallMs(), MINUTE_MS))
                .setPairingRateBp(route.pairing().rateBp())
                .setServed(outcome.served().map(Attempt::role).orElse(Role.ROLE_UNSPECIFIED))
                .putAllSlices(settings.slices());
        route.orders()
                .ifPresent(directive -> context.setRollout(directive.getRollout())
                        .setRevision(directive.getRevision())
                        .setStage(directive.getStage()));
        for (Attempt attempt : attempts) {
            context.addArms(summary(attempt));
        }
        return context.build();
    }

    private static ArmSummary summary(Attempt attempt) {
        ArmSummary.Builder summary = ArmSummary.newBuilder().setRole(attempt.role());
        if (!attempt.answered()) {
            return summary.setFailed(true).build();
        }
        summary.setLabelHash(LabelHash.of(attempt.arm().getLabel()));
        attempt.confidence().ifPresent(summary::setConfidence);
        return summary.build();
    }
}
