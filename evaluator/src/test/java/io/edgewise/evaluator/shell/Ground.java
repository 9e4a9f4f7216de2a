// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.Samples;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.Role.Migration;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.Platform;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fresh topics and a fresh schema for one test, a producer into them, and a reader of what was stored.
final class Ground implements AutoCloseable {
    static final int PARTITIONS = 4;

    private static final List<String> ACCOUNTS = List.of(
            "counted", "late", "rejected", "dropped", "lost", "duplicates", "open_gaps", "last_seq", "imbalance");
    private static final Logger LOG = LoggerFactory.getLogger(Ground.class);

    private final Platform platform;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Database database;
    private final Admin admin;
    private final List<EvaluatorLoop> loops = new ArrayList<>();
    private final List<Future<RecordMetadata>> sending = new ArrayList<>();

    Ground(Platform platform) throws Exception {
        this.platform = platform;
        this.database = new Database(platform.dataSource());
        this.admin = Admin.create(Map.of("bootstrap.servers", platform.bootstrapServers()));
        topics();
        this.producer = new KafkaProducer<>(kafka(Map.of()).producer());
        database.transact(sql -> sql.update("DROP SCHEMA IF EXISTS evaluator CASCADE"));
        Migrations.run(platform.dataSource(), List.of(new Migration("evaluator", "db/evaluator")));
    }

