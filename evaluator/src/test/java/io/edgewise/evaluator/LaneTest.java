// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.Judgement;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.contracts.v1.Thumb;
import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaneTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long MINUTE = NOW / 60_000;
    private static final String DEVICE = "device-1";
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);

    private final LaneTools tools = Benches.tools(3);
    private final Book book = Benches.book(tools);
    private final Book said = Benches.book(tools);
    private final Lane lane = Benches.lane(Inlet.OBSERVATIONS, tools, book);
    private final Lane feedback = Benches.lane(Inlet.FEEDBACK, tools, said);
    private long offset;

    @Test
    void aPairIsCountedByEveryMeasureItSpeaksOf() {
        accept(Samples.pair(DEVICE, 1, NOW).putFeatures("words", 7));

        Tally window = window(Stratum.ALL);
        assertThat(window.get(Measures.REQUESTS, 0)).isEqualTo(1);
        assertThat(window.get(Measures.SERVED, 1)).isEqualTo(1);
        assertThat(window.get(Measures.ATTEMPTS, 2)).isEqualTo(1);
        assertThat(window.get(Measures.ATTEMPTS, 4)).isEqualTo(1);
        assertThat(window.get(Measures.ASSIGNED, 0)).isEqualTo(1);
        assertThat(window.get(Measures.PAIRS, 0)).isEqualTo(1);
        assertThat(window.get(Measures.PAIR_REFUSALS, 0)).isEqualTo(1);
        assertThat(window.get(Measures.REFUSALS, 4)).isEqualTo(1);
        assertThat(window.get(Measures.USER_LATENCY, LogGrid.cell(120_000))).isEqualTo(1);
        assertThat(window.get(Measures.ARM_LATENCY + 2, LogGrid.cell(900))).isEqualTo(1);
        assertThat(window.get(Measures.USER_COST, 0)).isEqualTo(3_000);
        assertThat(window.get(Measures.USER_COST, 1)).isEqualTo(1);
        assertThat(window.get(Measures.ARM_COST, 2)).isEqualTo(3_000);
        assertThat(window.get(Measures.TOKENS, 4)).isEqualTo(12);
        assertThat(window.get(Measures.TOKENS, 5)).isEqualTo(2);
        assertThat(window.get(Measures.TOKENS, 6)).isEqualTo(1);
        int bin = Reliability.bin(0.9);
        assertThat(window.get(Measures.AGREEMENT_CALIBRATION, 4 * bin)).isEqualTo(1);
        assertThat(window.get(Measures.AGREEMENT_CALIBRATION, 4 * bin + 1)).isEqualTo(1);
        assertThat(window.get(Measures.AGREEMENT_CALIBRATION, 4 * bin + 2)).isEqualTo(900_000_000);
        assertThat(window.get(Measures.CONFIDENCE, UnitGrid.cell(0.9))).isEqualTo(1);
        assertThat(window.get(Measures.ENTROPY, LogGrid.cell(0.25))).isEqualTo(1);
        assertThat(window.get(Measures.FEATURE + "words", ValueGrid.cell(7))).isEqualTo(1);
    }

    @Test
    void theEnergyThatTheArmsOfARequestTookIsSummedWhereOneStatesIt() {
        Observation.Builder stated = Samples.pair(DEVICE, 1, NOW);
        stated.getArmsBuilder(0).setEnergyUj(800);
        stated.getArmsBuilder(1).setEnergyUj(4_200);
        accept(stated);
        accept(Samples.pair(DEVICE, 2, NOW));

        Tally window = window(Stratum.ALL);
        assertThat(window.get(Measures.REQUESTS, 0)).isEqualTo(2);
        assertThat(window.get(Measures.USER_ENERGY, 0)).isEqualTo(5_000);
        assertThat(window.get(Measures.USER_ENERGY, 1)).isEqualTo(1);
    }

    @Test
    void evidenceHoldsTheSameWithoutDriftFeatures() {
        accept(Samples.pair(DEVICE, 1, NOW).putFeatures("words", 7));

        Tally evidence = evidence(SHADOW);
        assertThat(evidence.get(Measures.PAIRS, 0)).isEqualTo(1);
        assertThat(evidence.get(Measures.DEVICES, 0)).isEqualTo(1);
        assertThat(evidence.measures())
                .doesNotContain(Measures.CONFIDENCE, Measures.ENTROPY, Measures.FEATURE + "words");
    }

    @Test
    void missingDataIsNeverAgreement() {
        accept(without(Role.ROLE_CHALLENGER, 1));
        accept(without(Role.ROLE_CHALLENGER, 2).addArms(Samples.failed(Role.ROLE_CHALLENGER)));
        accept(Samples.pair(DEVICE, 3, NOW).clearComparison());
        accept(without(Role.ROLE_CHAMPION, 4).setServed(Role.ROLE_CHALLENGER));
        accept(without(Role.ROLE_CHAMPION, 5)
                .setServed(Role.ROLE_CHALLENGER)
                .addArms(Samples.failed(Role.ROLE_CHAMPION)));
        accept(Samples.pair(DEVICE, 6, NOW)
                .clearArms()
                .clearServed()
                .clearComparison()
                .addArms(Samples.failed(Role.ROLE_CHALLENGER)));
        accept(Samples.pair(DEVICE, 7, NOW).setComparison(Samples.agreement(false)));

        Tally evidence = evidence(SHADOW);
        assertThat(evidence.get(Measures.PAIRS, 0)).isZero();
        assertThat(evidence.get(Measures.PAIRS, 1)).isEqualTo(1);
        assertThat(evidence.get(Measures.PAIRS, 2)).isEqualTo(3);
        assertThat(evidence.get(Measures.PAIRS, 3)).isEqualTo(3);
    }

    @Test
    void theCanaryOwnsTheFailuresThatAFallBackHides() {
        accept(Samples.pair(DEVICE, 1, NOW)
                .setStage(1)
                .setCohort(Cohort.COHORT_CANARY)
                .setPairingSelected(false)
                .setPairingRateBp(1_000)
                .clearComparison()
                .clearArms()
                .addArms(Samples.failed(Role.ROLE_CHALLENGER))
                .addArms(Samples.champion("balance"))
                .setFallbackReason("challenger-timeout"));

        Tally evidence = evidence(new Stratum(1, Cohort.COHORT_CANARY, 1_000, false, Stratum.ALL));
        assertThat(evidence.get(Measures.ASSIGNED, 0)).isEqualTo(1);
        assertThat(evidence.get(Measures.ASSIGNED, 1)).isEqualTo(1);
        assertThat(evidence.get(Measures.DETOURS, 0)).isEqualTo(1);
        assertThat(evidence.sum(Measures.PAIRS)).isZero();
    }

    @Test
    void escalatedRequestsAreAStratumOfTheirOwn() {
        accept(Samples.pair(DEVICE, 1, NOW)
                .setStage(1)
                .setCohort(Cohort.COHORT_CANARY)
                .setEscalated(true)
                .setPairingSelected(false));

        assertThat(evidence(new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL))
                        .isEmpty())
                .isTrue();
        Tally escalated = evidence(new Stratum(1, Cohort.COHORT_CANARY, 10_000, true, Stratum.ALL));
        assertThat(escalated.get(Measures.PAIRS, 0)).isEqualTo(1);
        assertThat(escalated.get(Measures.DETOURS, 1)).isEqualTo(1);
    }

    /// The frontier served, and the edge's answer beside it would have been doubted: nobody was led elsewhere.
    @Test
    void pairsOfShadowThatWouldBeDoubtedAreTooButNoDetour() {
        accept(Samples.pair(DEVICE, 1, NOW).setEscalated(true).setEscalation("mirror:low-confidence"));

        assertThat(evidence(SHADOW).isEmpty()).isTrue();
        Tally doubted = evidence(new Stratum(0, Cohort.COHORT_CONTROL, 10_000, true, Stratum.ALL));
        assertThat(doubted.get(Measures.PAIRS, 0)).isEqualTo(1);
        assertThat(doubted.sum(Measures.DETOURS)).isZero();
    }

    @Test
    void emulatorsAndTheReferenceSetAreAccountedForAndNeverEvidence() {
        Observation.Builder emulated = Samples.pair(DEVICE, 1, NOW);
        emulated.getContextBuilder().setEmulated(true);
        accept(emulated);
        accept(Samples.holdout(DEVICE, 2, NOW, true));

        assertThat(Written.evidence(book.changes())).isEmpty();
        assertThat(Written.windows(book.changes())).isEmpty();
        assertThat(accounts().counted()).isEqualTo(2);
    }

    @Test
    void answersToAReferenceSetAreCountedByBuildAndSet() {
        accept(Samples.holdout(DEVICE, 1, NOW, true));
        accept(Samples.holdout(DEVICE, 2, NOW, false));
        accept(Samples.holdout(DEVICE, 2, NOW, false));
        Observation.Builder failed = Samples.holdout(DEVICE, 3, NOW, true);
        failed.getArmsBuilder(0).setErrorCode("timeout");
        accept(failed);
        Observation.Builder none = Samples.holdout(DEVICE, 4, NOW, true);
        none.getHoldoutBuilder().clearCorrect();
        accept(none);
        accept(Samples.holdout(DEVICE, 5, NOW, true).clearHoldout());

        assertThat(book.changes().holdouts())
                .containsExactly(new BookChanges.Holdout(
                        new HoldoutAnswers.Key(Samples.TENANT, Samples.WORKLOAD, "intent-int4", "intents@0123456789ab"),
                        new HoldoutAnswers.Sums(4, 1, 2, 2, 500, 125_000)));
        book.written();
        assertThat(book.isDirty()).isFalse();
        assertThat(book.changes().holdouts()).isEmpty();
        assertThat(lane.rejected()).isEmpty();
    }

    @Test
    void aBlockHoldsADevicesFirstTwentyPairsAndNoMore() {
        for (int seq = 1; seq <= 30; seq++) {
            accept(Samples.pair(DEVICE, seq, NOW).setComparison(Samples.agreement(seq % 4 != 0)));
        }

        Tally evidence = evidence(SHADOW);
        assertThat(evidence.read(Measures.BLOCKS_DISAGREE).buckets()).containsExactly(Measures.block(20, 5));
        assertThat(evidence.read(Measures.BLOCKS_DISAGREE_SAFE).buckets()).containsExactly(Measures.block(20, 5));
        assertThat(evidence.read(Measures.BLOCKS_ERROR).buckets()).containsExactly(Measures.block(20, 0));
        assertThat(evidence.read(Measures.BLOCKS_REFUSAL).buckets()).containsExactly(Measures.block(20, 0));
        assertThat(evidence.sum(Measures.BLOCKS_DISAGREE)).isEqualTo(1);
    }

    @Test
    void aBlockClosesEarlyWhenItsStratumChanges() {
        accept(Samples.pair(DEVICE, 1, NOW).setComparison(Samples.agreement(false)));
        accept(Samples.pair(DEVICE, 2, NOW));
        accept(Samples.pair(DEVICE, 3, NOW).setStage(1).setPairingRateBp(1_000));
        accept(Samples.pair(DEVICE, 4, NOW));

        assertThat(evidence(SHADOW).read(Measures.BLOCKS_DISAGREE).buckets()).containsExactly(Measures.block(2, 1));
        assertThat(evidence(new Stratum(1, Cohort.COHORT_CONTROL, 1_000, false, Stratum.ALL))
                        .sum(Measures.BLOCKS_DISAGREE))
                .isZero();
    }

    @Test
    void aBlockClosesAfterAnHourOfAppendTime() {
        Observation refusing = Samples.pair(DEVICE, 1, NOW)
                .clearArms()
                .addArms(Samples.champion("balance"))
                .addArms(Samples.challenger("none", 0.2).toBuilder().setRefusal(Refusal.REFUSAL_REFUSED))
                .build();
        lane.accept(Samples.inbound(0, NOW, refusing));
        lane.accept(Samples.inbound(
                1, NOW + 3_600_000, Samples.pair("device-2", 1, NOW).build()));

        assertThat(evidence(SHADOW).read(Measures.BLOCKS_REFUSAL).buckets()).containsExactly(Measures.block(1, 1));
        assertThat(evidence(SHADOW).get(Measures.DEVICES, 0)).isEqualTo(2);
    }

    @Test
    void anIdleLaneClosesBlocksByTheClock() {
        accept(Samples.pair(DEVICE, 1, NOW));
        flushed();
        lane.idleUntil(NOW + 3_600_000);

        assertThat(lane.isDirty()).isTrue();
        assertThat(evidence(SHADOW).read(Measures.BLOCKS_DISAGREE).buckets()).containsExactly(Measures.block(1, 0));
    }

    @Test
    void lateRecordsAreAccountedForAndInNoWindow() {
        long event = NOW - Duration.ofHours(25).toMillis();
        accept(Samples.pair(DEVICE, 1, event));

        assertThat(Written.windows(book.changes())).isEmpty();
        assertThat(Written.evidence(book.changes())).isEmpty();
        assertThat(accounts().late()).isEqualTo(1);
    }

    @Test
    void aSmallFutureSkewCountsInTheMinuteOfArrival() {
        accept(Samples.pair(DEVICE, 1, NOW + 120_000));

        assertThat(Written.windows(book.changes()))
                .allSatisfy(entry -> assertThat(entry.getKey().minute()).isEqualTo(MINUTE));
        assertThat(book.counted()).containsEntry(Counters.CLOCK_AHEAD, 1L);
    }

    @Test
    void aDeviceThatGoesBackToASpoolItLeftIsSuspectedOfBeingTwo() {
        accept(Samples.pair(DEVICE, 1, NOW).setSpoolEpoch(1));
        accept(Samples.pair(DEVICE, 1, NOW).setSpoolEpoch(2));
        assertThat(book.counted()).doesNotContainKey(Counters.CLONE_SUSPECTED);

        accept(Samples.pair(DEVICE, 1, NOW).setSpoolEpoch(1));
        assertThat(book.counted()).doesNotContainKey(Counters.CLONE_SUSPECTED);

        accept(Samples.pair(DEVICE, 2, NOW).setSpoolEpoch(1));
        accept(Samples.pair(DEVICE, 2, NOW).setSpoolEpoch(2));
        assertThat(book.counted()).containsEntry(Counters.CLONE_SUSPECTED, 2L);
        assertThat(evidence(SHADOW).get(Measures.PAIRS, 0)).isEqualTo(4);
    }

    @Test
    void dropsAreAccountedForAsDropped() {
        accept(Samples.pair(DEVICE, 1, NOW));
        Observation.Builder drops = Samples.pair(DEVICE, 5, NOW)
                .setKind(ObservationKind.OBSERVATION_KIND_DROPS)
                .addDropped(SeqRange.newBuilder().setFirst(2).setLast(5));
        accept(drops);
        accept(drops);

        assertThat(accounts()).isEqualTo(new DeviceMark.Accounts(1, 0, 0, 4, 0, 1));
    }

    @Test
    void valuesBeyondTheCapAndLongOnesCountAsOther() {
        for (int i = 1; i <= 5; i++) {
            accept(Samples.pair(DEVICE, i, NOW).putSlices("locale", "l" + i));
        }
        Observation.Builder strange = Samples.pair(DEVICE, 6, NOW);
        strange.getContextBuilder().setDeviceClass("x".repeat(65));
        accept(strange);

        assertThat(window("locale=l3").get(Measures.REQUESTS, 0)).isEqualTo(1);
        assertThat(window("locale=l4").isEmpty()).isTrue();
        assertThat(window("locale=other").get(Measures.REQUESTS, 0)).isEqualTo(2);
        assertThat(window("device_class=phone").get(Measures.REQUESTS, 0)).isEqualTo(5);
        assertThat(window("device_class=other").get(Measures.REQUESTS, 0)).isEqualTo(1);
        assertThat(book.changes().counters()).contains(Map.entry(Counters.SLICE_OTHER, 3L));
    }

    @Test
    void trafficOutsideARolloutHasWindowsOnly() {
        accept(Samples.pair(DEVICE, 1, NOW).clearRollout().clearRevision().clearCohort());

        assertThat(window(Stratum.ALL).get(Measures.REQUESTS, 0)).isEqualTo(1);
        assertThat(Written.evidence(book.changes())).isEmpty();
    }

    @Test
    void truthCountsInTheWindowOfTheAnswerAndInTheEvidence() {
        FeedbackContext context =
                Samples.context(DEVICE, MINUTE - 3, "balance", 0.8, "transfer").build();
        accept(Samples.truth(context, 1, NOW, "balance"));
        accept(Samples.truth(context, 2, NOW, "card"));
        accept(Samples.truth(context, 3, NOW, "transfer"));

        Tally evidence = merged(said, SHADOW);
        assertThat(evidence.get(Measures.TRUTH, 4)).isEqualTo(3);
        assertThat(evidence.get(Measures.TRUTH, 5)).isEqualTo(1);
        assertThat(evidence.get(Measures.TRUTH, 2)).isEqualTo(3);
        assertThat(evidence.get(Measures.TRUTH, 3)).isEqualTo(1);
        assertThat(evidence.get(Measures.WINS, 0)).isEqualTo(1);
        assertThat(evidence.get(Measures.WINS, 1)).isEqualTo(1);
        assertThat(evidence.get(Measures.WINS, 2)).isEqualTo(1);
        int bin = Reliability.bin(0.8);
        assertThat(evidence.get(Measures.CALIBRATION, 4 * bin)).isEqualTo(3);
        assertThat(evidence.get(Measures.CALIBRATION, 4 * bin + 1)).isEqualTo(1);
        assertThat(evidence.get(Measures.CALIBRATION, 4 * bin + 2)).isEqualTo(2_400_000_000L);
        assertThat(evidence.get(Measures.CALIBRATION_GAP, 2 * 160 + 1)).isEqualTo(1);
        assertThat(evidence.get(Measures.CALIBRATION_GAP, 2 * 160)).isEqualTo(2);
        assertThat(Written.windows(said.changes()))
                .allSatisfy(entry -> assertThat(entry.getKey().minute()).isEqualTo(MINUTE - 3));
    }

    @Test
    void feedbackBlocksAreOfADevicesOwnWords() {
        FeedbackContext context =
                Samples.context(DEVICE, MINUTE, "balance", 0.8, "transfer").build();
        for (int seq = 1; seq <= 20; seq++) {
            accept(Samples.truth(context, seq, NOW, seq == 1 ? "balance" : "card"));
        }
        accept(Samples.truth(context, 1, NOW, "card").setSource("judge-1"));

        Tally evidence = merged(said, SHADOW);
        assertThat(evidence.read(Measures.BLOCKS_CALIBRATION).buckets())
                .containsExactly(Measures.block(20, 19 * 80 - 20));
        assertThat(evidence.read(Measures.BLOCKS_WINS).buckets()).containsExactly(Measures.block(20, 19 + 2));
        assertThat(evidence.get(Measures.TRUTH, 4)).isEqualTo(21);
    }

    @Test
    void thumbsAndJudgementsCount() {
        FeedbackContext context =
                Samples.context(DEVICE, MINUTE, "balance", 0.8, "transfer").build();
        accept(Samples.truth(context, 1, NOW, "x").setThumb(Thumb.THUMB_UP));
        accept(Samples.truth(context, 2, NOW, "x").setThumb(Thumb.THUMB_DOWN));
        accept(Samples.truth(context, 3, NOW, "x")
                .setJudgement(Judgement.newBuilder().setVerdict(Judgement.Verdict.VERDICT_BOTH_RIGHT)));

        Tally evidence = merged(said, SHADOW);
        assertThat(evidence.get(Measures.THUMBS, 0)).isEqualTo(1);
        assertThat(evidence.get(Measures.THUMBS, 1)).isEqualTo(1);
        assertThat(evidence.get(Measures.WINS, 3)).isEqualTo(1);
        assertThat(evidence.get(Measures.TRUTH, 5)).isEqualTo(1);
    }

    @Test
    void aTieIsHalfAWinAndSaysNothingOfRightAndWrong() {
        FeedbackContext context =
                Samples.context(DEVICE, MINUTE, "balance", 0.8, "transfer").build();
        accept(Samples.truth(context, 1, NOW, "x")
                .setJudgement(Judgement.newBuilder().setVerdict(Judgement.Verdict.VERDICT_TIE)));

        Tally evidence = merged(said, SHADOW);
        assertThat(evidence.get(Measures.WINS, 3)).isEqualTo(1);
        assertThat(evidence.read(Measures.BLOCKS_OPENED).isZero()).isFalse();
        assertThat(evidence.sum(Measures.TRUTH)).isZero();
        assertThat(evidence.sum(Measures.CALIBRATION)).isZero();
        assertThat(evidence.sum(Measures.CALIBRATION_GAP)).isZero();
    }

    @Test
    void aForgedTokenIsRefusedAndAccountedFor() {
        FeedbackContext context =
                Samples.context(DEVICE, MINUTE, "balance", 0.8, "transfer").build();
        accept(Samples.truth(context, 1, NOW, "balance")
                .setToken(Samples.token(context).toBuilder()
                        .setContext(context.toBuilder().setStage(2).build().toByteString())
                        .build()
                        .toByteString()));

        assertThat(feedback.rejected().getFirst().letter().getReasonsList()).containsExactly("token_mac:token.mac");
        assertThat(feedback.changes().totals().rejected()).isEqualTo(1);
        assertThat(Written.evidence(said.changes())).isEmpty();
    }

    @Test
    void badRecordsAreNamedAndKnownSendersAccountedFor() {
        Inbound good = Samples.inbound(0, NOW, Samples.pair(DEVICE, 1, NOW).build());
        byte[] key = Topics.key(Samples.TENANT, DEVICE);
        byte[] value = Samples.pair(DEVICE, 1, NOW).build().toByteArray();
        lane.accept(new Inbound(1, NOW, key, null, value));
        lane.accept(new Inbound(2, NOW, key, Topics.FEEDBACK_SCHEMA, value));
        lane.accept(new Inbound(3, NOW, key, "observation/2", value));
        lane.accept(new Inbound(4, NOW, Topics.key(Samples.TENANT, "other"), good.schema(), value));
        lane.accept(new Inbound(5, NOW, key, good.schema(), Arrays.copyOf(value, value.length - 3)));
        lane.accept(new Inbound(6, NOW, key, good.schema(), null));
        lane.accept(new Inbound(7, NOW, key, good.schema(), Arrays.copyOf(value, value.length + 70_000)));
        accept(Samples.pair(DEVICE, 2, NOW).setArms(1, Samples.challenger("x", Double.NaN)));

        assertThat(lane.rejected().stream().map(each -> each.letter().getReasons(0)))
                .containsExactly(
                        "schema_missing",
                        "wrong_type",
                        "schema_unsupported",
                        "key_mismatch",
                        "decode",
                        "empty",
                        "not_finite:arms[1].confidence");
        assertThat(accounts()).isEqualTo(new DeviceMark.Accounts(0, 0, 2, 0, 0, 1));
        assertThat(Written.evidence(book.changes())).isEmpty();
    }

    @Test
    void aRecordThatTheProgramFailedOnIsSetAsideAndAccountedFor() {
        lane.refuse(Samples.inbound(0, NOW, Samples.pair(DEVICE, 1, NOW).build()), "a bug");

        assertThat(lane.rejected().getFirst().letter().getReasonsList()).containsExactly("internal");
        assertThat(accounts().rejected()).isEqualTo(1);
        assertThat(lane.nextOffset()).isEqualTo(1);
    }

    @Test
    void aRecordInAnotherSendersPartitionIsRefused() {
        Lane third = new Lane(new LaneId(Inlet.OBSERVATIONS, 3), 64, tools, book, new Lane.Claimed(0, 0));
        int own = Topics.partition(Topics.key(Samples.TENANT, DEVICE), 64);
        assertThat(own).isNotEqualTo(3);

        third.accept(Samples.inbound(0, NOW, Samples.pair(DEVICE, 1, NOW).build()));

        assertThat(third.rejected().getFirst().letter().getReasonsList()).containsExactly("wrong_partition");
        assertThat(third.changes().hasLog()).isFalse();
        assertThat(third.changes().totals()).isEqualTo(LaneTotals.NONE);
    }

    @Test
    void anImpossiblePriceIsRefused() {
        accept(Samples.pair(DEVICE, 1, NOW).setServedCost(Samples.money(Reading.HIGHEST_COST + 1)));

        assertThat(lane.rejected().getFirst().letter().getReasonsList()).containsExactly("range:cost");
        assertThat(accounts().rejected()).isEqualTo(1);
    }

    @Test
    void anArmThatTheDeviceShedWasNotAttempted() {
        Arm shed = Arm.newBuilder()
                .setRole(Role.ROLE_CHALLENGER)
                .setErrorCode("shed")
                .build();
        accept(without(Role.ROLE_CHALLENGER, 1).addArms(shed));
        accept(without(Role.ROLE_CHALLENGER, 2)
                .setStage(1)
                .setCohort(Cohort.COHORT_CANARY)
                .addArms(shed));
        lane.idleUntil(NOW + 3_600_000);

        Tally evidence = evidence(SHADOW);
        assertThat(evidence.get(Measures.ATTEMPTS, 2)).isEqualTo(1);
        assertThat(evidence.get(Measures.ATTEMPTS, 4)).isZero();
        assertThat(evidence.get(Measures.ATTEMPTS, 5)).isZero();
        assertThat(evidence.get(Measures.PAIRS, 2)).isEqualTo(1);
        assertThat(evidence.sum(Measures.BLOCKS_ERROR)).isZero();
        Tally canary = evidence(new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL));
        assertThat(canary.get(Measures.PAIRS, 2)).isEqualTo(1);
        assertThat(canary.sum(Measures.ASSIGNED)).isZero();
    }

    @Test
    void attributesBeyondTheCapAreLeftOutAndTheDeviceClassNever() {
        for (int i = 0; i < Slices.MOST_ATTRIBUTES; i++) {
            accept(Samples.pair(DEVICE, i + 1, NOW).putSlices("a" + i, i == 0 ? "x".repeat(65) : "v"));
        }
        accept(Samples.pair(DEVICE, 40, NOW).putSlices("late", "v").putSlices("a1", "w"));
        accept(Samples.pair(DEVICE, 41, NOW).putSlices("later", "x".repeat(65)));

        assertThat(window("a0=other").get(Measures.REQUESTS, 0)).isEqualTo(1);
        assertThat(window("a31=v").get(Measures.REQUESTS, 0)).isEqualTo(1);
        assertThat(window("a1=w").get(Measures.REQUESTS, 0)).isEqualTo(1);
        assertThat(window("late=v").isEmpty()).isTrue();
        assertThat(window("later=other").isEmpty()).isTrue();
        assertThat(window("device_class=phone").get(Measures.REQUESTS, 0)).isEqualTo(34);
        assertThat(book.changes().counters()).contains(Map.entry(Counters.SLICE_DROPPED, 2L));
    }

    @Test
    void onlyObservationsMoveTheTimeOfTheLastOne() {
        accept(Samples.pair(DEVICE, 1, NOW));
        lane.idleUntil(NOW + 3_600_000);
        lane.accept(Samples.inbound(
                offset++,
                NOW + 3_600_000,
                Samples.pair(DEVICE, 2, NOW).setStage(1).build()));
        FeedbackContext context =
                Samples.context(DEVICE, MINUTE, "balance", 0.8, "transfer").build();
        accept(Samples.truth(context, 1, NOW, "balance"));

        assertThat(Written.evidence(book.changes())).anySatisfy(row -> {
            assertThat(row.key().stratum()).isEqualTo(SHADOW);
            assertThat(row.tally().sum(Measures.BLOCKS_DISAGREE)).isEqualTo(1);
            assertThat(row.lastAppendMs()).isEqualTo(NOW);
        });
        assertThat(Written.evidence(said.changes()))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.lastAppendMs()).isZero());
    }

    private void accept(Observation.Builder observation) {
        lane.accept(Samples.inbound(offset++, NOW, observation.build()));
    }

    private void accept(Feedback.Builder said) {
        feedback.accept(Samples.inbound(offset++, NOW, said.build()));
    }

    private void flushed() {
        book.changes();
        book.written();
        lane.written();
    }

    private static Observation.Builder without(Role role, long seq) {
        Observation.Builder observation = Samples.pair(DEVICE, seq, NOW).clearComparison();
        return observation.removeArms(role == Role.ROLE_CHAMPION ? 0 : 1);
    }

    private DeviceMark.Accounts accounts() {
        LaneTotals totals = lane.changes().totals();
        return new DeviceMark.Accounts(
                totals.counted(),
                totals.late(),
                totals.rejected(),
                totals.dropped(),
                totals.lost(),
                totals.duplicates());
    }

    private Tally evidence(Stratum stratum) {
        return merged(book, stratum);
    }

    private static Tally merged(Book of, Stratum stratum) {
        Tally all = new Tally();
        for (Written.Evidence row : Written.evidence(of.changes())) {
            if (row.key().stratum().equals(stratum)) {
                all.merge(row.tally());
            }
        }
        return all;
    }

    private Tally window(String slice) {
        Tally all = new Tally();
        for (Map.Entry<WindowKey, Tally> row : Written.windows(book.changes())) {
            if (row.getKey().slice().equals(slice)) {
                all.merge(row.getValue());
            }
        }
        return all;
    }
}
