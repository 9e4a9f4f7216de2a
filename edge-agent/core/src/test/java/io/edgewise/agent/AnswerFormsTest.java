// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Comparison;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What counts as an answer of a workload of each kind, and when two of them agree.
class AnswerFormsTest {
    private static final String CALL = "[{\"arguments\":{\"city\":\"Oslo\",\"days\":3},\"name\":\"weather\"}]";

    private static Outputs outputs(Workload.Kind kind) {
        return new Outputs(new Workload(
                "task",
                1,
                kind,
                List.of(),
                Set.of(),
                AnswerRule.definitions(kind).getFirst(),
                "USD",
                "none",
                Map.of()));
    }

    private static Attempt said(Outputs outputs, String text) {
        return outputs.judged(Arm.newBuilder().setRole(Role.ROLE_CHALLENGER), text, Optional.empty(), Optional.empty());
    }

    private static Attempt called(Outputs outputs, String calls) {
        return outputs.judged(Arm.newBuilder().setRole(Role.ROLE_CHALLENGER), "", Optional.of(calls), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CLASSIFICATION | gas_type | true",
                "CLASSIFICATION | two~lines | false",
                "GENERATION | two~lines | true",
                "TRANSCRIPT | and then i said | true",
                "EXTRACTION | {\"city\": \"Oslo\"} | true",
                "EXTRACTION | ```json~{\"city\": \"Oslo\"}~``` | true",
                "EXTRACTION | The city is Oslo. | false",
                "EXTRACTION | {\"city\": \"Oslo\"} {} | false",
                "EXTRACTION | \"Oslo\" | false",
                "RANKING | [\"b\", \"a\", 7] | true",
                "RANKING | [[\"b\"]] | false",
                "RANKING | b, a | false",
            })
    void anAnswerIsWhatTheWorkloadsKindSays(Workload.Kind kind, String text, boolean isAnswer) {
        Attempt attempt = said(outputs(kind), text.replace('~', '\n'));

        assertThat(attempt.answered()).isEqualTo(isAnswer);
        assertThat(attempt.arm().getErrorCode()).isEqualTo(isAnswer ? "" : Attempt.INVALID_OUTPUT);
        assertThat(attempt.arm().getTextDigest().isEmpty())
                .isEqualTo(!isAnswer || kind == Workload.Kind.CLASSIFICATION);
    }

    @Test
    void whoDeclinesInWordsWhereJsonWasAskedForHasAnsweredAndRefused() {
        Arm arm = said(outputs(Workload.Kind.EXTRACTION), "I'm sorry, but I can't help with that.")
                .arm();

        assertThat(arm.getErrorCode()).isEmpty();
        assertThat(arm.getSchemaValid()).isFalse();
        assertThat(arm.getRefusal()).isEqualTo(Refusal.REFUSAL_REFUSED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CLASSIFICATION | yes | yes | 1 | true",
                "CLASSIFICATION | yes | no | 0 | false",
                "GENERATION | The oil is changed every year. | the oil is changed every year | 1 | true",
                "EXTRACTION | {\"a\": 1.0, \"b\": \"x\"} | {\"b\": \"x\", \"a\": 1} | 1 | true",
                "EXTRACTION | {\"a\": 1, \"b\": 2} | {\"a\": 1, \"b\": 3} | 0.5 | false",
                "RANKING | [\"a\", \"b\"] | [\"a\", \"b\"] | 1 | true",
                "TRANSCRIPT | one two three four | one two three for | 0.75 | false",
            })
    void twoAnswersCompareByTheirKindsMeasure(
            Workload.Kind kind, String one, String other, double score, boolean agrees) {
        Outputs outputs = outputs(kind);

        Comparison comparison = outputs.compare(said(outputs, one), said(outputs, other));

        assertThat(comparison)
                .isEqualTo(Comparison.newBuilder()
                        .setDefinition(AnswerRule.definitions(kind).getFirst())
                        .setAgreement(score)
                        .setAgrees(agrees)
                        .build());
    }

    @ParameterizedTest
    @EnumSource(Workload.Kind.class)
    void anAnswerThatCallsToolsIsOneWhateverTheKind(Workload.Kind kind) {
        Outputs outputs = outputs(kind);
        Attempt attempt = called(outputs, CALL);

        assertThat(attempt.answered()).isTrue();
        assertThat(attempt.arm().getLabel()).isEmpty();
        assertThat(attempt.arm().getTextDigest().size()).isEqualTo(32);
        assertThat(attempt.arm().getRefusalDefinition()).isEqualTo("tool-calls/1");
    }

    @Test
    void theSameToolsAgreeOnlyWithTheSameArguments() {
        Outputs outputs = outputs(Workload.Kind.GENERATION);
        Attempt reference = called(outputs, CALL);

        Comparison same = outputs.compare(reference, called(outputs, CALL.replace("3}", "3.0}")));
        assertThat(same.getDefinition()).isEqualTo("tool-calls/1");
        assertThat(same.getAgrees()).isTrue();
        Comparison other = outputs.compare(reference, called(outputs, CALL.replace("Oslo", "Rome")));
        assertThat(other.getAgreement()).isCloseTo(2 / 3.0, within(1e-9));
        assertThat(other.getAgrees()).isFalse();
        Comparison words = outputs.compare(reference, said(outputs, CALL));
        assertThat(words.getDefinition()).isEqualTo("tool-calls/1");
        assertThat(words.getAgreement()).isZero();
    }
}
