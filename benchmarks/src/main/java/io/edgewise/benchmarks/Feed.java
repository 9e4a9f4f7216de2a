// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.edgewise.runtime.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongUnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Sends records and knows which are acknowledged. A record that the broker did not take fails the next call.
final class Feed implements AutoCloseable {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long TICK_MS = 5;

    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Feed(KafkaSettings kafka, int lingerMs) {
        Map<String, Object> settings = kafka.producer();
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, lingerMs);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        producer = new KafkaProducer<>(settings);
    }

    /// Fills the topic with so many records, all acknowledged when this returns.
    static void fill(Ground ground, Fleet fleet, long records, LongUnaryOperator eventTimeMs) {
        try (Feed feed = new Feed(ground.kafka(), 20)) {
            for (long i = 0; i < records; i++) {
                feed.send(fleet.next(eventTimeMs.applyAsLong(i)));
            }
        }
    }

    /// The same with events of now.
    static void fill(Ground ground, Fleet fleet, long records) {
        long now = System.currentTimeMillis();
        fill(ground, fleet, records, i -> now);
    }

    /// What is done with an acknowledged record.
    interface Acknowledged {
        void at(RecordMetadata where);
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        send(record, where -> {});
    }

    void send(ProducerRecord<byte[], byte[]> record, Acknowledged then) {
        requireWell();
        Future<RecordMetadata> _ = producer.send(record, (where, trouble) -> {
            if (trouble == null) {
                acknowledged.incrementAndGet();
                then.at(where);
            } else {
                failure.compareAndSet(null, trouble);
            }
        });
    }

    /// Sends evenly at this rate until told to stop; what fell behind is sent at once. For a thread of its own.
    void pace(Fleet fleet, double perSecond, BooleanSupplier isOver) throws InterruptedException {
        long began = System.nanoTime();
        long sent = 0;
        while (!isOver.getAsBoolean()) {
            long due = (long) ((System.nanoTime() - began) * perSecond / SECOND_NANOS);
            long now = System.currentTimeMillis();
            for (; sent < due; sent++) {
                send(fleet.next(now));
            }
            Thread.sleep(TICK_MS);
        }
    }

    long acknowledged() {
        return acknowledged.get();
    }

    private void requireWell() {
        Exception trouble = failure.get();
        if (trouble != null) {
            throw new IllegalStateException("the topic could not be filled; is the disk full?", trouble);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofMinutes(2));
        requireWell();
    }
}
