// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.ArmSummary;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.Role;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FeedbackTokensTest {
    private final FeedbackTokens tokens = new FeedbackTokens(new byte[] {7});

    private static FeedbackContext longest() {
        FeedbackContext.Builder context = FeedbackContext.newBuilder()
                .setObservation(ByteString.copyFrom(new byte[16]))
                .setTenant("t".repeat(100))
                .setDevice("d".repeat(110))
                .setWorkload("w".repeat(110))
                .setRollout(Fixture.ROLLOUT)
                .setRevision(Long.MAX_VALUE)
                .setStage(99)
                .setCohort(Cohort.COHORT_CANARY)
                .setMinute(30_000_000)
                .setPairingRateBp(10_000)
                .setEscalated(true)
                .setServed(Role.ROLE_CHALLENGER);
        for (Role role : List.of(Role.ROLE_CHAMPION, Role.ROLE_CHALLENGER)) {
            context.addArms(
                    ArmSummary.newBuilder().setRole(role).setLabelHash(-1).setConfidence(0.123456789));
        }
        for (int i = 0; i < 5; i++) {
            context.putSlices("slice-" + i, "value-" + i);
        }
        return context.build();
    }

    @Test
    void fitsIn512BytesWithTheLongestNamesAndKeepsTheFirstSlices() {
        FeedbackToken token = tokens.seal(longest());

        assertThat(token.getSerializedSize()).isLessThanOrEqualTo(FeedbackTokens.LONGEST);
        FeedbackContext context = tokens.open(FeedbackTokens.text(token)).orElseThrow();
        assertThat(context.toBuilder().clearSlices().build())
                .isEqualTo(longest().toBuilder().clearSlices().build());
        assertThat(longest().getSlicesMap()).containsAllEntriesOf(context.getSlicesMap());
    }

    @Test
    void refusesNamesThatCannotFit() {
        Workload workload = new Workload(
                "w".repeat(128),
                1,
                Workload.Kind.CLASSIFICATION,
                List.of(),
                Set.of(),
                "same-label/1",
                "USD",
                "1",
                Map.of());

        assertThatThrownBy(() -> new AgentSettings(
                        "t".repeat(100),
                        "d".repeat(128),
                        "",
                        new byte[] {1},
                        Path.of("x"),
                        workload,
                        DeviceContext.getDefaultInstance(),
                        Map.of(),
                        "cloud",
                        1))
                .hasMessageContaining("356")
                .hasMessageContaining("320");
    }

    @Test
    void opensNothingButItsOwn() {
        FeedbackToken token = tokens.seal(longest());
        String altered = FeedbackTokens.text(token.toBuilder()
                .setContext(ByteString.copyFrom(
                        longest().toBuilder().setStage(1).build().toByteArray()))
                .build());

        assertThat(tokens.open(altered)).isEmpty();
        assertThat(new FeedbackTokens(new byte[] {8}).open(FeedbackTokens.text(token)))
                .isEmpty();
        assertThat(tokens.open("not a token")).isEmpty();
        assertThat(tokens.open("")).isEmpty();
        assertThat(tokens.open(Base64.getUrlEncoder().encodeToString(new byte[600])))
                .isEmpty();
        assertThat(tokens.open("A".repeat(100_000))).isEmpty();
    }
}
