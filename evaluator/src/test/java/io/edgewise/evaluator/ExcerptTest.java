// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.LabelProbability;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.TextUse;
import org.junit.jupiter.api.Test;

class ExcerptTest {
    private static final long NOW_MS = 1_760_000_000_000L;
    private static final String SECRET = "my account number is 12345";

    private static Observation.Builder pair(String text) {
        Observation.Builder pair = Samples.pair("device", 1, NOW_MS).setComparison(Samples.agreement(false));
        for (int i = 0; i < pair.getArmsCount(); i++) {
            pair.setArms(i, pair.getArms(i).toBuilder().setText(text));
        }
        return pair;
    }

    private static Observation read(byte[] excerpt) throws Exception {
        assertThat(excerpt).hasSizeLessThanOrEqualTo(Excerpt.MOST_BYTES);
        return Observation.parseFrom(excerpt);
    }

    @Test
    void textIsLeftOutUnlessItMayBeKept() throws Exception {
        byte[] sent = pair(SECRET).build().toByteArray();

        assertThat(Excerpt.of(sent, true)).isEqualTo(sent);
        assertThat(read(Excerpt.of(sent, false))).isEqualTo(pair("").build());
    }

    @Test
    void aLargeRecordLosesItsTextsEvenWhereTheyMayBeKept() throws Exception {
        byte[] sent = pair("x".repeat(Excerpt.MOST_BYTES / 2)).build().toByteArray();

        assertThat(read(Excerpt.of(sent, true))).isEqualTo(pair("").build());
    }

    @Test
    void theLargestRecordThatIsKeptAsItWasSentHasEightKibibytes() {
        Observation.Builder pair = pair("");
        int room = Excerpt.MOST_BYTES - pair.build().getSerializedSize();
        Arm arm = pair.getArms(0);
        int text = room - 6;
        byte[] largest;
        do {
            largest = pair.setArms(0, arm.toBuilder().setText("x".repeat(++text)))
                    .build()
                    .toByteArray();
        } while (largest.length < Excerpt.MOST_BYTES);
        byte[] larger = pair.setArms(0, arm.toBuilder().setText("x".repeat(text + 1)))
                .build()
                .toByteArray();

        assertThat(largest).hasSize(Excerpt.MOST_BYTES);
        assertThat(Excerpt.of(largest, true)).isSameAs(largest);
        assertThat(Excerpt.of(larger, true).length).isLessThan(1_000);
    }

    @Test
    void whatWasAskedIsATextToo() throws Exception {
        byte[] sent = pair("a text")
                .setRequestText(SECRET)
                .addTextUses(TextUse.TEXT_USE_TRAINING)
                .build()
                .toByteArray();

        assertThat(read(Excerpt.of(sent, true)).getRequestText()).isEqualTo(SECRET);
        assertThat(new String(Excerpt.of(sent, false), java.nio.charset.StandardCharsets.UTF_8))
                .doesNotContain(SECRET);
        assertThat(read(Excerpt.of(sent, false)).getTextUsesList()).isEmpty();
    }

    @Test
    void fieldsThatThisProgramDoesNotKnowMayHoldText() throws Exception {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        999,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(SECRET))
                                .build())
                .build();
        byte[] sent = pair(SECRET).setUnknownFields(unknown).build().toByteArray();

        byte[] kept = Excerpt.of(sent, false);

        assertThat(new String(kept, java.nio.charset.StandardCharsets.UTF_8)).doesNotContain(SECRET);
        assertThat(read(kept).getUnknownFields().asMap()).isEmpty();
    }

    @Test
    void theLargestSoundRecordStillFits() throws Exception {
        String label = "\u20ac".repeat(256);
        Observation.Builder largest = pair("x".repeat(2_000))
                .setTenant("t".repeat(63))
                .setFallbackReason(label)
                .setRequestText(SECRET + "x".repeat(9_000))
                .addTextUses(TextUse.TEXT_USE_JUDGE)
                .setComparison(Samples.agreement(false).toBuilder().setDefinition(label));
        largest.getContextBuilder().setDeviceClass(label).setChipset(label).setOs(label);
        for (int i = 0; i < 2; i++) {
            Arm.Builder arm = largest.getArms(i).toBuilder()
                    .setLabel(label)
                    .setConfidence(0.75)
                    .setConfidenceSource("c".repeat(4_000))
                    .setRefusalDefinition("d".repeat(4_000));
            for (int top = 0; top < 5; top++) {
                arm.addTop(LabelProbability.newBuilder().setLabel(label).setProbability(0.01));
            }
            largest.setArms(i, arm);
        }
        largest.addArms(
                largest.getArms(0).toBuilder().setRole(Role.ROLE_REFERENCE).clearTop());
        byte[] sent = largest.build().toByteArray();
        assertThat(sent).hasSizeBetween(Excerpt.MOST_BYTES, ObservationFaults.MAX_RECORD_BYTES);
        assertThat(ObservationFaults.of(largest.build(), NOW_MS)).isEmpty();

        Observation kept = read(Excerpt.of(sent, true));

        assertThat(kept.getRequestText()).isEmpty();
        assertThat(kept.getTextUsesList()).isEmpty();
        assertThat(kept.getId()).isEqualTo(largest.getId());
        assertThat(kept.getSeq()).isEqualTo(largest.getSeq());
        assertThat(kept.getComparison()).isEqualTo(largest.getComparison());
        assertThat(kept.getContext().getDeviceClass()).isEqualTo(label);
        assertThat(kept.getArmsList())
                .extracting(Arm::getRole)
                .containsExactly(Role.ROLE_CHAMPION, Role.ROLE_CHALLENGER);
        assertThat(kept.getArmsList()).allSatisfy(arm -> {
            assertThat(arm.getLabel()).isEqualTo(label);
            assertThat(arm.getConfidence()).isEqualTo(0.75);
            assertThat(arm.getText()).isEmpty();
        });
        assertThat(kept.getArms(1).getEntropy()).isEqualTo(0.25);
        assertThat(kept.getArms(0).hasEntropy()).isFalse();
    }
}
