// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import static io.edgewise.ingest.Records.DEVICE;
import static io.edgewise.ingest.Records.NOW;
import static io.edgewise.ingest.Records.observation;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.ingest.Admission.Admitted;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Observations KIND = new Observations();
    private static final Fault DECODE = new Fault("decode", "", "cannot be read");

    @Test
    void letsGoodRecordsInAsTheyAre() {
        Admitted<Observation> admitted =
                admit(observation(1).build(), observation(2).build());

        assertThat(admitted.records())
                .containsExactly(observation(1).build(), observation(2).build());
        assertThat(admitted.rejected()).isEmpty();
        assertThat(admitted.acceptedThrough()).isEqualTo(2);
    }

    @Test
    void anEmptyBatchIsAcceptedThroughNothing() {
        assertThat(admit().acceptedThrough()).isZero();
    }

    @Test
    void rejectsRecordsOfAnotherDeviceOrTenantAndSaysNothingInTheirName() {
        Admitted<Observation> admitted = admit(
                observation(1).setDevice("device-2").build(),
                observation(2).setTenant("acme").build());

        assertThat(admitted.records()).isEmpty();
        assertThat(admitted.rejected().get(0).reasons()).containsExactly("principal:device");
        assertThat(admitted.rejected().get(1).reasons()).containsExactly("principal:tenant");
    }

    @Test
    void aRecordThatNamesNobodyIsThePrincipals() {
        Admitted<Observation> admitted =
                admit(observation(1).clearTenant().clearDevice().build());

        assertThat(admitted.records()).containsExactly(observation(1).build());
    }

    @Test
    void rejectsWithEveryReasonAndDeclaresTheSequenceAsDropped() {
        Observation bad = observation(3).clearId().setServedLatencyUs(-1).build();

        Admitted<Observation> admitted = admit(observation(2).build(), bad);

        assertThat(admitted.rejected())
                .containsExactly(new Rejection(77, 3, ObservationFaults.of(bad, NOW), bad.toByteString()));
        assertThat(admitted.rejected().getFirst().reasons()).containsExactly("missing:id", "range:served_latency_us");
        assertThat(admitted.acceptedThrough()).isEqualTo(3);
        Observation declared = admitted.records().get(1);
        assertThat(declared.getKind()).isEqualTo(ObservationKind.OBSERVATION_KIND_DROPS);
        assertThat(declared.getDroppedList())
                .containsExactly(SeqRange.newBuilder().setFirst(3).setLast(3).build());
        assertThat(declared.getDropReason()).contains("missing:id");
        assertThat(ObservationFaults.of(declared, NOW)).isEmpty();
    }

    /// Its declaration would be refused as well, and all below it would be a gap for ever.
    @Test
    void nothingIsDeclaredOfASequenceThatCannotBe() {
        Admitted<Observation> admitted = Admission.of(
                KIND,
                DEVICE,
                List.of(
                        new Item.Decoded<>(
                                observation(ObservationFaults.MAX_SEQ + 1).build()),
                        new Item.Broken<>(77, Long.MAX_VALUE, DECODE, ByteString.EMPTY)),
                NOW);

        assertThat(admitted.rejected()).hasSize(2);
        assertThat(admitted.records()).isEmpty();
        assertThat(admitted.acceptedThrough()).isZero();
    }

    @Test
    void declaresWhatCouldNotEvenBeRead() {
        Admitted<Observation> admitted = Admission.of(
                KIND, DEVICE, List.of(new Item.Broken<>(77, 9, DECODE, ByteString.copyFromUtf8("x"))), NOW);

        assertThat(admitted.rejected().getFirst().reasons()).containsExactly("decode");
        assertThat(admitted.records().getFirst().getSeq()).isEqualTo(9);
        assertThat(ObservationFaults.of(admitted.records().getFirst(), NOW)).isEmpty();
        assertThat(admitted.acceptedThrough()).isEqualTo(9);
    }

    @Test
    void aRecordWithoutASequenceIsRejectedAndNothingIsDeclared() {
        Admitted<Observation> admitted = admit(observation(0).build());

        assertThat(admitted.rejected()).hasSize(1);
        assertThat(admitted.records()).isEmpty();
        assertThat(admitted.acceptedThrough()).isZero();
    }

    @Test
    void theSameRecordTwiceGoesOnOnce() {
        Admitted<Observation> admitted =
                admit(observation(1).build(), observation(1).build());

        assertThat(admitted.records()).hasSize(1);
        assertThat(admitted.rejected()).isEmpty();
    }

    @Test
    void ofTwoRecordsWithOneSequenceTheFirstWins() {
        Observation other = observation(1).setWorkload("other").build();

        Admitted<Observation> admitted = admit(observation(1).build(), other);

        assertThat(admitted.records()).containsExactly(observation(1).build());
        assertThat(admitted.rejected().getFirst().reasons()).containsExactly("id_conflict:seq");
    }

    @Test
    void refusesOversizedRecords() {
        Observation large = observation(1)
                .setComparison(io.edgewise.contracts.v1.Comparison.newBuilder()
                        .setDefinition("x".repeat(ObservationFaults.MAX_RECORD_BYTES)))
                .build();

        assertThat(admit(large).rejected().getFirst().reasons()).contains("too_large");
    }

    @Test
    void everySequenceOfABatchIsAccountedForExactlyOnce() {
        SeededCases.forAll(300, random -> {
            List<Observation> batch = new ArrayList<>();
            TreeSet<Long> sequences = new TreeSet<>();
            for (int i = 0; i < 30; i++) {
                long seq = random.nextLong(1, 21);
                sequences.add(seq);
                Observation.Builder record = observation(seq);
                if (random.nextInt(3) == 0) {
                    record.setEventTimeMs(1);
                }
                if (random.nextInt(4) == 0) {
                    record.setWorkload("other");
                }
                batch.add(record.build());
            }
            Admitted<Observation> admitted = admit(batch.toArray(Observation[]::new));

            assertThat(admitted.records().stream().map(Observation::getSeq))
                    .containsExactlyInAnyOrderElementsOf(sequences);
            assertThat(admitted.records())
                    .allSatisfy(record ->
                            assertThat(ObservationFaults.of(record, NOW)).isEmpty());
            assertThat(admitted.acceptedThrough()).isEqualTo(sequences.last());
        });
    }

    @Test
    void countsTheEpochsOfABatch() {
        assertThat(Admission.epochs(
                        KIND,
                        List.of(
                                new Item.Decoded<>(observation(1).build()),
                                new Item.Decoded<>(
                                        observation(1).setSpoolEpoch(78).build()),
                                new Item.Broken<>(0, 0, DECODE, ByteString.EMPTY))))
                .isEqualTo(2);
    }

    private static Admitted<Observation> admit(Observation... batch) {
        return Admission.of(
                KIND,
                DEVICE,
                Arrays.stream(batch).<Item<Observation>>map(Item.Decoded::new).toList(),
                NOW);
    }
}
