// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.ingest.OrdersBoard;
import io.edgewise.ingest.Revocations;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the directives topic from its beginning into the board, and then follows it. Has no group and no offsets: the
/// topic is compacted, and a new process reads it anew.
final class DirectiveFollower implements LoopThread.Loop {
    private static final Logger LOG = LoggerFactory.getLogger(DirectiveFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final String SCHEMA = "signed/1";

    private final KafkaSettings kafka;
    private final OrdersBoard board;
    private final Revocations revocations;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private Map<TopicPartition, Long> ends = Map.of();
    private final CountDownLatch caughtUp = new CountDownLatch(1);

    DirectiveFollower(KafkaSettings kafka, OrdersBoard board, Revocations revocations) {
        this.kafka = kafka;
        this.board = board;
        this.revocations = revocations;
    }

    /// Whether everything has been read that was there when reading began.
    boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    /// The same, and waits for it.
    boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
        return caughtUp.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void poll() {
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open == null) {
            open = open();
        }
        for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
            take(record);
        }
        KafkaConsumer<byte[], byte[]> reading = open;
        if (!isCaughtUp()
                && ends.entrySet().stream().allMatch(end -> reading.position(end.getKey()) >= end.getValue())) {
            caughtUp.countDown();
        }
    }

    @Override
    public void recover() {
        close();
    }

    @Override
    public void wakeUp() {
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open != null) {
            open.wakeup();
        }
    }

    @Override
    public void close() {
        KafkaConsumer<byte[], byte[]> open = consumer;
        consumer = null;
        if (open != null) {
            open.close();
        }
    }

    private KafkaConsumer<byte[], byte[]> open() {
        Map<String, Object> settings = kafka.consumer();
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "edgewise-ingest-orders");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        KafkaConsumer<byte[], byte[]> opened = new KafkaConsumer<>(settings);
        consumer = opened;
        List<TopicPartition> partitions = opened.partitionsFor(Topics.DIRECTIVES).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new IllegalStateException("topic " + Topics.DIRECTIVES + " is not there; create it");
        }
        opened.assign(partitions);
        opened.seekToBeginning(partitions);
        ends = opened.endOffsets(partitions);
        return opened;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            Header schema = record.headers().lastHeader(Topics.SCHEMA_HEADER);
            if (schema != null && !SCHEMA.equals(new String(schema.value(), StandardCharsets.US_ASCII))) {
                throw new IllegalArgumentException("its schema header is not " + SCHEMA);
            }
            if (record.value() == null) {
                board.remove(key);
            } else {
                Signed signed = Signed.parseFrom(record.value());
                if (signed.getDomain().equals(Signing.REVOCATION)) {
                    revocations.put(key, signed);
                } else {
                    board.put(key, signed);
                }
            }
        } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
            LOG.warn(
                    "Record {}-{}@{} is no order and is passed over: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }
}
