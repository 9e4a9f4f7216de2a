// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.SeqRange;
import org.junit.jupiter.api.Test;

class FeedbackFaultsTest {
    private static final long NOW = 1_800_000_000_000L;

    private static Feedback.Builder good() {
        return Feedback.newBuilder()
                .setTenant("default")
                .setSource("device-1")
                .setSourceEpoch(9)
                .setSeq(4)
                .setGivenAtMs(NOW)
                .setToken(ByteString.copyFromUtf8("token"))
                .setTruthLabel("translate");
    }

    @Test
    void goodFeedbackHasNoFault() {
        assertThat(FeedbackFaults.of(good().build(), NOW)).isEmpty();
    }

    @Test
    void namesEveryFault() {
        Feedback feedback = good().clearTenant()
                .clearSourceEpoch()
                .clearToken()
                .setScore(Double.NaN)
                .build();
        assertThat(FeedbackFaults.of(feedback, NOW))
                .extracting(Fault::reason)
                .containsExactlyInAnyOrder(
                        "missing:tenant", "missing:source_epoch", "missing:token", "not_finite:score");
    }

    @Test
    void aTokenThatIsTooLongIsRefused() {
        Feedback feedback = good().setToken(ByteString.copyFrom(new byte[513])).build();
        assertThat(FeedbackFaults.of(feedback, NOW)).extracting(Fault::reason).containsExactly("too_long:token");
    }

    @Test
    void dropsNeedNoToken() {
        Feedback feedback = good().clearToken()
                .clearSaid()
                .addDropped(SeqRange.newBuilder().setFirst(2).setLast(4))
                .build();
        assertThat(FeedbackFaults.of(feedback, NOW)).isEmpty();
    }
}
