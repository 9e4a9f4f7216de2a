// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import static io.edgewise.ingest.Records.DEVICE;
import static io.edgewise.ingest.Records.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.FeedbackFaults;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.contracts.v1.Thumb;
import io.edgewise.ingest.Admission.Admitted;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FeedbackAdmissionTest {
    @Test
    void letsInWhatADeviceSaysOfItsOwnAnswersAndNamesIt() {
        Admitted<Feedback> admitted =
                admit(thumb(1).build(), thumb(2).clearTenant().clearSource().build());

        assertThat(admitted.rejected()).isEmpty();
        assertThat(admitted.records()).containsExactly(thumb(1).build(), thumb(2).build());
        assertThat(admitted.acceptedThrough()).isEqualTo(2);
    }

    @Test
    void rejectsWhatIsSaidInAnotherDevicesNameAndSaysNothingInItsPlace() {
        Admitted<Feedback> admitted = admit(
                thumb(1).setSource("device-2").build(),
                thumb(2).setTenant("acme").build());

        assertThat(admitted.records()).isEmpty();
        assertThat(admitted.rejected().get(0).reasons()).contains("principal:source");
        assertThat(admitted.rejected().get(1).reasons()).contains("principal:tenant");
    }

    @Test
    void rejectsWhatIsSaidOfAnotherDevicesAnswer() {
        Admitted<Feedback> admitted = admit(
                thumb(1).setToken(token("device-2")).build(),
                thumb(2).setToken(ByteString.copyFromUtf8("no token")).build());

        assertThat(admitted.rejected())
                .allSatisfy(rejection -> assertThat(rejection.reasons()).containsExactly("principal:token"));
        assertThat(admitted.records()).extracting(Feedback::getSeq).containsExactly(1L, 2L);
    }

    @Test
    void aRejectedSequenceIsDeclaredAsDropped() {
        Admitted<Feedback> admitted = admit(thumb(3).setScore(2).build());

        assertThat(admitted.rejected().getFirst().reasons()).containsExactly("range:score");
        Feedback declared = admitted.records().getFirst();
        assertThat(declared.getDroppedList())
                .containsExactly(SeqRange.newBuilder().setFirst(3).setLast(3).build());
        assertThat(declared.getDropReason()).isEqualTo("rejected range:score");
        assertThat(FeedbackFaults.of(declared, NOW)).isEmpty();
    }

    @Test
    void whatADevicesSpoolHasShedIsLetInWithoutAToken() {
        Feedback drops = thumb(4).clearToken()
                .clearSaid()
                .addDropped(SeqRange.newBuilder().setFirst(2).setLast(4))
                .setDropReason("shed")
                .build();

        assertThat(admit(drops).records()).containsExactly(drops);
    }

    private static Feedback.Builder thumb(long seq) {
        return Feedback.newBuilder()
                .setTenant(DEVICE.tenant())
                .setSource(DEVICE.device())
                .setSourceEpoch(9)
                .setSeq(seq)
                .setGivenAtMs(NOW)
                .setToken(token(DEVICE.device()))
                .setThumb(Thumb.THUMB_UP);
    }

    private static ByteString token(String device) {
        return FeedbackToken.newBuilder()
                .setContext(FeedbackContext.newBuilder()
                        .setTenant(DEVICE.tenant())
                        .setDevice(device)
                        .build()
                        .toByteString())
                .build()
                .toByteString();
    }

    private static Admitted<Feedback> admit(Feedback... batch) {
        return Admission.of(
                new Feedbacks(),
                DEVICE,
                Arrays.stream(batch).<Item<Feedback>>map(Item.Decoded::new).toList(),
                NOW);
    }
}
