// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutputsTest {
    private final Outputs outputs = new Outputs(workload("normalised-exact-match/1"));

    private static Workload workload(String agreement) {
        return new Workload(
                "summaries", 1, Workload.Kind.GENERATION, List.of(), Set.of(), agreement, "USD", "none", Map.of());
    }

    private Arm said(String text) {
        return outputs.judged(Arm.newBuilder().setRole(Role.ROLE_CHALLENGER), text);
    }

    @Test
    void ofAGeneratedTextADigestALengthAndWhetherItRefusesLeaveAndNothingElse() {
        Arm arm = said("The oil is changed every year.");

        assertThat(arm)
                .isEqualTo(Arm.newBuilder()
                        .setRole(Role.ROLE_CHALLENGER)
                        .setTextDigest(ByteString.copyFrom(HexFormat.of()
                                .parseHex("9dedc1d86158f2c726d7048f76d3a652328a9fa8243585b0b12b2a7c5d5934fa")))
                        .setOutputLength(30)
                        .setRefusal(Refusal.REFUSAL_ANSWERED)
                        .setRefusalDefinition("refusal-phrases/1")
                        .build());
    }

    @Test
    void theSameTextHasTheSameDigestHoweverItsLettersAreComposed() {
        assertThat(said(" gru\u0308\u00dfe\n").getTextDigest())
                .isEqualTo(said("gr\u00fc\u00dfe").getTextDigest());
        assertThat(said("gr\u00fc\u00dfe").getTextDigest())
                .isNotEqualTo(said("Gr\u00fc\u00dfe").getTextDigest());
    }

    @Test
    void lengthIsCountedInCharactersThatPeopleCount() {
        assertThat(said("\ud83d\ude00\ud83d\ude00").getOutputLength()).isEqualTo(2);
    }

    @Test
    void anAnswerThatDeclinesIsARefusal() {
        assertThat(said("I'm sorry, but I can't help with that.").getRefusal()).isEqualTo(Refusal.REFUSAL_REFUSED);
    }

    @Test
    void nothingSaidAndFarTooMuchAreFailuresWithoutADigest() {
        for (String text : List.of("", " \n", "x".repeat((1 << 20) + 1))) {
            Arm arm = said(text);
            assertThat(arm.getErrorCode()).isEqualTo(Attempt.INVALID_OUTPUT);
            assertThat(arm.getTextDigest().isEmpty()).isTrue();
        }
    }

    @Test
    void textsAreComparedOnTheDeviceByTheWorkloadsDefinition() {
        Attempt reference = new Attempt(said("The answer is 42."), Optional.empty(), "The answer is 42.");
        Attempt other = new Attempt(said("the answer is 42"), Optional.empty(), "the answer is 42");

        assertThat(outputs.compare(reference, other).getDefinition()).isEqualTo("normalised-exact-match/1");
        assertThat(outputs.compare(reference, other).getAgreement())
                .isEqualTo(outputs.compare(other, reference).getAgreement());
        assertThat(outputs.compare(reference, reference).getAgrees()).isTrue();
    }

    /// Three of four words: 0.75.
    @Test
    void whatAgreesIsSaidByTheThresholdWhichIsPartOfTheDefinitionsNameUnlessItIsTheUsualOne() {
        Attempt reference = new Attempt(said("one two three four"), Optional.empty(), "one two three four");
        Attempt other = new Attempt(said("one two three five"), Optional.empty(), "one two three five");

        for (String same : List.of("token-f1/1", "token-f1/1@0.8", "token-f1/1@0.80")) {
            Comparison usual = new Outputs(workload(same)).compare(reference, other);
            assertThat(usual.getDefinition()).isEqualTo("token-f1/1");
            assertThat(usual.getAgrees()).isFalse();
        }
        Comparison lower = new Outputs(workload("token-f1/1@0.750")).compare(reference, other);
        assertThat(lower.getDefinition()).isEqualTo("token-f1/1@0.75");
        assertThat(lower.getAgreement()).isEqualTo(0.75);
        assertThat(lower.getAgrees()).isTrue();
        assertThat(new Outputs(workload("token-f1/1@0.751")).compare(reference, other))
                .isEqualTo(lower.toBuilder()
                        .setDefinition("token-f1/1@0.751")
                        .setAgrees(false)
                        .build());
        assertThat(new Outputs(workload("token-f1/1@1"))
                        .compare(reference, reference)
                        .getAgrees())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0.0", "0.000", "-0.5", "1.001", "2", "0.1234", "1e-1", "0,5", "NaN", "80%"})
    void aThresholdThatIsNoneIsRefusedInWords(String threshold) {
        assertThatThrownBy(() -> new Outputs(workload("token-f1/1@" + threshold)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "\"" + threshold + "\" is no threshold; write a number above 0 and up to 1 with at most three"
                                + " decimals, such as 0.75");
    }

    @Test
    void aDefinitionThatThisAgentDoesNotComputeIsRefusedAtTheStart() {
        assertThatThrownBy(() -> new Outputs(workload("vibes/1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "compares by \"vibes/1\"; this agent computes, of kind GENERATION, [token-f1/1, ");
    }
}
