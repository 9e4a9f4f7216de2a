// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.v1.DeadLetter;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.Samples;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class BadInputIT {
    private static final InstantSource CLOCK = InstantSource.system();

    @Test
    void badRecordsAreSetAsideAndTheFlowGoesOn(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            long now = CLOCK.millis();
            byte[] key = Topics.key(Samples.TENANT, "device-1");
            byte[] good = Samples.pair("device-1", 1, now).build().toByteArray();
            byte[] noise = new byte[300];
            new SplittableRandom(1).nextBytes(noise);
            ground.send(Inlet.OBSERVATIONS, key, Topics.OBSERVATION_SCHEMA, noise);
            ground.send(Inlet.OBSERVATIONS, key, Topics.OBSERVATION_SCHEMA, null);
            ground.send(Inlet.OBSERVATIONS, key, null, good);
            ground.send(Inlet.OBSERVATIONS, key, "observation/2", good);
            ground.send(Inlet.OBSERVATIONS, key, Topics.FEEDBACK_SCHEMA, good);
            ground.send(Inlet.OBSERVATIONS, Topics.key(Samples.TENANT, "device-2"), Topics.OBSERVATION_SCHEMA, good);
            ground.send(
                    Inlet.OBSERVATIONS,
                    key,
                    Topics.OBSERVATION_SCHEMA,
                    Arrays.copyOf(Samples.pair("device-1", 2, now).build().toByteArray(), 60));
            ground.send(Samples.pair("device-1", 3, now)
                    .setFallbackReason("x".repeat(70_000))
                    .build());
            ground.send(Samples.pair("device-1", 4, now)
                    .setArms(1, Samples.challenger("balance", Double.NaN))
                    .build());
            ground.send(Samples.pair("device-1", 1, now).build());
            ground.send(Samples.pair("device-1", 1, now).build());
            ground.send(Samples.pair("device-1", 5, now).build());
            FeedbackContext context = Samples.context("device-1", now / 60_000, "balance", 0.7, "transfer")
                    .build();
            ground.send(Samples.truth(context, 1, now, "balance").build());
            ground.send(Samples.truth(context.toBuilder().setDevice("device-9").build(), 2, now, "balance")
                    .setSource("device-1")
                    .setToken(Samples.token(context).toBuilder()
                            .setContext(context.toBuilder().setStage(3).build().toByteString())
                            .build()
                            .toByteString())
                    .build());

            ground.drain(ground.loop(ground.source(), CLOCK));

            assertThat(ground.evidence(Ledger.SHADOW).get(Measures.REQUESTS, 0)).isEqualTo(2);
            assertThat(ground.evidence(Ledger.SHADOW).get(Measures.WINS, 0)).isEqualTo(1);
            Map<String, Long> expected = new HashMap<>();
            expected.put("duplicates", 1L);
            expected.put("dead_letters", 10L);
            expected.put("dead_letter.decode", 2L);
            expected.put("dead_letter.empty", 1L);
            expected.put("dead_letter.schema_missing", 1L);
            expected.put("dead_letter.schema_unsupported", 1L);
            expected.put("dead_letter.wrong_type", 1L);
            expected.put("dead_letter.key_mismatch", 1L);
            expected.put("dead_letter.too_large", 1L);
            expected.put("dead_letter.not_finite", 1L);
            expected.put("dead_letter.token_mac", 1L);
            assertThat(ground.counters()).isEqualTo(expected);
            assertThat(ground.number("SELECT sum(rejected) FROM evaluator.published_lane"))
                    .isEqualTo(4);
            assertThat(ground.number("SELECT max(abs(imbalance)) + max(open_gaps) FROM evaluator.published_lane"))
                    .isZero();
            assertThat(deadLetters(ground))
                    .hasSize(10)
                    .anySatisfy(letter -> {
                        assertThat(letter.getReasonsList()).contains("not_finite:arms[1].confidence");
                        assertThat(Observation.parseFrom(letter.getRecord()).getSeq())
                                .isEqualTo(4);
                    })
                    .anySatisfy(letter -> assertThat(letter.getRecordSize()).isGreaterThan(70_000));
        }
    }

    @Test
    void aDamagedRecordOfAnAgentLeavesNoGap(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            long now = CLOCK.millis();
            byte[] key = Topics.key(Samples.TENANT, "device-1");
            int seq = 0;
            for (int beyond : List.of(1, 2, 7, 20, 60)) {
                byte[] bytes = asAnAgentWrites(++seq, now);
                ground.send(
                        Inlet.OBSERVATIONS,
                        key,
                        Topics.OBSERVATION_SCHEMA,
                        Arrays.copyOf(bytes, identity(seq).toByteArray().length + beyond));
            }
            byte[] bytes = asAnAgentWrites(++seq, now);
            ground.send(Inlet.OBSERVATIONS, key, Topics.OBSERVATION_SCHEMA, Arrays.copyOf(bytes, bytes.length - 1));
            ground.send(Inlet.OBSERVATIONS, key, Topics.OBSERVATION_SCHEMA, asAnAgentWrites(++seq, now));

            EvaluatorLoop loop = ground.loop(ground.source(), CLOCK);
            ground.drain(loop);

            ground.settle(loop);
            assertThat(ground.number("SELECT rejected FROM evaluator.published_account"))
                    .isEqualTo(6);
            assertThat(ground.number("SELECT counted FROM evaluator.published_account"))
                    .isEqualTo(1);
            assertThat(ground.number("SELECT abs(imbalance) + open_gaps FROM evaluator.published_account"))
                    .isZero();
        }
    }

    private static Observation identity(long seq) {
        return Observation.newBuilder()
                .setTenant(Samples.TENANT)
                .setDevice("device-1")
                .setSpoolEpoch(Samples.EPOCH)
                .setSeq(seq)
                .build();
    }

    /// Who it is from and the totals are put before what was written earlier.
    private static byte[] asAnAgentWrites(long seq, long nowMs) {
        Observation.Builder rest = Samples.pair("device-1", seq, nowMs)
                .clearTenant()
                .clearDevice()
                .clearSpoolEpoch()
                .clearSeq();
        Observation totals =
                Observation.newBuilder().setTotals(rest.getTotals()).build();
        return identity(seq)
                .toByteString()
                .concat(totals.toByteString())
                .concat(rest.clearTotals().build().toByteString())
                .toByteArray();
    }

    @Test
    void feedbackLandsInTheWindowOfItsAnswer(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            long now = CLOCK.millis();
            long minute = now / 60_000 - 7;
            FeedbackContext context = Samples.context("device-1", minute, "balance", 0.7, "transfer")
                    .build();
            ground.send(Samples.truth(context, 1, now, "transfer").build());
            ground.send(Samples.truth(context, 1, now, "transfer").build());

            ground.drain(ground.loop(ground.source(), CLOCK));

            assertThat(ground.windows(0, context.getCohort(), "all").keySet()).containsExactly(minute);
            assertThat(ground.evidence(Ledger.SHADOW).get(Measures.WINS, 1)).isEqualTo(1);
            assertThat(ground.evidence(Ledger.SHADOW).get(Measures.TRUTH, 3)).isEqualTo(1);
        }
    }

    @Test
    void aLogCutBeforeItWasReadStopsThatPartitionOnly(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            long now = CLOCK.millis();
            Ledger ledger = new Ledger(3, now);
            ledger.round(50, 8).forEach(ground::send);
            EvaluatorLoop before = ground.loop(ground.source(), CLOCK);
            ground.drain(before);
            ground.closeLoops();
            LaneId cut = new LaneId(Inlet.OBSERVATIONS, partition("device-1"));
            List<String> affected = IntStream.range(0, 8)
                    .mapToObj(number -> "device-" + number)
                    .filter(device -> partition(device) == cut.partition())
                    .toList();
            long gone = -affected.stream().mapToLong(ledger::lastSeq).sum();
            ledger.round(100, 8).forEach(ground::send);
            ground.sent();
            gone += affected.stream().mapToLong(ledger::lastSeq).sum();
            TopicPartition partition = new TopicPartition(Topics.OBSERVATIONS, cut.partition());
            ground.admin()
                    .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get();

            MutableClock clock = new MutableClock(CLOCK.instant());
            EvaluatorLoop loop = ground.loop(ground.source(), clock);
            Await.until("the partition stops", () -> {
                Ground.round(loop);
                return !loop.stopped().isEmpty();
            });

            assertThat(loop.stopped()).containsOnlyKeys(cut);
            String reason = loop.stopped().getOrDefault(cut, "");
            assertThat(reason).contains("DATA LOSS");
            assertThat(ground.counters()).containsEntry("data_loss", 1L);

            // The operator does as told.
            String remedy = reason.substring(reason.indexOf("UPDATE"));
            assertThat(ground.database().<Integer>transact(sql -> sql.update(remedy)))
                    .isEqualTo(1);
            Await.until("everything that is left is counted", () -> {
                clock.advance(Duration.ofSeconds(1));
                Ground.round(loop);
                return loop.stopped().isEmpty() && ground.isStored();
            });

            // As soon as their devices are heard of again, what was cut is an open gap of theirs, to the record.
            for (String device : affected) {
                ground.send(
                        Samples.pair(device, ledger.lastSeq(device) + 1, now).build());
            }
            ground.sent();
            Await.until("their next records are counted", () -> {
                clock.advance(Duration.ofSeconds(1));
                Ground.round(loop);
                return ground.isStored();
            });
            assertThat(gone).isPositive();
            assertThat(ground.number("SELECT sum(open_gaps) FROM evaluator.published_lane"))
                    .isEqualTo(gone);
            assertThat(ground.number("SELECT sum(counted) FROM evaluator.published_lane"))
                    .isEqualTo(ledger.records() - gone + affected.size());
            assertThat(ground.number("SELECT sum(abs(imbalance)) + sum(lost) FROM evaluator.published_lane"))
                    .isZero();
        }
    }

    private static int partition(String device) {
        return Topics.partition(Topics.key(Samples.TENANT, device), Ground.PARTITIONS);
    }

    @Test
    void anOffsetBeyondTheLogsEndStopsThatPartition(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            new Ledger(3, CLOCK.millis()).round(50, 8).forEach(ground::send);
            ground.drain(ground.loop(ground.source(), CLOCK));
            ground.closeLoops();
            ground.database()
                    .transact(sql -> sql.update("UPDATE evaluator.lane SET next_offset = 9999 WHERE lane = 2"));

            EvaluatorLoop loop = ground.loop(ground.source(), CLOCK);
            Await.until("the partition stops", () -> {
                Ground.round(loop);
                return !loop.stopped().isEmpty();
            });

            assertThat(loop.stopped().values()).singleElement().asString().contains("made anew");
            assertThat(ground.counters()).containsEntry("offset_beyond_end", 1L);
        }
    }

    private static List<DeadLetter> deadLetters(Ground ground) throws Exception {
        List<DeadLetter> letters = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(ground.kafka(Map.of()).consumer())) {
            List<TopicPartition> partitions = IntStream.range(0, Ground.PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.DEAD_LETTERS, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long expected = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            while (letters.size() < expected) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    letters.add(DeadLetter.parseFrom(record.value()));
                }
            }
        }
        return letters;
    }
}
