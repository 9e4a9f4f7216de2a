// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.EdgeBuild;
import io.edgewise.contracts.v1.LabelProbability;
import io.edgewise.contracts.v1.Money;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.SeqRange;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ObservationFaultsTest {
    private static final long NOW = 1_800_000_000_000L;

    static Observation.Builder good() {
        return Observation.newBuilder()
                .setTenant("default")
                .setDevice("device-1")
                .setSpoolEpoch(7)
                .setSeq(1)
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setId(ByteString.copyFrom(new byte[16]))
                .setEventTimeMs(NOW - 1000)
                .setWorkload("clinc150")
                .setRollout("01ARZ3NDEKTSV4RRFFQ69G5FAV")
                .setRevision(3)
                .setCohort(Cohort.COHORT_CONTROL)
                .setServed(Role.ROLE_CHALLENGER)
                .setServedLatencyUs(1200)
                .setServedCost(Money.newBuilder().setNanos(2).setCurrency("USD").setPriceCard("demo-1"))
                .addArms(Arm.newBuilder()
                        .setRole(Role.ROLE_CHALLENGER)
                        .setEdge(EdgeBuild.newBuilder().setBuild("edge-intent-int4"))
                        .setLabel("translate")
                        .setConfidence(0.9)
                        .setEntropy(0.2)
                        .setLatencyUs(900));
    }

    @Test
    void aGoodObservationHasNoFault() {
        assertThat(ObservationFaults.of(good().build(), NOW)).isEmpty();
    }

    static Stream<Arguments> badOnes() {
        return Stream.of(
                bad("missing:tenant", o -> o.setTenant("")),
                bad("malformed:tenant", o -> o.setTenant("../etc")),
                bad("missing:device", o -> o.clearDevice()),
                bad("missing:workload", o -> o.clearWorkload()),
                bad("missing:spool_epoch", o -> o.clearSpoolEpoch()),
                bad("missing:seq", o -> o.clearSeq()),
                bad("range:seq", o -> o.setSeq(Long.MAX_VALUE)),
                bad("inconsistent:served", o -> o.setServed(Role.ROLE_CHAMPION)),
                bad("inconsistent:served", o -> o.getArmsBuilder(0).setErrorCode("timeout")),
                bad(
                        "inconsistent:comparison",
                        o -> o.setComparison(Comparison.newBuilder()
                                .setDefinition("same-label/1")
                                .setAgrees(true))),
                bad("too_long:context.chipset", o -> o.getContextBuilder().setChipset("x".repeat(257))),
                bad(
                        "control_char:arms[0].edge.build",
                        o -> o.getArmsBuilder(0).getEdgeBuilder().setBuild("a\n")),
                bad("malformed:served_cost", o -> o.getServedCostBuilder().setCurrency("us\u0000")),
                bad("missing:kind", o -> o.clearKind()),
                bad("missing:id", o -> o.setId(ByteString.copyFrom(new byte[3]))),
                bad("timestamp:event_time_ms", o -> o.setEventTimeMs(0)),
                bad("timestamp:event_time_ms", o -> o.setEventTimeMs(NOW * 1000)),
                bad("timestamp:event_time_ms", o -> o.setEventTimeMs(NOW + 6 * 60_000)),
                bad("malformed:rollout", o -> o.setRollout("not-a-ulid")),
                bad("missing:revision", o -> o.clearRevision()),
                bad("missing:cohort", o -> o.clearCohort()),
                bad("range:stage", o -> o.setStage(-1)),
                bad("range:pairing_rate_bp", o -> o.setPairingRateBp(10_001)),
                bad("range:served_latency_us", o -> o.setServedLatencyUs(-5)),
                bad("range:served_latency_us", o -> o.setServedLatencyUs(3_600_000_001L)),
                bad("range:served_cost", o -> o.getServedCostBuilder().setNanos(-1)),
                bad("malformed:served_cost", o -> o.getServedCostBuilder().setCurrency("dollars")),
                bad("missing:arms", o -> o.clearArms()),
                bad("missing:arms[0].role", o -> o.getArmsBuilder(0).clearRole()),
                bad("duplicate:arms[1].role", o -> o.addArms(o.getArms(0))),
                bad("missing:arms[0].label", o -> o.getArmsBuilder(0).setLabel("  ")),
                bad("too_long:arms[0].label", o -> o.getArmsBuilder(0).setLabel("x".repeat(257))),
                bad("control_char:arms[0].label", o -> o.getArmsBuilder(0).setLabel("a\u0000b")),
                bad("not_finite:arms[0].confidence", o -> o.getArmsBuilder(0).setConfidence(Double.NaN)),
                bad("not_finite:arms[0].confidence", o -> o.getArmsBuilder(0).setConfidence(Double.POSITIVE_INFINITY)),
                bad("range:arms[0].confidence", o -> o.getArmsBuilder(0).setConfidence(95)),
                bad("range:arms[0].confidence", o -> o.getArmsBuilder(0).setConfidence(-0.01)),
                bad("not_finite:arms[0].entropy", o -> o.getArmsBuilder(0).setEntropy(Double.NaN)),
                bad("range:arms[0].latency_us", o -> o.getArmsBuilder(0).setLatencyUs(-1)),
                bad("range:arms[0].tokens_in", o -> o.getArmsBuilder(0).setTokensIn(1L << 40)),
                bad("too_many:arms[0].top", ObservationFaultsTest::thousandProbabilities),
                bad(
                        "missing:comparison.definition",
                        o -> o.setComparison(Comparison.newBuilder().setAgreement(1))),
                bad(
                        "not_finite:comparison.agreement",
                        o -> o.setComparison(Comparison.newBuilder()
                                .setDefinition("same-label/1")
                                .setAgreement(Double.NaN))),
                bad("not_finite:features.tokens", o -> o.putFeatures("tokens", Double.NEGATIVE_INFINITY)),
                bad("malformed:slices", o -> o.putSlices("Bad Name", "x")),
                bad("too_long:slices.domain", o -> o.putSlices("domain", "x".repeat(1025))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badOnes")
    void namesTheFault(String reason, Consumer<Observation.Builder> damage) {
        Observation.Builder observation = good();
        damage.accept(observation);
        List<Fault> faults = ObservationFaults.of(observation.build(), NOW);
        assertThat(faults).extracting(Fault::reason).contains(reason);
        assertThat(faults).allSatisfy(fault -> assertThat(fault.message()).isNotBlank());
    }

    @Test
    void namesEveryFaultAtOnce() {
        Observation observation =
                good().clearTenant().clearSeq().clearServed().clearArms().build();
        assertThat(ObservationFaults.of(observation, NOW))
                .extracting(Fault::reason)
                .containsExactlyInAnyOrder("missing:tenant", "missing:seq", "missing:arms");
    }

    @Test
    void aFailedArmNeedsNoLabel() {
        Observation.Builder observation = good();
        observation.clearServed().getArmsBuilder(0).clearLabel().setErrorCode("timeout");
        assertThat(ObservationFaults.of(observation.build(), NOW)).isEmpty();
    }

    @Test
    void aConfidenceAHairAboveOneIsTolerated() {
        Observation.Builder observation = good();
        observation.getArmsBuilder(0).setConfidence(1.0000001);
        assertThat(ObservationFaults.of(observation.build(), NOW)).isEmpty();
    }

    @Test
    void dropsMustNameRangesWithinTheirSeq() {
        Observation.Builder drops =
                good().setKind(ObservationKind.OBSERVATION_KIND_DROPS).setSeq(10);
        assertThat(ObservationFaults.of(drops.build(), NOW))
                .extracting(Fault::reason)
                .contains("missing:dropped");
        drops.addDropped(SeqRange.newBuilder().setFirst(3).setLast(11));
        assertThat(ObservationFaults.of(drops.build(), NOW))
                .extracting(Fault::reason)
                .contains("range:dropped");
        drops.setDropped(0, SeqRange.newBuilder().setFirst(3).setLast(10));
        assertThat(ObservationFaults.of(drops.build(), NOW)).isEmpty();
    }

    private static void thousandProbabilities(Observation.Builder observation) {
        for (int i = 0; i < 1000; i++) {
            observation
                    .getArmsBuilder(0)
                    .addTop(LabelProbability.newBuilder().setLabel("l").setProbability(0.001));
        }
    }

    private static Arguments bad(String reason, Consumer<Observation.Builder> damage) {
        return Arguments.of(reason, damage);
    }
}
