// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.HoldoutItem;
import io.edgewise.contracts.v1.LabelProbability;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.RouterScore;
import io.edgewise.contracts.v1.SeqRange;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Everything wrong with an observation, named: a pure function of the record and of the time it was appended.
/// An observation with no fault may be counted; one with any is dead-lettered with all of them.
public final class ObservationFaults {
    /// A record larger than this is refused before it is decoded.
    public static final int MAX_RECORD_BYTES = 64 * 1024;

    static final int MAX_LABEL = 256;
    static final int MAX_ATTRIBUTE = 1024;
    static final int MAX_ATTRIBUTES = 32;
    static final int MAX_ARMS = 8;
    static final int MAX_TOP = 64;
    static final int MAX_RANGES = 1000;
    static final long MAX_LATENCY_US = 3_600_000_000L;
    static final long MAX_TOKENS = 1L << 32;
    /// 100 kJ, twice what a phone's battery holds.
    static final long MAX_ENERGY_UJ = 100_000_000_000L;
    static final double CONFIDENCE_TOLERANCE = 1e-6;
    /// Sums over millions of spools stay far from overflow.
    public static final long MAX_SEQ = 1L << 53;

    static final long MAX_FUTURE_MS = 5 * 60_000L;
    static final long MAX_AGE_MS = 400L * 24 * 3_600_000L;

    private ObservationFaults() {}

    /// `appendTimeMs` is the time at which Kafka appended the record: lateness and skew are judged against it.
    public static List<Fault> of(Observation observation, long appendTimeMs) {
        FaultList faults = new FaultList();
        identity(observation, faults);
        faults.time("event_time_ms", observation.getEventTimeMs(), appendTimeMs);
        switch (observation.getKind()) {
            case OBSERVATION_KIND_DROPS -> drops(observation, faults);
            case OBSERVATION_KIND_REQUEST, OBSERVATION_KIND_HOLDOUT -> request(observation, faults);
            case OBSERVATION_KIND_UNSPECIFIED, UNRECOGNIZED ->
                faults.add("missing", "kind", "kind must be REQUEST, HOLDOUT or DROPS");
        }
        return faults.toList();
    }

    private static void identity(Observation observation, FaultList faults) {
        faults.name("tenant", observation.getTenant());
        faults.name("device", observation.getDevice());
        faults.name("workload", observation.getWorkload());
        if (observation.getSpoolEpoch() == 0) {
            faults.add("missing", "spool_epoch", "spool_epoch must be the spool's random number");
        }
        faults.sequence("seq", observation.getSeq());
        faults.between("totals.last_seq", observation.getTotals().getLastSeq(), 0, MAX_SEQ);
    }

    private static void drops(Observation observation, FaultList faults) {
        ranges(observation.getDroppedList(), observation.getSeq(), faults);
        faults.text("drop_reason", observation.getDropReason(), MAX_LABEL);
    }

    static void ranges(List<SeqRange> dropped, long seq, FaultList faults) {
        if (dropped.isEmpty()) {
            faults.add("missing", "dropped", "a record of drops names the sequences that will never arrive");
        }
        if (dropped.size() > MAX_RANGES) {
            faults.add("too_many", "dropped", "at most " + MAX_RANGES + " ranges in one record");
        }
        for (SeqRange range : dropped.subList(0, Math.min(dropped.size(), MAX_RANGES))) {
            if (range.getFirst() <= 0 || range.getLast() < range.getFirst() || range.getLast() > seq) {
                faults.add("range", "dropped", "each range runs from first to last, within 1.." + seq);
            }
        }
    }

    private static void request(Observation observation, FaultList faults) {
        if (observation.getId().size() != 16) {
            faults.add("missing", "id", "id must be 16 random bytes");
        }
        rollout(observation, faults);
        faults.between("served_latency_us", observation.getServedLatencyUs(), 0, MAX_LATENCY_US);
        if (observation.hasServedTimeToFirstTokenUs()) {
            faults.between(
                    "served_time_to_first_token_us", observation.getServedTimeToFirstTokenUs(), 0, MAX_LATENCY_US);
        }
        if (observation.hasServedCost()) {
            faults.money("served_cost", observation.getServedCost());
        }
        context(observation.getContext(), faults);
        arms(observation, faults);
        comparison(observation, faults);
        maps(observation, faults);
        faults.text("fallback_reason", observation.getFallbackReason(), MAX_LABEL);
        faults.text("escalation", observation.getEscalation(), MAX_LABEL);
        router(observation.getRouter(), faults);
        repeated(observation, faults);
        holdout(observation, faults);
    }

