// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.ValueGrid;
import org.junit.jupiter.api.Test;

/// Times to the first token, lengths, arrivals, scores and the margins of agreement.
class MeasuresTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final String DEVICE = "device-1";

    private final LaneTools tools = Benches.tools(3);
    private final Book book = Benches.book(tools);
    private final Lane lane = Benches.lane(Inlet.OBSERVATIONS, tools, book);
    private final Lane feedback = Benches.lane(Inlet.FEEDBACK, tools, book);
    private long seq;

    @Test
    void timesToTheFirstTokenAreOfTheUserAndOfTheArmsThatAnswered() {
        accept(pair().setServedTimeToFirstTokenUs(41_000)
                .setArms(0, Samples.champion("a").toBuilder().setTimeToFirstTokenUs(40_000))
                .setArms(1, Samples.challenger("a", 0.9).toBuilder().setTimeToFirstTokenUs(0)));
        accept(pair().clearComparison()
                .setArms(1, failed().setTimeToFirstTokenUs(7).setOutputLength(3)));

        for (Tally tally : new Tally[] {window(), evidence()}) {
            assertThat(tally.get(Measures.USER_FIRST_TOKEN, LogGrid.cell(41_000)))
                    .isEqualTo(1);
            assertThat(tally.sum(Measures.USER_FIRST_TOKEN)).isEqualTo(1);
            assertThat(tally.get(Measures.ARM_FIRST_TOKEN + 1, LogGrid.cell(40_000)))
                    .isEqualTo(1);
            assertThat(tally.sum(Measures.ARM_FIRST_TOKEN + 1)).isEqualTo(1);
            assertThat(tally.get(Measures.ARM_FIRST_TOKEN + 2, LogGrid.cell(0))).isEqualTo(1);
            assertThat(tally.sum(Measures.ARM_FIRST_TOKEN + 2)).isEqualTo(1);
            assertThat(tally.sum(Measures.OUTPUT_LENGTH + 2)).isZero();
        }
    }

    /// The champion answered them, as the device must: a promotion may not rest on how fast and cheap that was.
    @Test
    void whatCanaryUnitsMetAfterTheirLeaseIsNoEvidenceOfTheChallenger() {
        for (String reason : new String[] {"", "challenger-timeout", "lease-expired", "expired-offline"}) {
            accept(pair().setCohort(Cohort.COHORT_CANARY)
                    .setStage(1)
                    .setFallbackReason(reason)
                    .setServedLatencyUs(41_000)
                    .setServedTimeToFirstTokenUs(7_000)
                    .setServedCost(Samples.money(400)));
        }

        assertThat(evidence().sum(Measures.REQUESTS)).isEqualTo(4);
        assertThat(evidence().sum(Measures.USER_LATENCY)).isEqualTo(2);
        assertThat(evidence().sum(Measures.USER_FIRST_TOKEN)).isEqualTo(2);
        assertThat(evidence().get(Measures.USER_COST, 1)).isEqualTo(2);
    }

    @Test
    void lengthsOfOutputsAreShownAndNoEvidence() {
        accept(pair().setArms(0, Samples.champion("a").toBuilder().setOutputLength(17))
                .setArms(1, Samples.challenger("a", 0.9).toBuilder().setOutputLength(1_000_000)));

        assertThat(window().get(Measures.OUTPUT_LENGTH + 1, ValueGrid.cell(17))).isEqualTo(1);
        assertThat(window().get(Measures.OUTPUT_LENGTH + 2, ValueGrid.cell(1_000_000)))
                .isEqualTo(1);
        assertThat(evidence().measures()).noneMatch(name -> name.startsWith(Measures.OUTPUT_LENGTH));
    }

    @Test
    void arrivalIsFromTheEventToTheLogAndZeroFromTheFuture() {
        accept(pair().setEventTimeMs(NOW - 1_500));
        accept(pair().setEventTimeMs(NOW));
        accept(pair().setEventTimeMs(NOW + 60_000));

        Tally all = new Tally();
        Written.windows(book.changes()).forEach(entry -> {
            if (entry.getKey().slice().equals(Stratum.ALL)) {
                all.merge(entry.getValue());
            }
        });
        assertThat(all.get(Measures.ARRIVAL, LogGrid.cell(1_500))).isEqualTo(1);
        assertThat(all.get(Measures.ARRIVAL, LogGrid.cell(0))).isEqualTo(2);
        assertThat(evidence().measures()).doesNotContain(Measures.ARRIVAL);
    }

    @Test
    void scoresOfAgreementAreOfComparedPairs() {
        accept(pair().setComparison(Samples.agreement(true).toBuilder().setAgreement(0.875)));
        accept(pair().setComparison(Samples.agreement(false).toBuilder().setAgreement(0.25)));
        accept(pair().setComparison(Samples.agreement(true).toBuilder().setAgreement(1.0000001)));
        accept(pair().clearComparison());
        accept(pair().setPairingSelected(false));

        assertThat(evidence().get(Measures.AGREEMENT_SCORE, 0)).isEqualTo(2_125_000_000L);
        assertThat(evidence().get(Measures.AGREEMENT_SCORE, 1)).isEqualTo(3);
        assertThat(evidence().get(Measures.PAIRS, 0) + evidence().get(Measures.PAIRS, 1))
                .isEqualTo(3);
    }

    @Test
    void labelsOfComparedPairsAreTheMarginsOfKappa() {
        accept(pair());
        accept(pair().setArms(1, Samples.challenger("transfer", 0.9)).setComparison(Samples.agreement(false)));
        // One without a label, one that was not compared.
        accept(pair().setArms(
                        1,
                        Samples.challenger("", 0.9).toBuilder()
                                .setTextDigest(com.google.protobuf.ByteString.copyFrom(new byte[32]))));
        accept(pair().clearComparison());

        int balance = LabelHash.bucket("balance");
        assertThat(balance).isNotNegative();
        assertThat(evidence().get(Measures.PAIR_LABELS + 1, balance)).isEqualTo(2);
        assertThat(evidence().sum(Measures.PAIR_LABELS + 1)).isEqualTo(2);
        assertThat(evidence().get(Measures.PAIR_LABELS + 2, balance)).isEqualTo(1);
        assertThat(evidence().get(Measures.PAIR_LABELS + 2, LabelHash.bucket("transfer")))
                .isEqualTo(1);
        assertThat(evidence().sum(Measures.PAIR_LABELS + 2)).isEqualTo(2);
    }

    @Test
    void tokensComeWithTheLatencyOfTheAnswersThatStatedThem() {
        accept(pair().setArms(
                        1,
                        Samples.challenger("balance", 0.9).toBuilder()
                                .setTokensOut(5)
                                .setLatencyUs(2_000_000)));
        accept(pair());

        assertThat(evidence().get(Measures.TOKENS, 4)).isEqualTo(24);
        assertThat(evidence().get(Measures.TOKENS, 5)).isEqualTo(4);
        assertThat(evidence().get(Measures.TOKENS, 6)).isEqualTo(2);
        assertThat(evidence().get(Measures.TOKENS, 7)).isEqualTo(220_000);
        assertThat(evidence().get(Measures.TOKENS, 8)).isZero();
        assertThat(evidence().get(Measures.TOKENS, 9)).isEqualTo(5);
        assertThat(evidence().get(Measures.TOKENS, 10)).isEqualTo(1);
        assertThat(evidence().get(Measures.TOKENS, 11)).isEqualTo(2_000_000);
    }

    @Test
    void scoresOfUsersAreAddedUp() {
        FeedbackContext context = Samples.context(DEVICE, NOW / 60_000, "balance", 0.8, "transfer")
                .build();
        double[] scores = {0.5, 0, 1, 1.0000005, 0.123456};
        for (int i = 0; i < scores.length; i++) {
            feedback.accept(Samples.inbound(
                    i,
                    NOW,
                    Samples.truth(context, i + 1, NOW, "x").setScore(scores[i]).build()));
        }

        for (Tally tally : new Tally[] {window(), evidence()}) {
            assertThat(tally.get(Measures.SCORES, 0)).isEqualTo(2_623_456);
            assertThat(tally.get(Measures.SCORES, 1)).isEqualTo(5);
        }
    }

    private static Arm.Builder failed() {
        return Samples.failed(Role.ROLE_CHALLENGER).toBuilder();
    }

    private Observation.Builder pair() {
        return Samples.pair(DEVICE, ++seq, NOW);
    }

    private void accept(Observation.Builder observation) {
        lane.accept(Samples.inbound(lane.nextOffset(), NOW, observation.build()));
        assertThat(lane.rejected()).isEmpty();
    }

    private Tally evidence() {
        return Written.evidence(book.changes()).stream()
                .filter(row -> row.key().stratum().slice().equals(Stratum.ALL))
                .findFirst()
                .orElseThrow()
                .tally();
    }

    private Tally window() {
        return Written.windows(book.changes()).stream()
                .filter(entry -> entry.getKey().slice().equals(Stratum.ALL))
                .findFirst()
                .orElseThrow()
                .getValue();
    }
}