    private void topics() throws Exception {
        List<String> names = List.of(Topics.OBSERVATIONS, Topics.FEEDBACK, Topics.DEAD_LETTERS);
        for (String name : names) {
            try {
                admin.deleteTopics(List.of(name)).all().get();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        Await.until(
                "old topics are gone",
                () -> admin.listTopics().names().get().stream().noneMatch(names::contains));
        admin.createTopics(names.stream()
                        .map(name -> new NewTopic(name, PARTITIONS, (short) 1)
                                .configs(Map.of("message.timestamp.type", "LogAppendTime")))
                        .toList())
                .all()
                .get();
        Await.until("new topics are there", () -> {
            admin.describeTopics(names).allTopicNames().get();
            return true;
        });
    }

    KafkaSettings kafka(Map<String, String> extra) {
        return new KafkaSettings(platform.bootstrapServers(), extra);
    }

    Database database() {
        return database;
    }

    DataSource source() {
        return platform.dataSource();
    }

    Admin admin() {
        return admin;
    }

    /// A loop in a group of its own: it is assigned all partitions at once, whoever else reads them.
    EvaluatorLoop loop(DataSource source, InstantSource clock) {
        return loop("test-" + UUID.randomUUID(), source, clock);
    }

    EvaluatorLoop loop(String group, DataSource source, InstantSource clock) {
        return loop(group, source, clock, Map.of());
    }

    EvaluatorLoop loop(String group, DataSource source, InstantSource clock, Map<String, String> extra) {
        EvaluatorLoop loop = loop(platform.bootstrapServers(), group, source, clock, extra);
        loops.add(loop);
        return loop;
    }

    /// With a consumer that `around` may change, in a group of its own.
    EvaluatorLoop loop(UnaryOperator<Consumer<byte[], byte[]>> around) {
        KafkaSettings kafka = kafka(Map.of("max.poll.records", "25"));
        EvaluatorLoop loop = loop(
                around.apply(new KafkaConsumer<>(kafka.groupConsumer("test-" + UUID.randomUUID()))),
                kafka,
                source(),
                InstantSource.system());
        loops.add(loop);
        return loop;
    }

    /// One that nobody closes.
    static EvaluatorLoop loop(
            String bootstrapServers, String group, DataSource source, InstantSource clock, Map<String, String> extra) {
        Map<String, String> settings = new HashMap<>(extra);
        settings.put("max.poll.records", "25");
        settings.put("default.api.timeout.ms", "15000");
        KafkaSettings kafka = new KafkaSettings(bootstrapServers, settings);
        return loop(new KafkaConsumer<>(kafka.groupConsumer(group)), kafka, source, clock);
    }

    private static EvaluatorLoop loop(
            Consumer<byte[], byte[]> consumer, KafkaSettings kafka, DataSource source, InstantSource clock) {
        return new EvaluatorLoop(
                consumer,
                new KafkaDeadLetters(kafka),
                new Database(source),
                Samples.SECRETS,
                new EvaluatorSettings(
                        10, new EvaluatorPolicy(Duration.ofHours(24).toMillis(), 0, 50)),
                clock);
    }

    void send(Observation observation) {
        send(
                Inlet.OBSERVATIONS,
                Topics.key(observation.getTenant(), observation.getDevice()),
                Topics.OBSERVATION_SCHEMA,
                observation.toByteArray());
    }

    void send(Feedback feedback) {
        send(
                Inlet.FEEDBACK,
                Topics.key(feedback.getTenant(), feedback.getSource()),
                Topics.FEEDBACK_SCHEMA,
                feedback.toByteArray());
    }

    void send(Inlet inlet, byte[] key, @Nullable String schema, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(inlet.topic(), Topics.partition(key, PARTITIONS), key, value);
        if (schema != null) {
            record.headers().add(Topics.SCHEMA_HEADER, schema.getBytes(StandardCharsets.UTF_8));
        }
        sending.add(producer.send(record));
    }

    /// Everything sent so far is in the log.
    void sent() throws Exception {
        producer.flush();
        for (Future<RecordMetadata> each : sending) {
            each.get();
        }
        sending.clear();
    }

    /// One round of the loop, and the end of the flush that it began.
    static void round(EvaluatorLoop loop) throws Exception {
        loop.poll();
        loop.settle();
    }

    /// Drives the loop until everything in the log is stored.
    void drain(EvaluatorLoop loop) throws Exception {
        sent();
        Await.until("everything is counted", () -> {
            round(loop);
            return isStored();
        });
    }

    /// Drives the loop until all marks and blocks are in rows of their own, which then say what the lanes say.
    void settle(EvaluatorLoop loop) throws Exception {
        Await.until("marks and blocks are in rows of their own", () -> {
            round(loop);
            return number("SELECT count(*) FROM evaluator.device_log") == 0;
        });
        for (String what : ACCOUNTS) {
            assertThat(number("SELECT coalesce(sum(" + what + "), 0) FROM evaluator.published_account"))
                    .as(what)
                    .isEqualTo(number("SELECT coalesce(sum(" + what + "), 0) FROM evaluator.published_lane"));
        }
    }

    /// How long the group waits for a member that is not heard of.
    void shorten(String group, Duration session) throws Exception {
        AlterConfigOp set = new AlterConfigOp(
                new ConfigEntry("consumer.session.timeout.ms", Long.toString(session.toMillis())),
                AlterConfigOp.OpType.SET);
        ConfigResource of = new ConfigResource(ConfigResource.Type.GROUP, group);
        admin.incrementalAlterConfigs(Map.of(of, List.of(set))).all().get();
    }

    /// How many partitions each member of the group has.
    List<Integer> shares(String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                .flatMap(each -> each.members().stream())
                .map(member -> member.assignment().topicPartitions().size())
                .toList();
    }

    boolean isStored() throws Exception {
        Map<String, Long> ends = ends();
        return ends.equals(read(
                "SELECT topic || '-' || partition, next_offset FROM evaluator.lane",
                row -> Map.entry(row.getString(1), row.getLong(2))));
    }

    private Map<String, Long> ends() throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        Stream.of(Topics.OBSERVATIONS, Topics.FEEDBACK)
                .forEach(topic -> IntStream.range(0, PARTITIONS)
                        .forEach(partition -> asked.put(new TopicPartition(topic, partition), OffsetSpec.latest())));
        Map<String, Long> ends = new HashMap<>();
        admin.listOffsets(asked).all().get().forEach((partition, end) -> ends.put(partition.toString(), end.offset()));
        return ends;
    }

    /// The evidence of a stratum in all partitions.
    Tally evidence(Stratum stratum) throws SQLException {
        return evidence(Samples.ROLLOUT, stratum);
    }

    Tally evidence(String rollout, Stratum stratum) throws SQLException {
        Tally all = new Tally();
        database.read(sql -> sql.list(
                """
                SELECT tally FROM evaluator.published_evidence
                 WHERE rollout = ? AND stage = ? AND cohort = ? AND pairing_rate_bp = ? AND escalated = ? AND slice = ?
                """,
                row -> all.merge(Tally.decode(row.getBytes(1))),
                rollout,
                stratum.stage(),
                stratum.cohort().getNumber(),
                stratum.pairingRateBp(),
                stratum.escalated(),
                stratum.slice()));
        return all;
    }

    /// The windows of a slice, by minute.
    Map<Long, Tally> windows(int stage, Cohort cohort, String slice) throws SQLException {
        Map<Long, Tally> all = new HashMap<>();
        database.read(sql -> sql.list(
                """
                SELECT minute, tally FROM evaluator.published_window
                 WHERE rollout = ? AND stage = ? AND cohort = ? AND slice = ?
                """,
                row -> all.computeIfAbsent(row.getLong(1), fresh -> new Tally()).merge(Tally.decode(row.getBytes(2))),
                Samples.ROLLOUT,
                stage,
                cohort.getNumber(),
                slice));
        return all;
    }

    Map<String, Long> counters() throws SQLException {
        return read(
                "SELECT name, amount FROM evaluator.published_counter",
                row -> Map.entry(row.getString(1), row.getLong(2)));
    }

    List<String> texts(String query) throws SQLException {
        return database.read(sql -> sql.list(query, row -> row.getString(1)));
    }

    void execute(String statement) throws SQLException {
        database.transact(sql -> sql.update(statement));
    }

    long number(String query) throws SQLException {
        return database.read(sql -> sql.list(query, row -> row.getLong(1)).getFirst());
    }

    private <K, V> Map<K, V> read(String query, io.edgewise.runtime.jdbc.Row<Map.Entry<K, V>> row) throws SQLException {
        Map<K, V> all = new HashMap<>();
        database.read(sql -> sql.list(query, row)).forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }

    /// Also the loops that a test left for dead: their last flush is refused, or it was still theirs to make.
    void closeLoops() {
        for (EvaluatorLoop loop : loops) {
            try {
                loop.close();
            } catch (Exception e) {
                // A loop whose database fails on purpose fails here too; nothing of it may be stored.
                LOG.debug("A loop did not close cleanly.", e);
            }
        }
        loops.clear();
    }

    @Override
    public void close() {
        closeLoops();
        producer.close(Duration.ofSeconds(5));
        admin.close(Duration.ofSeconds(5));
    }
}
