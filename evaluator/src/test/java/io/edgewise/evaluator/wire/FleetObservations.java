// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.EdgeBuild;
import io.edgewise.contracts.v1.Frontier;
import io.edgewise.contracts.v1.LabelProbability;
import io.edgewise.contracts.v1.Money;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Totals;
import java.util.SplittableRandom;

/// Paired observations of the shape that agents send all day, everything filled in: this shape must be read fast.
final class FleetObservations {
    private static final int LABELS = 151;

    private FleetObservations() {}

    static Observation.Builder next(SplittableRandom random, long atMs) {
        String frontier = "intent_" + random.nextInt(LABELS);
        String edge = random.nextInt(100) < 93 ? frontier : "intent_" + random.nextInt(LABELS);
        byte[] id = new byte[16];
        random.nextBytes(id);
        long seq = 1 + random.nextLong(1L << 40);
        return Observation.newBuilder()
                .setTenant("default")
                .setDevice("device-" + random.nextInt(1000))
                .setSpoolEpoch(random.nextLong() | 1)
                .setSeq(seq)
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setId(ByteString.copyFrom(id))
                .setEventTimeMs(atMs)
                .setMonotonicUs(atMs * 1000)
                .setWorkload("voice-intent")
                .setWorkloadVersion(1)
                .setRollout("01ARZ3NDEKTSV4RRFFQ69G5FAV")
                .setRevision(1)
                .setCohort(Cohort.COHORT_CONTROL)
                .setUnitHash(random.nextLong())
                .setServed(Role.ROLE_CHAMPION)
                .setPairingSelected(true)
                .setPairingRateBp(10_000)
                .setServedLatencyUs(60_000 + random.nextInt(40_000))
                .setServedCost(money(400_000))
                .setContext(context(random))
                .addArms(champion(random, frontier))
                .addArms(challenger(random, edge))
                .setComparison(Comparison.newBuilder()
                        .setDefinition("same-label/1")
                        .setAgreement(edge.equals(frontier) ? 1 : 0)
                        .setAgrees(edge.equals(frontier)))
                .putFeatures("tokens", 3 + random.nextInt(12))
                .putFeatures("chars", 12 + random.nextInt(60))
                .putSlices("locale", "en-GB")
                .setTotals(Totals.newBuilder().setLastSeq(seq).setDropped(3).setShed(2));
    }

    private static DeviceContext.Builder context(SplittableRandom random) {
        return DeviceContext.newBuilder()
                .setDeviceClass("phone-" + random.nextInt(4))
                .setChipset("chip-" + random.nextInt(4))
                .setOs("linux")
                .setRuntime("onnxruntime")
                .setRuntimeVersion("1.29.0")
                .setExecutionProvider("cpu")
                .setAgentVersion("0.1.0")
                .setBattery(random.nextDouble())
                .setThermal("nominal");
    }

    private static Arm.Builder champion(SplittableRandom random, String label) {
        return Arm.newBuilder()
                .setRole(Role.ROLE_CHAMPION)
                .setFrontier(Frontier.newBuilder()
                        .setProvider("demo")
                        .setModel("frontier-intent")
                        .setSystemFingerprint("fp-1"))
                .setLabel(label)
                .setTokensIn(12)
                .setTokensOut(3)
                .setOutputLength(9)
                .setTimeToFirstTokenUs(40_000)
                .setLatencyUs(60_000 + random.nextInt(40_000))
                .setCost(money(400_000))
                .setRefusal(Refusal.REFUSAL_ANSWERED)
                .setRefusalDefinition("label-set/1");
    }

    private static Arm.Builder challenger(SplittableRandom random, String label) {
        double confidence = 0.5 + random.nextDouble() / 2;
        return Arm.newBuilder()
                .setRole(Role.ROLE_CHALLENGER)
                .setEdge(EdgeBuild.newBuilder().setBuild("edge-intent-int4").setArtifactSha256("c3".repeat(32)))
                .setLabel(label)
                .setConfidence(confidence)
                .setConfidenceSource("class-probability")
                .addTop(LabelProbability.newBuilder().setLabel(label).setProbability(confidence))
                .addTop(LabelProbability.newBuilder().setLabel("intent_1").setProbability((1 - confidence) / 2))
                .setEntropy(random.nextDouble() * 2)
                .setLatencyUs(100 + random.nextInt(400))
                .setCost(money(2_000))
                .setRefusal(Refusal.REFUSAL_ANSWERED)
                .setSchemaValid(true);
    }

    static Money money(long nanos) {
        return Money.newBuilder()
                .setNanos(nanos)
                .setCurrency("USD")
                .setPriceCard("demo-1")
                .build();
    }
}
