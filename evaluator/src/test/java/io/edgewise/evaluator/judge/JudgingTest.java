// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.TextUse;
import io.edgewise.evaluator.Samples;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgingTest {
    private static final DisagreementKey KEY = new DisagreementKey(Samples.ROLLOUT, 29_000_000, -1);

    private static Disagreement disagreement(Observation.Builder observation) {
        return new Disagreement(KEY, observation.build());
    }

    private static Observation.Builder texts() {
        return Samples.pair("device-1", 1, 0)
                .clearArms()
                .addArms(Samples.champion("transfer").toBuilder().setText("I transfer you."))
                .addArms(Samples.challenger("balance", 0.9))
                .setRequestText("how much do I have")
                .addTextUses(TextUse.TEXT_USE_JUDGE);
    }

    @ParameterizedTest
    @CsvSource({
        "FIRST, SECOND, CHAMPION, true",
        "SECOND, FIRST, CHALLENGER, true",
        "TIE, TIE, TIE, true",
        "BOTH_WRONG, BOTH_WRONG, BOTH_WRONG, true",
        "FIRST, FIRST, TIE, false",
        "SECOND, SECOND, TIE, false",
        "FIRST, TIE, TIE, false",
        "TIE, BOTH_WRONG, TIE, false",
        "BOTH_WRONG, SECOND, TIE, false"
    })
    void whatChangesWithTheOrderIsATie(Choice straight, Choice swapped, Verdict verdict, boolean consistent) {
        BothOrders both = new BothOrders(straight, swapped);

        assertThat(both.verdict()).isEqualTo(verdict);
        assertThat(both.isConsistent()).isEqualTo(consistent);
    }

    @Test
    void aJudgeThatAlwaysPrefersAPlaceNeverFavoursAnArm() {
        for (Choice choice : List.of(Choice.FIRST, Choice.SECOND)) {
            assertThat(new BothOrders(choice, choice).verdict()).isEqualTo(Verdict.TIE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 ", "3", "both_wrong", "", "TIE", "answer 1", "first"})
    void aWordThatWasNotAskedForIsNoChoice(String word) {
        assertThat(Choice.of(word)).isEmpty();
    }

    @Test
    void textsGoToAJudgeOnlyWhereTheRecordSaysSo() {
        assertThat(disagreement(texts()).toCase())
                .isEqualTo(new Disagreement.Case.Open(
                        Samples.WORKLOAD, "how much do I have", "I transfer you.", "balance"));
        assertThat(disagreement(texts().clearTextUses()).toCase())
                .isEqualTo(new Disagreement.Case.Closed("no consent to a judge"));
        assertThat(disagreement(texts().clearTextUses().addTextUses(TextUse.TEXT_USE_TRAINING))
                        .toCase())
                .isEqualTo(new Disagreement.Case.Closed("no consent to a judge"));
    }

    @Test
    void withoutTheRequestOrAnAnswerThereIsNothingToJudge() {
        assertThat(disagreement(texts().setRequestText(" ")).toCase())
                .isEqualTo(new Disagreement.Case.Closed("no text"));
        assertThat(disagreement(texts().setArms(1, Arm.newBuilder().setRole(Role.ROLE_CHALLENGER)))
                        .toCase())
                .isEqualTo(new Disagreement.Case.Closed("no text"));
        assertThat(disagreement(Samples.pair("device-1", 1, 0)).toCase())
                .isEqualTo(new Disagreement.Case.Closed("no text"));
    }

    @Test
    void theTrueLabelSaysWhoWasRight() {
        Disagreement disagreement = disagreement(texts());

        assertThat(disagreement.by("balance")).hasValue(Verdict.CHALLENGER);
        assertThat(disagreement.by("transfer")).hasValue(Verdict.CHAMPION);
        assertThat(disagreement.by("card")).hasValue(Verdict.BOTH_WRONG);
        assertThat(disagreement(Samples.pair("device-1", 1, 0)).by("balance")).isEmpty();
    }

    @Test
    void aKeyComesBackFromItsId() {
        for (DisagreementKey key :
                List.of(KEY, new DisagreementKey("", 0, 7), new DisagreementKey("", 1, Long.MIN_VALUE))) {
            assertThat(DisagreementKey.of(key.id())).hasValue(key);
        }
        for (String id : List.of("", "-~1", "-~1~7", "x~1~0000000000000007", "-~-1~0000000000000007", KEY.id() + "0")) {
            assertThat(DisagreementKey.of(id)).as(id).isEmpty();
        }
    }

    @Test
    void costsAreRoundedUpAndExact() {
        PriceCard card = new PriceCard("1", "USD", PriceCard.nanos(new BigDecimal("0.15")), 600_000_000);

        assertThat(card.cost(1_000_000, 0)).isEqualTo(150_000_000);
        assertThat(card.cost(1, 0)).isEqualTo(150);
        assertThat(card.cost(3, 1)).isEqualTo(3 * 150 + 600);
        assertThat(new PriceCard("1", "USD", 1, 0).cost(1, 0)).isEqualTo(1);
        assertThat(new PriceCard("1", "USD", 0, 0).cost(9_999, 9_999)).isZero();
        assertThatThrownBy(() -> new PriceCard("1", "usd", 0, 0)).hasMessageContaining("ISO 4217");
    }

    @Test
    void aPromptThatDoesNotAskForTheWordsIsRefused() {
        assertThat(Prompt.DEFAULT.text()).contains("{\"verdict\": \"both-wrong\"}");
        assertThatThrownBy(() -> new Prompt("mine/1", "Which is better, A or B?"))
                .hasMessageContaining("both-wrong");
        assertThatThrownBy(() -> new Prompt(" ", Prompt.DEFAULT.text())).hasMessageContaining("version");
    }
}
