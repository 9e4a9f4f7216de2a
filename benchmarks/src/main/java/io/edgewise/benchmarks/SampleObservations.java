// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

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
import java.util.SplittableRandom;

/// Paired observations as a fleet in shadow sends them: everything filled in, 93 % agreement.
public final class SampleObservations {
    static final String ROLLOUT = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    static final int DEVICE_CLASSES = 4;
    private static final int LABELS = 151;

    private final SplittableRandom random;

    public SampleObservations(long seed) {
        random = new SplittableRandom(seed);
    }

    public Observation next(String device, long epoch, long seq, long atMs) {
        String frontier = "intent_" + random.nextInt(LABELS);
        boolean agrees = random.nextDouble() < 0.93;
        String edge = agrees ? frontier : "intent_" + random.nextInt(LABELS);
        byte[] id = new byte[16];
        random.nextBytes(id);
        return Observation.newBuilder()
                .setTenant("default")
                .setDevice(device)
                .setSpoolEpoch(epoch)
                .setSeq(seq)
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setId(ByteString.copyFrom(id))
                .setEventTimeMs(atMs)
                .setMonotonicUs(atMs * 1000)
                .setWorkload("voice-intent")
                .setWorkloadVersion(1)
                .setRollout(ROLLOUT)
                .setRevision(1)
                .setCohort(Cohort.COHORT_CONTROL)
                .setUnitHash(random.nextLong())
                .setServed(Role.ROLE_CHAMPION)
                .setPairingSelected(true)
                .setPairingRateBp(10_000)
                .setServedLatencyUs(60_000 + random.nextInt(40_000))
                .setServedCost(money(400_000))
                .setContext(DeviceContext.newBuilder()
                        .setDeviceClass("phone-" + random.nextInt(DEVICE_CLASSES))
                        .setChipset("chip-" + random.nextInt(4))
                        .setOs("linux")
                        .setRuntime("onnxruntime")
                        .setRuntimeVersion("1.29.0")
                        .setExecutionProvider("cpu")
                        .setAgentVersion("0.1.0"))
                .addArms(champion(frontier))
                .addArms(challenger(edge))
                .setComparison(Comparison.newBuilder()
                        .setDefinition("same-label/1")
                        .setAgreement(edge.equals(frontier) ? 1 : 0)
                        .setAgrees(edge.equals(frontier)))
                .putFeatures("tokens", 3 + random.nextInt(12))
                .putFeatures("chars", 12 + random.nextInt(60))
                .build();
    }

    private Arm champion(String label) {
        return Arm.newBuilder()
                .setRole(Role.ROLE_CHAMPION)
                .setFrontier(Frontier.newBuilder()
                        .setProvider("demo")
                        .setModel("frontier-intent")
                        .setSystemFingerprint("fp-1"))
                .setLabel(label)
                .setTokensIn(12)
                .setTokensOut(3)
                .setLatencyUs(60_000 + random.nextInt(40_000))
                .setCost(money(400_000))
                .setRefusal(Refusal.REFUSAL_ANSWERED)
                .setRefusalDefinition("label-set/1")
                .build();
    }

    private Arm challenger(String label) {
        double confidence = 0.5 + random.nextDouble() / 2;
        return Arm.newBuilder()
                .setRole(Role.ROLE_CHALLENGER)
                .setEdge(EdgeBuild.newBuilder().setBuild("edge-intent-int4").setArtifactSha256("c3".repeat(32)))
                .setLabel(label)
                .setConfidence(confidence)
                .setConfidenceSource("class-probability")
                .addTop(LabelProbability.newBuilder().setLabel(label).setProbability(confidence))
                .addTop(LabelProbability.newBuilder().setLabel("intent_1").setProbability((1 - confidence) / 2))
                .addTop(LabelProbability.newBuilder().setLabel("intent_2").setProbability((1 - confidence) / 4))
                .setEntropy(random.nextDouble() * 2)
                .setLatencyUs(100 + random.nextInt(400))
                .setCost(money(2_000))
                .setRefusal(Refusal.REFUSAL_ANSWERED)
                .setRefusalDefinition("label-set/1")
                .build();
    }

    private static Money money(long nanos) {
        return Money.newBuilder()
                .setNanos(nanos)
                .setCurrency("USD")
                .setPriceCard("demo-1")
                .build();
    }
}
