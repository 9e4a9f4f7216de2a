// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.FeedbackFaults;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.Judgement;
import io.edgewise.contracts.v1.LabelProbability;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.evaluator.judge.Sealed;
import io.edgewise.evaluator.judge.Verdict;
import org.junit.jupiter.api.Test;

class SealedTest {
    private static final long NOW = 1_760_000_000_000L;
    private static final Sealed.Place PLACE = new Sealed.Place(Samples.TENANT, "edgewise.judge", 77, 5);

    private static Feedback feedback(Observation observation, Sealed.Said said) {
        return Sealed.feedback(PLACE, NOW, Sealed.token(observation, Samples.SECRETS), said);
    }

    private static Observation.Builder pair() {
        return Samples.pair("device-1", 1, NOW)
                .clearArms()
                .addArms(Samples.champion("transfer"))
                .addArms(Samples.challenger("balance", 0.8));
    }

    private static FeedbackContext opened(Feedback feedback) {
        FeedbackTokens.Opened opened = new FeedbackTokens(Samples.SECRETS).open(feedback, NOW);
        assertThat(opened).isInstanceOf(FeedbackTokens.Context.class);
        return ((FeedbackTokens.Context) opened).context();
    }

    @Test
    void theTokenSaysWhatTheDevicesOwnWouldSay() {
        Feedback feedback = feedback(pair().build(), new Sealed.Said.Judged("judge", Verdict.CHALLENGER));

        assertThat(FeedbackFaults.of(feedback, NOW)).isEmpty();
        assertThat(opened(feedback).toBuilder().clearObservation().build().getArmsList())
                .containsExactlyInAnyOrderElementsOf(
                        Samples.context("device-1", NOW / 60_000, "balance", 0.8, "transfer")
                                .build()
                                .getArmsList());
        assertThat(opened(feedback).getRollout()).isEqualTo(Samples.ROLLOUT);
        assertThat(opened(feedback).getPairingRateBp()).isEqualTo(10_000);
        assertThat(feedback.getJudgement().getVerdict()).isEqualTo(Judgement.Verdict.VERDICT_CHALLENGER_RIGHT);
    }

    @Test
    void aVerdictGoesToTheStageCohortAndMinuteOfTheAnswer() {
        Observation canary = pair().setStage(2)
                .setCohort(Cohort.COHORT_CANARY)
                .setEventTimeMs(NOW - 7 * 60_000)
                .build();
        FeedbackContext context = opened(feedback(canary, new Sealed.Said.Judged("judge", Verdict.CHAMPION)));

        assertThat(context.getStage()).isEqualTo(2);
        assertThat(context.getCohort()).isEqualTo(Cohort.COHORT_CANARY);
        assertThat(context.getMinute()).isEqualTo(NOW / 60_000 - 7);
    }

    @Test
    void aFailedArmAndOneWithoutALabelStaySo() {
        FeedbackContext context = opened(feedback(
                pair().clearArms()
                        .addArms(Samples.failed(Role.ROLE_CHAMPION))
                        .addArms(Samples.challenger("", 0.8))
                        .build(),
                new Sealed.Said.Truth("balance")));

        assertThat(context.getArms(0).getFailed()).isTrue();
        assertThat(context.getArms(1).getLabelHash()).isZero();
    }

    @Test
    void aConfidenceBesideProbabilitiesOfMoreThanOneIsNotSaid() {
        LabelProbability score = LabelProbability.newBuilder()
                .setLabel("balance")
                .setProbability(0.8)
                .build();
        Observation.Builder scores = pair();
        scores.getArmsBuilder(1).addTop(score).addTop(score);
        FeedbackContext context = opened(feedback(scores.build(), new Sealed.Said.Truth("balance")));

        assertThat(context.getArms(1).hasConfidence()).isFalse();
        assertThat(context.getArms(1).getLabelHash()).isNotZero();
    }

    @Test
    void slicesThatDoNotFitAreLeftOutAndTheTokenStillOpens() {
        Observation.Builder wide = pair();
        for (int i = 0; i < 30; i++) {
            wide.putSlices("attribute-" + i, "a value of some length " + i);
        }
        Feedback feedback = feedback(wide.build(), new Sealed.Said.Judged("judge", Verdict.TIE));

        assertThat(feedback.getToken().size()).isLessThanOrEqualTo(512);
        assertThat(opened(feedback).getSlicesMap()).isNotEmpty().containsKey("attribute-0");
    }
}