    private static void router(RouterScore router, FaultList faults) {
        faults.text("router.build", router.getBuild(), MAX_LABEL);
        faults.text("router.artifact_sha256", router.getArtifactSha256(), MAX_LABEL);
        faults.text("router.version", router.getVersion(), MAX_LABEL);
        faults.unit("router.score", router.getScore());
        faults.unit("router.threshold", router.getThreshold());
    }

    private static void repeated(Observation observation, FaultList faults) {
        if (!observation.hasRepeated()) {
            return;
        }
        faults.unit("repeated.agreement", observation.getRepeated().getAgreement());
        faults.text("repeated.definition", observation.getRepeated().getDefinition(), MAX_LABEL);
        if (!answered(observation, Role.ROLE_CHAMPION) || !answered(observation, Role.ROLE_REFERENCE)) {
            faults.add("inconsistent", "repeated", "it needs a champion and a reference that answered");
        }
    }

    private static void holdout(Observation observation, FaultList faults) {
        if (!observation.hasHoldout()) {
            return;
        }
        HoldoutItem item = observation.getHoldout();
        if (observation.getKind() != ObservationKind.OBSERVATION_KIND_HOLDOUT) {
            faults.add("inconsistent", "holdout", "only an observation of kind HOLDOUT has an item of a reference set");
        }
        faults.name("holdout.reference", item.getReference());
        faults.text("holdout.reference_sha256", item.getReferenceSha256(), MAX_LABEL);
        faults.text("holdout.item", item.getItem(), MAX_LABEL);
        faults.text("holdout.truth_label", item.getTruthLabel(), MAX_LABEL);
        faults.between("holdout.run", item.getRun(), 0, MAX_SEQ);
    }

    private static void rollout(Observation observation, FaultList faults) {
        faults.between("pairing_rate_bp", observation.getPairingRateBp(), 0, 10_000);
        if (observation.getRollout().isEmpty()) {
            return;
        }
        if (!Ulid.isValid(observation.getRollout())) {
            faults.add("malformed", "rollout", "rollout must be a ULID");
        }
        if (observation.getRevision() <= 0) {
            faults.add("missing", "revision", "a rollout needs the revision that was obeyed");
        }
        faults.between("stage", observation.getStage(), 0, 99);
        if (observation.getCohort() != Cohort.COHORT_CONTROL && observation.getCohort() != Cohort.COHORT_CANARY) {
            faults.add("missing", "cohort", "cohort must be CONTROL or CANARY");
        }
    }

    private static void arms(Observation observation, FaultList faults) {
        if (observation.getArmsCount() == 0) {
            faults.add("missing", "arms", "at least one arm must have run or been refused");
        }
        if (observation.getArmsCount() > MAX_ARMS) {
            faults.add("too_many", "arms", "at most " + MAX_ARMS + " arms");
            return;
        }
        Set<Role> roles = new HashSet<>();
        for (int i = 0; i < observation.getArmsCount(); i++) {
            Arm arm = observation.getArms(i);
            String field = "arms[" + i + "]";
            if (arm.getRole() == Role.ROLE_UNSPECIFIED || arm.getRole() == Role.UNRECOGNIZED) {
                faults.add("missing", field + ".role", "role must be CHAMPION, CHALLENGER or REFERENCE");
            } else if (!roles.add(arm.getRole())) {
                faults.add("duplicate", field + ".role", "each role runs once");
            }
            arm(arm, field, faults);
        }
        served(observation, faults);
    }

    /// What was served must have run and answered.
    private static void served(Observation observation, FaultList faults) {
        Role served = observation.getServed();
        if (served != Role.ROLE_UNSPECIFIED && !answered(observation, served)) {
            faults.add("inconsistent", "served", "the served arm, " + served + ", is not among the arms that answered");
        }
    }

