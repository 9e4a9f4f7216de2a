// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.Topics;
import io.edgewise.evaluator.Rejected;
import io.edgewise.runtime.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// Refused records go to their own topic, acknowledged by all in-sync replicas before the offset moves past them: each
/// is there at least once.
public final class KafkaDeadLetters implements DeadLetters {
    private static final byte[] SCHEMA = "dead-letter/1".getBytes(StandardCharsets.UTF_8);

    private final Producer<byte[], byte[]> producer;

    public KafkaDeadLetters(KafkaSettings kafka) {
        this.producer = new KafkaProducer<>(kafka.producer());
    }

    @Override
    public void send(List<Rejected> rejected) throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> sent = new ArrayList<>(rejected.size());
        for (Rejected each : rejected) {
            byte[] key = each.key() == null ? new byte[0] : each.key().toByteArray();
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(Topics.DEAD_LETTERS, key, each.letter().toByteArray());
            record.headers().add(Topics.SCHEMA_HEADER, SCHEMA);
            sent.add(producer.send(record));
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
