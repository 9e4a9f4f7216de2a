// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.drift.DriftJudge.Step;
import io.edgewise.drift.Retraining.Accuracy;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetrainingTest {
    private final Retraining retraining = Retraining.DEFAULT;

    @Test
    void aBuildIsDueNinetyDaysAfterItsTraining() {
        LocalDate trained = LocalDate.of(2026, 1, 1);

        assertThat(retraining.byAge(trained, trained.plusDays(89))).isEmpty();
        assertThat(retraining.byAge(trained, trained.plusDays(90)).orElseThrow().sentence())
                .isEqualTo("trained on 2026-01-01, 90 days ago");
    }

    @Test
    void aFallOfMoreThanFivePointsOnTheHoldoutMakesABuildDue() {
        Accuracy reference = new Accuracy(920, 1_000);

        assertThat(retraining
                        .byHoldout(reference, new Accuracy(860, 1_000))
                        .orElseThrow()
                        .sentence())
                .startsWith("accuracy on the reference holdout fell by 6.0 points (at least 3.")
                .endsWith("from 920 of 1000 to 860 of 1000");
        assertThat(retraining.byHoldout(reference, new Accuracy(880, 1_000))).isEmpty();
        assertThat(retraining.byHoldout(reference, new Accuracy(960, 1_000))).isEmpty();
    }

    @Test
    void aFallThatChanceExplainsMakesNothingDue() {
        assertThat(retraining.byHoldout(new Accuracy(28, 30), new Accuracy(26, 30)))
                .isEmpty();
    }

    @Test
    void aRunOfNothingIsNoFall() {
        assertThat(retraining.byHoldout(new Accuracy(90, 100), new Accuracy(0, 0)))
                .isEmpty();
        assertThatThrownBy(() -> new Accuracy(3, 2)).hasMessageContaining("0 <= correct <= n");
    }

    @Test
    void driftMakesABuildDueWhenAFindingBeginsToCallForAction() {
        Finding warn = finding(Severity.WARN);
        Finding act = finding(Severity.ACT);

        assertThat(retraining.byDrift(new Step.Open(warn), List.of())).isEmpty();
        assertThat(retraining.byDrift(new Step.Open(act), List.of(act))).isPresent();
        assertThat(retraining.byDrift(new Step.Update(act, false), List.of(act)))
                .isEmpty();
        assertThat(retraining
                        .byDrift(new Step.Update(act, true), List.of(act))
                        .orElseThrow()
                        .sentence())
                .isEqualTo("drift that calls for action on confidence in region=south");
        assertThat(retraining.byDrift(new Step.Close(act, 9, DriftJudge.Ending.CALM), List.of()))
                .isEmpty();
    }

    private static Finding finding(Severity severity) {
        return new Finding("F", "region=south", "confidence", severity, 1, 1, 0, "", List.of());
    }
}
