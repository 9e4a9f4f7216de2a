// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what agents tell of themselves from Kafka into the database. The instances share the partitions; a status
/// that
/// is read twice changes nothing. Only what is new is written, and once in a while that a device is still there.
final class DeviceFeed implements LoopThread.Loop {
    static final String GROUP = "edgewise-controller-devices";
    private static final Logger LOG = LoggerFactory.getLogger(DeviceFeed.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration STILL_THERE = Duration.ofSeconds(20);
    private static final Duration COUNT_EVERY = Duration.ofMillis(500);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);
    private static final Duration FORGET_EVERY = Duration.ofHours(1);
    private static final int REMEMBERED = 200_000;

    private final Database database;
    private final KafkaSettings kafka;
    private final InstantSource clock;
    private final Duration silentAfter;
    private final Duration keep;
    private final DeviceRows rows = new DeviceRows();

    /// What was written last of each device, so that it need not be written again.
    private final Map<DeviceReport.Key, DeviceReport> written = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DeviceReport.Key, DeviceReport> eldest) {
            return size() > REMEMBERED;
        }
    };

    /// Rollouts whose devices are to be counted anew.
    private final Set<String> changed = new TreeSet<>();

    private final Map<TopicPartition, Long> backlog = new HashMap<>();
    private Instant counted = Instant.EPOCH;
    private Instant swept = Instant.EPOCH;
    private Instant forgot = Instant.EPOCH;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> consumer;

    DeviceFeed(Database database, KafkaSettings kafka, InstantSource clock, Duration silentAfter, Duration keep) {
        this.database = database;
        this.kafka = kafka;
        this.clock = clock;
        this.silentAfter = silentAfter;
        this.keep = keep;
    }

    @Override
    public void poll() throws SQLException {
        KafkaConsumer<byte[], byte[]> open = consumer;
        if (open == null) {
            open = open();
        }
        Instant now = clock.instant();
        List<DeviceReport> reports = new ArrayList<>();
        boolean heard = false;
        for (ConsumerRecord<byte[], byte[]> record : open.poll(POLL)) {
            heard = true;
            report(record, now).ifPresent(reports::add);
        }
        take(reports, now);
        if (heard) {
            open.commitSync();
        }
        work(now);
    }

    /// Writes what is new in these, in their order.
    void take(List<DeviceReport> reports, Instant now) throws SQLException {
        for (Collection<DeviceReport> batch : batches(reports)) {
            database.transact(sql -> {
                Limits.set(sql, 5, 5, 10);
                DeviceRows.lock(sql);
                rows.write(sql, batch);
                rows.alive(sql, now);
                return true;
            });
            for (DeviceReport report : batch) {
                DeviceReport before = written.put(report.key(), report);
                if (before == null || !report.repeats(before)) {
                    changed.add(report.key().rollout());
                }
            }
        }
    }

    /// Each device at most once in a batch: the last that it said, but not across a restart of its agent.
    private List<Collection<DeviceReport>> batches(List<DeviceReport> reports) {
        List<Map<DeviceReport.Key, DeviceReport>> batches = new ArrayList<>(List.of(new LinkedHashMap<>()));
        for (DeviceReport report : reports) {
            DeviceReport before = batches.getLast().get(report.key());
            DeviceReport known = written.get(report.key());
            boolean old = before == null
                    && known != null
                    && report.repeats(known)
                    && report.heard().isBefore(known.heard().plus(STILL_THERE));
            if (before != null && report.startsOver(before)) {
                batches.add(new LinkedHashMap<>());
            }
            if (!old) {
                batches.getLast().put(report.key(), report);
            }
        }
        return batches.stream()
                .filter(batch -> !batch.isEmpty())
                .<Collection<DeviceReport>>map(Map::values)
                .toList();
    }

    /// Counts what changed, and from time to time looks for who is silent and forgets who is gone.
    /// Whoever decides is called.
    void work(Instant now) throws SQLException {
        if (!now.isBefore(forgot.plus(FORGET_EVERY))) {
            forget(now);
        }
        if (!now.isBefore(swept.plus(SWEEP_EVERY))) {
            changed.addAll(database.transact(sql -> {
                Limits.set(sql, 5, 5, 10);
                DeviceRows.lock(sql);
                return rows.sweep(sql, silentAfter, now);
            }));
            swept = now;
        }
        if (changed.isEmpty() || now.isBefore(counted.plus(COUNT_EVERY))) {
            return;
        }
        boolean _ = database.transact(sql -> {
            Limits.set(sql, 5, 5, 10);
            DeviceRows.lock(sql);
            rows.count(sql, changed);
            return Notifications.call(sql, List.copyOf(changed));
        });
        changed.clear();
        counted = now;
    }

    /// One batch in each round, until one is not full: statuses are not kept waiting.
    private void forget(Instant now) throws SQLException {
        int gone = database.transact(sql -> {
            Limits.set(sql, 5, 5, 10);
            DeviceRows.lock(sql);
            return rows.forget(sql, keep, now);
        });
        if (gone < DeviceRows.BATCH) {
            forgot = now;
        }
    }

    /// What lay in Kafka before this process came was heard when it came there, and not now.
    private Optional<DeviceReport> report(ConsumerRecord<byte[], byte[]> record, Instant now) {
        if (record.value() == null) {
            return Optional.empty();
        }
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        boolean old = record.offset() < backlog.getOrDefault(partition, 0L);
        Instant appended = Instant.ofEpochMilli(record.timestamp());
        try {
            return DeviceReport.of(
                    AgentStatus.parseFrom(record.value()), old && appended.isBefore(now) ? appended : now);
        } catch (InvalidProtocolBufferException e) {
            LOG.warn(
                    "Record {}-{}@{} is no status and is passed over: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private KafkaConsumer<byte[], byte[]> open() {
        Map<String, Object> settings = kafka.groupConsumer(GROUP);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, GROUP);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        KafkaConsumer<byte[], byte[]> opened = new KafkaConsumer<>(settings);
        consumer = opened;
        opened.subscribe(List.of(Topics.AGENT_STATUS), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                written.clear();
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                written.clear();
                backlog.putAll(opened.endOffsets(partitions));
            }
        });
        return opened;
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
        written.clear();
        if (open != null) {
            open.close();
        }
    }
}
