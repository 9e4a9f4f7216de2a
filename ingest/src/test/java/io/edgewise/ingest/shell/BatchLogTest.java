// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import static io.edgewise.ingest.Records.DEVICE;
import static io.edgewise.ingest.Records.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.v1.Observation;
import io.edgewise.ingest.Admission.Admitted;
import io.edgewise.ingest.Observations;
import io.edgewise.ingest.Records;
import io.edgewise.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class BatchLogTest {
    private static final Duration WITHIN = Duration.ofSeconds(15);

    private final MutableClock clock = new MutableClock(Instant.ofEpochMilli(Records.NOW));
    private final AtomicInteger sends = new AtomicInteger();

    /// A broker that blocks each send for so long and then answers as told.
    private final class Slow extends MockProducer<byte[], byte[]> {
        private final Duration blocks;
        private final Future<RecordMetadata> answer;

        Slow(Duration blocks, Future<RecordMetadata> answer) {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.blocks = blocks;
            this.answer = answer;
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> sent) {
            sends.incrementAndGet();
            clock.advance(blocks);
            return answer;
        }
    }

    @Test
    void stopsAtTheFirstRecordThatHasAlreadyFailed() {
        Future<RecordMetadata> failed = CompletableFuture.failedFuture(new TimeoutException("no metadata"));

        try (BatchLog log = new BatchLog(new Slow(Duration.ofSeconds(5), failed), WITHIN, clock)) {
            assertThatThrownBy(() -> log.append(DEVICE, batch(1_000), Records.NOW))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.status()).isEqualTo(503))
                    .hasMessageContaining("TimeoutException");
        }

        assertThat(sends).hasValue(1);
    }

    @Test
    void keepsOneDeadlineForTheWholeBatch() {
        Future<RecordMetadata> pending = new CompletableFuture<>();

        try (BatchLog log = new BatchLog(new Slow(Duration.ofSeconds(5), pending), WITHIN, clock)) {
            assertThatThrownBy(() -> log.append(DEVICE, batch(1_000), Records.NOW))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.status()).isEqualTo(503))
                    .hasMessageContaining("PT15S");
        }

        assertThat(sends).hasValue(3);
    }

    @Test
    void returnsWhenEverythingIsAcknowledged() throws Exception {
        Future<RecordMetadata> acknowledged = CompletableFuture.completedFuture(null);

        try (BatchLog log = new BatchLog(new Slow(Duration.ZERO, acknowledged), WITHIN, clock)) {
            log.append(DEVICE, batch(3), Records.NOW);
        }

        assertThat(sends).hasValue(3);
    }

    private static Admitted<Observation> batch(int size) {
        List<Observation> records = LongStream.rangeClosed(1, size)
                .mapToObj(seq -> observation(seq).build())
                .toList();
        return new Admitted<>(new Observations(), records, List.of(), size);
    }
}
