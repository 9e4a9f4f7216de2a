// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import io.edgewise.runtime.kafka.KafkaSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/// Sends the fleet's records evenly until it is stopped, whatever the broker does meanwhile. What fell behind is sent
/// at once, but no more than two seconds' worth.
final class Sender implements AutoCloseable {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final int PATIENCE_MS = 600_000;
    private static final long TICK_MS = 5;
    private static final long LONGEST_BEHIND_SECONDS = 2;

    private final KafkaProducer<byte[], byte[]> producer;
    private final TortureFleet fleet;
    private final int perSecond;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final Thread thread = new Thread(this::run, "sender");
    private long sent;
    private volatile boolean isPaused = true;
    private volatile boolean isOver;
    private volatile boolean isQuiet;

    Sender(String bootstrapServers, TortureFleet fleet, int perSecond) {
        Map<String, Object> settings = new KafkaSettings(bootstrapServers, Map.of()).producer();
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MS);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        settings.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 250);
        settings.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 250);
        this.producer = new KafkaProducer<>(settings);
        this.fleet = fleet;
        this.perSecond = perSecond;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            long lastTick = System.nanoTime();
            double due = 0;
            while (!isOver) {
                long now = System.nanoTime();
                due += (double) (now - lastTick) * perSecond / SECOND_NANOS;
                due = Math.min(due, (double) LONGEST_BEHIND_SECONDS * perSecond);
                lastTick = now;
                if (isPaused) {
                    due = 0;
                    // What was made is in the ledger: nothing of it may stay here.
                    while (fleet.hasReady()) {
                        send();
                    }
                    isQuiet = true;
                }
                for (; due >= 1; due--) {
                    send();
                }
                Thread.sleep(TICK_MS);
            }
        } catch (InterruptedException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void send() {
        sent++;
        var _ = producer.send(fleet.next(System.currentTimeMillis()), (where, trouble) -> {
            if (trouble == null) {
                acknowledged.incrementAndGet();
            } else {
                failure.compareAndSet(null, trouble);
            }
        });
    }

    void goOn() {
        isQuiet = false;
        isPaused = false;
    }

    /// Returns when everything that was made is acknowledged.
    void pause() throws InterruptedException {
        isPaused = true;
        while (!isQuiet) {
            requireWell();
            Thread.sleep(TICK_MS);
        }
        producer.flush();
        requireWell();
        if (acknowledged.get() != sent) {
            throw new IllegalStateException(acknowledged + " of " + sent + " records are acknowledged");
        }
    }

    long acknowledged() {
        return acknowledged.get();
    }

    void requireWell() {
        Exception trouble = failure.get();
        if (trouble != null) {
            throw new IllegalStateException("a record was not sent, so that the ledger is wrong", trouble);
        }
    }

    @Override
    public void close() {
        isOver = true;
        thread.interrupt();
        producer.close(Duration.ofSeconds(5));
    }
}
