// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.LabelProbability;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.statistics.calibration.Reliability;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Records as no agent of ours sends them: each has one outcome, which is counted by name, and the record behind it is
/// counted as if nothing had been.
class BadRecordsTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final String DEVICE = "device-1";
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);
    private static final int START_OF_GROUP = 0x0b;
    private static final int LAST_BIN = Reliability.BINS - 1;

    private final LaneTools tools = Benches.tools(50);
    private final Book book = Benches.book(tools);
    private final Lane lane = Benches.lane(Inlet.OBSERVATIONS, tools, book);

    private void accept(String schema, byte[] value) {
        lane.accept(new Inbound(lane.nextOffset(), NOW, Topics.key(Samples.TENANT, DEVICE), schema, value));
    }

    private void accept(Observation.Builder observation) {
        accept(Topics.OBSERVATION_SCHEMA, observation.build().toByteArray());
    }

    private Tally evidence() {
        EvidenceKey key = new EvidenceKey(Samples.TENANT, Samples.WORKLOAD, Samples.ROLLOUT, SHADOW);
        return Written.evidence(book.changes()).stream()
                .filter(row -> row.key().equals(key))
                .map(Written.Evidence::tally)
                .findFirst()
                .orElse(new Tally());
    }

    private static Arguments bad(String code, String what, UnaryOperator<Observation.Builder> damage) {
        return Arguments.of(
                code, what, damage.apply(Samples.pair(DEVICE, 1, NOW)).build().toByteArray());
    }

    private static Observation.Builder challenger(Observation.Builder pair, double confidence) {
        return pair.setArms(1, Samples.challenger("balance", confidence));
    }

    static Stream<Arguments> badOnes() {
        return Stream.of(
                Arguments.of("decode", "cut off", Arrays.copyOf(bytes(), bytes().length - 3)),
                Arguments.of("decode", "nested thirty thousand deep", deep()),
                Arguments.of("decode", "a character written longer than it needs", notUtf8(0xc0, 0x80)),
                Arguments.of("decode", "half of a pair of surrogates", notUtf8(0xed, 0xa0, 0x80)),
                Arguments.of("too_large", "70,000 bytes more", Arrays.copyOf(bytes(), bytes().length + 70_000)),
                bad("too_large", "a million probabilities", BadRecordsTest::manyProbabilities),
                bad("missing", "no id", Observation.Builder::clearId),
                bad("missing", "no kind", Observation.Builder::clearKind),
                bad("missing", "no workload", Observation.Builder::clearWorkload),
                bad("missing", "a label of spaces", pair -> pair.setArms(1, Samples.challenger("  ", 0.9))),
                bad("timestamp", "of 1970", pair -> pair.setEventTimeMs(0)),
                bad("timestamp", "in microseconds", pair -> pair.setEventTimeMs(NOW * 1_000)),
                bad("timestamp", "six minutes ahead", pair -> pair.setEventTimeMs(NOW + 360_000)),
                bad("not_finite", "confidence NaN", pair -> challenger(pair, Double.NaN)),
                bad("not_finite", "confidence infinite", pair -> challenger(pair, Double.NEGATIVE_INFINITY)),
                bad("range", "confidence in percent", pair -> challenger(pair, 95)),
                bad("range", "confidence below 0", pair -> challenger(pair, -0.01)),
                bad("range", "latency below 0", pair -> pair.setServedLatencyUs(-1)),
                bad("range", "latency above an hour", pair -> pair.setServedLatencyUs(3_600_000_001L)),
                bad("range", "2^40 tokens", pair -> {
                    pair.getArmsBuilder(0).setTokensIn(1L << 40);
                    return pair;
                }),
                bad("too_long", "a long label", pair -> pair.setArms(1, Samples.challenger("x".repeat(257), 0.9))),
                bad("too_long", "a long attribute", pair -> pair.putSlices("locale", "x".repeat(1_025))),
                bad("control_char", "a zero in a label", pair -> pair.setArms(1, Samples.challenger("a\0b", 0.9))));
    }

    private static byte[] bytes() {
        return Samples.pair(DEVICE, 1, NOW).build().toByteArray();
    }

    /// Who it is from, and then groups in groups that never end.
    private static byte[] deep() {
        byte[] identity = Observation.newBuilder()
                .setTenant(Samples.TENANT)
                .setDevice(DEVICE)
                .setSpoolEpoch(Samples.EPOCH)
                .setSeq(1)
                .build()
                .toByteArray();
        byte[] deep = Arrays.copyOf(identity, 30_000);
        Arrays.fill(deep, identity.length, deep.length, (byte) START_OF_GROUP);
        return deep;
    }

    private static byte[] notUtf8(int... damage) {
        byte[] bytes = Samples.pair(DEVICE, 1, NOW)
                .setArms(1, Samples.challenger("overlong", 0.9))
                .build()
                .toByteArray();
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("overlong");
        for (int i = 0; i < damage.length; i++) {
            bytes[at + i] = (byte) damage[i];
        }
        return bytes;
    }

    private static Observation.Builder manyProbabilities(Observation.Builder pair) {
        LabelProbability one =
                LabelProbability.newBuilder().setProbability(1e-6).build();
        for (int i = 0; i < 1_000_000; i++) {
            pair.getArmsBuilder(1).addTop(one);
        }
        return pair;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("badOnes")
    void isRefusedByNameAccountedForAndHoldsNothingUp(String code, String what, byte[] value) {
        accept(Topics.OBSERVATION_SCHEMA, value);
        accept(Samples.pair(DEVICE, 2, NOW));

        assertThat(book.counted()).as(what).containsEntry("dead_letters", 1L).containsEntry("dead_letter." + code, 1L);
        assertThat(lane.rejected()).hasSize(1);
        assertThat(lane.totals()).isEqualTo(new LaneTotals(1, 0, 1, 0, 0, 0, 0, 2));
        assertThat(evidence().get(Measures.REQUESTS, 0)).isEqualTo(1);
    }

    @Test
    void aRecordOfAnotherTypeAndOneOfAnotherMajorVersionAreNotReadAtAll() {
        accept(Topics.FEEDBACK_SCHEMA, bytes());
        accept("observation/2", bytes());
        accept("observation/1.7", bytes());

        assertThat(book.counted())
                .containsEntry("dead_letter.wrong_type", 1L)
                .containsEntry("dead_letter.schema_unsupported", 1L);
        assertThat(lane.totals().counted()).isEqualTo(1);
    }

    @Test
    void ofTwoRecordsWithOneSequenceTheFirstCounts() {
        accept(Samples.pair(DEVICE, 1, NOW));
        accept(Samples.pair(DEVICE, 1, NOW)
                .setArms(1, Samples.challenger("transfer", 0.2))
                .setComparison(Samples.agreement(false)));

        assertThat(lane.totals()).isEqualTo(new LaneTotals(1, 0, 0, 0, 0, 1, 0, 1));
        assertThat(evidence().get(Measures.PAIRS, 0)).isEqualTo(1);
        assertThat(evidence().get(Measures.PAIRS, 1)).isZero();
    }

    @Test
    void aGapThatIsFilledAnHourLaterIsCountedOnce() {
        accept(Samples.pair(DEVICE, 1, NOW));
        accept(Samples.pair(DEVICE, 3, NOW));
        assertThat(lane.totals().openGaps()).isEqualTo(1);

        lane.accept(Samples.inbound(
                lane.nextOffset(), NOW + 3_600_000, Samples.pair(DEVICE, 2, NOW).build()));

        assertThat(lane.totals()).isEqualTo(new LaneTotals(3, 0, 0, 0, 0, 0, 0, 3));
    }

    /// Texts are only texts.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'); DROP TABLE evaluator.lane; --",
                "<script>alert(1)</script>",
                "=HYPERLINK(1)",
                "\u202egnp",
                "\ufeffbalance",
                "bal\u200bance",
                "{{x}}"
            })
    void textsThatMeanSomethingElsewhereAreCountedAsWhatTheyAre(String text) {
        accept(Samples.pair(DEVICE, 1, NOW)
                .setArms(0, Samples.champion(text))
                .setArms(1, Samples.challenger(text, 0.9)));

        assertThat(lane.rejected()).isEmpty();
        assertThat(evidence().get(Measures.PAIRS, 0)).isEqualTo(1);
    }

    static Stream<Arguments> alike() {
        return Stream.of(
                Arguments.of("balance", "Balance"),
                Arguments.of("balance", "balance "),
                Arguments.of("balance", "bal\u200bance"),
                Arguments.of("balance", "\ufeffbalance"),
                Arguments.of("caf\u00e9", "cafe\u0301"),
                Arguments.of("fi", "\ufb01"));
    }

    /// Nothing is repaired: what a workload calls one label, its devices must send as one.
    @ParameterizedTest
    @MethodSource("alike")
    void labelsThatDifferInCaseSpacesOrUnicodeFormAreDistinct(String one, String other) {
        accept(Samples.pair(DEVICE, 1, NOW)
                .setArms(0, Samples.champion(one))
                .setArms(1, Samples.challenger(other, 0.9)));
        FeedbackContext context =
                Samples.context(DEVICE, NOW / 60_000, other, 0.9, one).build();
        Lane feedback = Benches.lane(Inlet.FEEDBACK, tools, book);
        feedback.accept(
                Samples.inbound(0, NOW, Samples.truth(context, 1, NOW, one).build()));

        assertThat(lane.rejected()).isEmpty();
        assertThat(LabelHash.bucket(one)).isNotEqualTo(LabelHash.bucket(other));
        Tally tally = evidence();
        assertThat(tally.read(Measures.PAIR_LABELS + 1).buckets()).containsExactly(LabelHash.bucket(one));
        assertThat(tally.read(Measures.PAIR_LABELS + 2).buckets()).containsExactly(LabelHash.bucket(other));
        assertThat(tally.get(Measures.WINS, 1)).as("the champion was right").isEqualTo(1);
    }

    @Test
    void aConfidenceThatRoundingPutAboveOneCountsAsOneAndIsSaidToHaveBeen() {
        accept(challenger(Samples.pair(DEVICE, 1, NOW), 1.0000001));
        accept(challenger(Samples.pair(DEVICE, 2, NOW), 1));

        assertThat(lane.rejected()).isEmpty();
        assertThat(book.counted()).containsOnly(Map.entry("confidence_above_one", 1L));
        Tally tally = evidence();
        assertThat(tally.get(Measures.AGREEMENT_CALIBRATION, 4 * LAST_BIN)).isEqualTo(2);
        assertThat(tally.get(Measures.AGREEMENT_CALIBRATION, 4 * LAST_BIN + 2)).isEqualTo(2_000_000_000L);
    }

    @Test
    void probabilitiesThatAddUpToMoreThanOneAreNoCalibrationAndThePairCountsAllTheSame() {
        accept(Samples.pair(DEVICE, 1, NOW).setArms(1, stating(0.9, 0.8)));
        // Rounded by a model of eight bits, the two highest of many, and none at all.
        accept(Samples.pair(DEVICE, 2, NOW).setArms(1, stating(0.9, 0.105)));
        accept(Samples.pair(DEVICE, 3, NOW).setArms(1, stating(0.9, 0.01)));
        accept(Samples.pair(DEVICE, 4, NOW));

        assertThat(lane.rejected()).isEmpty();
        assertThat(book.counted()).containsOnly(Map.entry("probs_unnormalised", 1L));
        Tally tally = evidence();
        assertThat(tally.get(Measures.PAIRS, 0)).isEqualTo(4);
        assertThat(tally.get(Measures.BLOCKS_OPENED, 0)).isEqualTo(1);
        assertThat(tally.get(Measures.AGREEMENT_CALIBRATION, 4 * Reliability.bin(0.9)))
                .isEqualTo(3);
    }

    private static Arm stating(double first, double second) {
        return Samples.challenger("balance", first).toBuilder()
                .addTop(LabelProbability.newBuilder().setLabel("balance").setProbability(first))
                .addTop(LabelProbability.newBuilder().setLabel("transfer").setProbability(second))
                .build();
    }
}
