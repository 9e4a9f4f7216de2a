// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.embedded.EmbeddedKafka;
import io.edgewise.embedded.EmbeddedPostgres;
import io.edgewise.embedded.EmbeddedTopics;
import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.shell.EvaluatorLoop;
import io.edgewise.evaluator.shell.EvaluatorRole;
import io.edgewise.evaluator.shell.EvaluatorSettings;
import io.edgewise.evaluator.shell.KafkaDeadLetters;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.runtime.role.Role.Migration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// Observations a second from Kafka to committed in PostgreSQL (fsync on), beside what a bare consumer reads of the
/// same
/// topic in the same run. Broker, database and evaluator share the machine.
public final class EvaluatorThroughput {
    private static final int DEVICES = 20_000;
    private static final int DEFAULT_OBSERVATIONS = 600_000;
    private static final long BATCH_NANOS = 1_000_000_000L;

    private final String bootstrap;
    private final KafkaSettings kafka;
    private final Database database;
    private final int observations;
    private long decodedSequences;

    private EvaluatorThroughput(String bootstrap, Database database, int observations) {
        this.bootstrap = bootstrap;
        this.kafka = new KafkaSettings(bootstrap, Map.of());
        this.database = database;
        this.observations = observations;
    }

    public static void main(String[] arguments) throws Exception {
        int observations = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_OBSERVATIONS;
        Path folder = Files.createTempDirectory("edgewise-benchmark");
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder);
                EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
            new EvaluatorThroughput(broker.bootstrapServers(), new Database(postgres.dataSource()), observations).run();
        } finally {
            delete(folder);
        }
    }

    private void run() throws Exception {
        EmbeddedTopics.create(
                bootstrap,
                List.of(
                        new NewTopic(Topics.OBSERVATIONS, Topics.PARTITIONS, (short) 1),
                        new NewTopic(Topics.FEEDBACK, Topics.PARTITIONS, (short) 1),
                        new NewTopic(Topics.DEAD_LETTERS, 1, (short) 1)));
        Migrations.run(database.source(), List.of(new Migration("evaluator", "db/evaluator")));
        long bytes = produce();
        raw(record -> {});
        double raw = raw(record -> {});
        double decoded = raw(this::decode);
        if (decodedSequences == 0) {
            throw new IllegalStateException("nothing was decoded");
        }
        double evaluated = evaluate();
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("observations", observations);
        more.put("devices", DEVICES);
        more.put("bytesEach", bytes / observations);
        more.put("megabytesPerSecond", Math.round(evaluated * bytes / observations / 1e4) / 100.0);
        more.put("consumeAndDecodePerSecond", Math.round(decoded));
        more.put("ratioToConsumeAndDecode", Math.round(evaluated / decoded * 1000) / 1000.0);
        more.put("slicesEach", 2);
        new Result(
                        "evaluator-throughput",
                        evaluated,
                        "observations/s",
                        raw,
                        "records/s of a bare consumer on the same topic",
                        "benchmarks/run evaluator " + observations,
                        more)
                .write();
    }

    private long produce() {
        Map<String, Object> settings = kafka.producer();
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        SampleObservations samples = new SampleObservations(1);
        byte[] schema = Topics.OBSERVATION_SCHEMA.getBytes(StandardCharsets.UTF_8);
        long now = System.currentTimeMillis();
        long bytes = 0;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            for (int i = 0; i < observations; i++) {
                String device = "device-" + i % DEVICES;
                Observation observation = samples.next(device, 7, i / DEVICES + 1, now);
                byte[] key = Topics.key("default", device);
                byte[] value = observation.toByteArray();
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(Topics.OBSERVATIONS, Topics.partition(key, Topics.PARTITIONS), key, value);
                record.headers().add(Topics.SCHEMA_HEADER, schema);
                Future<?> sent = producer.send(record, (metadata, failure) -> {
                    if (failure != null) {
                        throw new IllegalStateException("the topic could not be filled", failure);
                    }
                });
                bytes += sent.isCancelled() ? 0 : value.length;
            }
        }
        return bytes;
    }

    private double raw(Consumer<byte[]> sink) {
        Map<String, Object> settings = kafka.consumer();
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.OBSERVATIONS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long read = 0;
            long began = System.nanoTime();
            while (read < observations) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    sink.accept(record.value());
                }
                read += records.count();
            }
            return perSecond(began);
        }
    }

    private void decode(byte[] value) {
        try {
            decodedSequences += Observation.parseFrom(value).getSeq();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The clock starts with the first record counted: joining the group is not throughput.
    private double evaluate() throws SQLException, InterruptedException {
        EvaluatorLoop loop = new EvaluatorLoop(
                new KafkaConsumer<>(EvaluatorRole.consumerProperties(kafka)),
                new KafkaDeadLetters(kafka),
                database,
                new DeviceSecrets(new byte[32]),
                new EvaluatorSettings(250, new EvaluatorPolicy(86_400_000, 15_000, 50)),
                InstantSource.system());
        LoopThread thread = new LoopThread("evaluator", loop).start();
        long counted = 0;
        long countedAtStart = 0;
        long began = 0;
        while (counted < observations) {
            Thread.sleep(100);
            counted = counted();
            if (began == 0 && counted > 0) {
                began = System.nanoTime();
                countedAtStart = counted;
            }
        }
        double rate = (observations - countedAtStart) * (double) BATCH_NANOS / (System.nanoTime() - began);
        thread.stop(Duration.ofSeconds(30));
        return rate;
    }

    private long counted() throws SQLException {
        return database.read(sql -> sql.first(
                        "SELECT coalesce(sum(counted), 0) FROM evaluator.published_account WHERE kind = 'observation'",
                        row -> row.getLong(1))
                .orElseThrow());
    }

    private double perSecond(long began) {
        return observations * (double) BATCH_NANOS / (System.nanoTime() - began);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
