// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.ByteString;
import io.edgewise.agent.features.TextFeatures;
import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.Probabilities;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.ArmSummary;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Puts what happened into an observation, and into the context of its feedback token. Pure.
final class Recorder {
    private static final long MINUTE_MS = 60_000;
    private static final int MOST_FEATURES = 32;
    private static final long LONGEST_LATENCY_US = 3_600_000_000L;

    private final AgentSettings settings;
    private final Outputs outputs;

    Recorder(AgentSettings settings) {
        this.settings = settings;
        this.outputs = new Outputs(settings.workload());
    }

    /// Without identity and totals: the spool gives them. Texts only where the workload, the request's
    /// consent and class, and the disk (`mayHoldText`) allow them.
    Observation observation(Trace trace, Outcome outcome, List<Attempt> attempts, boolean mayHoldText) {
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
                .setEscalated(outcome.escalation().afterEdge())
                .setEscalation(outcome.escalation().why())
                .setConsent(trace.situation().request().terms().consent().wire())
                .setPairingSelected(route.pairing().selected())
                .setPairingRateBp(route.pairing().rateBp())
                .setServedLatencyUs(Math.clamp(outcome.latencyUs(), 0, LONGEST_LATENCY_US))
                .setContext(context(trace.situation().state()))
                .putAllFeatures(features(trace.situation().request()))
                .putAllSlices(settings.slices());
        route.orders().ifPresent(directive -> name(observation, directive));
        trace.situation()
                .score()
                .ifPresent(score -> observation.setRouter(score.toBuilder()
                        .setThreshold(route.orders()
                                .map(directive -> directive.getHybrid().getRouterScore())
                                .orElse(0.0))));
        outcome.firstTokenUs().ifPresent(observation::setServedTimeToFirstTokenUs);
        outcome.served().ifPresent(served -> {
            observation.setServed(served.role());
            if (served.arm().hasCost()) {
                observation.setServedCost(served.arm().getCost());
            }
        });
        attempts.forEach(attempt -> observation.addArms(attempt.arm()));
        compare(attempts, Role.ROLE_CHAMPION, Role.ROLE_CHALLENGER).ifPresent(observation::setComparison);
        compare(attempts, Role.ROLE_CHAMPION, Role.ROLE_REFERENCE).ifPresent(observation::setRepeated);
        if (mayHoldText
                && observation.hasComparison()
                && !observation.getComparison().getAgrees()) {
            Texts.add(
                    observation,
                    trace.situation(),
                    attempts,
                    settings.policies().privacy());
        }
        return observation.build();
    }

    /// The app's own numbers beside the built-in ones, as far as a record may carry them.
    private static Map<String, Double> features(Request request) {
        Map<String, Double> features = new TreeMap<>(TextFeatures.of(request.text()));
        request.features().forEach((name, value) -> {
            if (features.size() < MOST_FEATURES && Names.isValid(name) && Double.isFinite(value)) {
                features.putIfAbsent(name, value);
            }
        });
        return features;
    }

    /// What the device is, and how it was doing.
    private DeviceContext context(DeviceState state) {
        DeviceContext.Builder context = settings.context().toBuilder();
        state.battery().ifPresent(context::setBattery);
        state.charging().ifPresent(context::setCharging);
        state.metered().ifPresent(context::setMetered);
        if (state.thermal() != DeviceState.Thermal.UNKNOWN) {
            context.setThermal(state.thermal().word());
        }
        return context.build();
    }

    private static void name(Observation.Builder observation, Directive directive) {
        observation
                .setRollout(directive.getRollout())
                .setRevision(directive.getRevision())
                .setStage(directive.getStage());
    }

    private Optional<Comparison> compare(List<Attempt> attempts, Role reference, Role other) {
        Optional<Attempt> first = answer(attempts, reference);
        Optional<Attempt> second = answer(attempts, other);
        return first.isEmpty() || second.isEmpty()
                ? Optional.empty()
                : Optional.of(outputs.compare(first.get(), second.get()));
    }

    private static Optional<Attempt> answer(List<Attempt> attempts, Role role) {
        return attempts.stream()
                .filter(attempt -> attempt.role() == role && attempt.answered())
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
                .setEscalated(outcome.escalation().afterEdge())
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
        if (!attempt.arm().getLabel().isEmpty()) {
            summary.setLabelHash(LabelHash.of(attempt.arm().getLabel()));
        }
        if (!Probabilities.areUnnormalised(attempt.arm())) {
            attempt.confidence().ifPresent(summary::setConfidence);
        }
        return summary.build();
    }
}