    private static boolean answered(Observation observation, Role role) {
        for (Arm arm : observation.getArmsList()) {
            if (arm.getRole() == role && arm.getErrorCode().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static void ran(Arm arm, String field, FaultList faults) {
        switch (arm.getRanCase()) {
            case EDGE -> {
                faults.text(field + ".edge.build", arm.getEdge().getBuild(), MAX_LABEL);
                faults.text(field + ".edge.artifact_sha256", arm.getEdge().getArtifactSha256(), MAX_LABEL);
            }
            case FRONTIER -> {
                faults.text(field + ".frontier.provider", arm.getFrontier().getProvider(), MAX_LABEL);
                faults.text(field + ".frontier.model", arm.getFrontier().getModel(), MAX_LABEL);
                faults.text(
                        field + ".frontier.system_fingerprint",
                        arm.getFrontier().getSystemFingerprint(),
                        MAX_LABEL);
            }
            case RAN_NOT_SET -> {
                return;
            }
        }
    }

    private static void context(DeviceContext context, FaultList faults) {
        faults.text("context.device_class", context.getDeviceClass(), MAX_LABEL);
        faults.text("context.chipset", context.getChipset(), MAX_LABEL);
        faults.text("context.os", context.getOs(), MAX_LABEL);
        faults.text("context.runtime", context.getRuntime(), MAX_LABEL);
        faults.text("context.runtime_version", context.getRuntimeVersion(), MAX_LABEL);
        faults.text("context.execution_provider", context.getExecutionProvider(), MAX_LABEL);
        faults.text("context.agent_version", context.getAgentVersion(), MAX_LABEL);
        faults.text("context.thermal", context.getThermal(), MAX_LABEL);
        if (context.hasBattery()) {
            faults.unit("context.battery", context.getBattery());
        }
    }

    private static void arm(Arm arm, String field, FaultList faults) {
        faults.text(field + ".label", arm.getLabel(), MAX_LABEL);
        faults.text(field + ".error_code", arm.getErrorCode(), MAX_LABEL);
        ran(arm, field, faults);
        if (arm.getErrorCode().isEmpty()
                && arm.getLabel().isBlank()
                && arm.getTextDigest().isEmpty()) {
            faults.add("missing", field + ".label", "an arm that answered has a label or a text digest");
        }
        if (arm.hasConfidence()) {
            faults.unit(field + ".confidence", arm.getConfidence());
        }
        if (arm.hasEntropy()) {
            faults.finite(field + ".entropy", arm.getEntropy());
            if (arm.getEntropy() < 0) {
                faults.add("range", field + ".entropy", "entropy is not negative");
            }
        }
        faults.between(field + ".latency_us", arm.getLatencyUs(), 0, MAX_LATENCY_US);
        if (arm.hasTimeToFirstTokenUs()) {
            faults.between(field + ".time_to_first_token_us", arm.getTimeToFirstTokenUs(), 0, MAX_LATENCY_US);
        }
        faults.between(field + ".tokens_in", arm.getTokensIn(), 0, MAX_TOKENS);
        faults.between(field + ".tokens_out", arm.getTokensOut(), 0, MAX_TOKENS);
        faults.between(field + ".output_length", arm.getOutputLength(), 0, MAX_TOKENS);
        faults.between(field + ".energy_uj", arm.getEnergyUj(), 0, MAX_ENERGY_UJ);
        if (arm.hasCost()) {
            faults.money(field + ".cost", arm.getCost());
        }
        if (arm.getTopCount() > MAX_TOP) {
            faults.add("too_many", field + ".top", "at most " + MAX_TOP + " probabilities");
            return;
        }
        for (LabelProbability top : arm.getTopList()) {
            faults.unit(field + ".top", top.getProbability());
            faults.text(field + ".top", top.getLabel(), MAX_LABEL);
        }
    }

    private static void comparison(Observation observation, FaultList faults) {
        if (!observation.hasComparison()) {
            return;
        }
        faults.unit("comparison.agreement", observation.getComparison().getAgreement());
        if (observation.getComparison().getDefinition().isEmpty()) {
            faults.add("missing", "comparison.definition", "a comparison names its definition");
        }
        faults.text("comparison.definition", observation.getComparison().getDefinition(), MAX_LABEL);
        if (!answered(observation, Role.ROLE_CHAMPION) || !answered(observation, Role.ROLE_CHALLENGER)) {
            faults.add("inconsistent", "comparison", "a comparison needs a champion and a challenger that answered");
        }
    }

    private static void maps(Observation observation, FaultList faults) {
        if (observation.getFeaturesCount() > MAX_ATTRIBUTES) {
            faults.add("too_many", "features", "at most " + MAX_ATTRIBUTES + " features");
            return;
        }
        if (observation.getSlicesCount() > MAX_ATTRIBUTES) {
            faults.add("too_many", "slices", "at most " + MAX_ATTRIBUTES + " slice attributes");
            return;
        }
        for (Map.Entry<String, Double> feature : observation.getFeaturesMap().entrySet()) {
            faults.name("features", feature.getKey());
            faults.finite("features." + feature.getKey(), feature.getValue());
        }
        for (Map.Entry<String, String> slice : observation.getSlicesMap().entrySet()) {
            faults.name("slices", slice.getKey());
            faults.text("slices." + slice.getKey(), slice.getValue(), MAX_ATTRIBUTE);
        }
    }

    /// Whether a request may be counted as traffic at all.
    public static boolean isTraffic(Observation observation) {
        return observation.getKind() == ObservationKind.OBSERVATION_KIND_REQUEST
                && !observation.getContext().getEmulated();
    }
}
