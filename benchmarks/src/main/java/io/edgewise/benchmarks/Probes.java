// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Observation;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Single records whose way is timed: each is of a device and a rollout of its own, at most one on its way at a
/// time, so that its rollout's newest append time says when it is there. Read when PostgreSQL tells of a flush,
/// as the controller is told, and now and then beside: reading all the time would take from the evaluator what is
/// measured.
final class Probes implements AutoCloseable {
    private static final int PROBES = 32;
    private static final int FIRST_ROLLOUT = 500_000;
    private static final long EPOCH = 9;
    private static final int LISTEN_MS = 5;
    private static final long READ_EVERY_MS = 200;
    private static final int LONGEST_PAUSE_MS = 500;
    private static final long NONE = 0;

    private static final String READ = """
            SELECT rollout, max(last_append_ms) FROM evaluator.published_evidence
             WHERE tenant = 'default' AND rollout = ANY (?) AND slice = 'all' GROUP BY rollout
            """;

    private final Connection connection;
    private final Feed feed;
    private final SampleObservations samples = new SampleObservations(3);
    private final SplittableRandom random = new SplittableRandom(3);
    private final Map<String, Integer> numbers = new HashMap<>();
    private final String[] rollouts = new String[PROBES];
    private final long[] sequences = new long[PROBES];
    private final long[] sendAtMs = new long[PROBES];
    private final boolean[] onItsWay = new boolean[PROBES];
    private final AtomicLongArray appendedMs = new AtomicLongArray(PROBES);
    private final List<Long> delays = new ArrayList<>();

    Probes(Ground ground) throws SQLException {
        connection = ground.database().source().getConnection();
        try (Statement listen = connection.createStatement()) {
            listen.execute("LISTEN edgewise_evidence");
        }
        feed = new Feed(ground.kafka(), 0);
        for (int i = 0; i < PROBES; i++) {
            rollouts[i] = Fleet.rollout(FIRST_ROLLOUT + i);
            numbers.put(rollouts[i], i);
            sendAtMs[i] = System.currentTimeMillis() + random.nextInt(LONGEST_PAUSE_MS);
        }
    }

    /// Milliseconds of every probe that arrived, sorted.
    List<Long> run(int seconds) throws SQLException {
        long end = System.currentTimeMillis() + seconds * 1_000L;
        try (PreparedStatement read = connection.prepareStatement(READ)) {
            Array all = connection.createArrayOf("text", rollouts);
            read.setArray(1, all);
            PGConnection told = connection.unwrap(PGConnection.class);
            long readAtMs = 0;
            while (System.currentTimeMillis() < end || isAnyOnItsWay()) {
                send(end);
                PGNotification[] heard = told.getNotifications(LISTEN_MS);
                long now = System.currentTimeMillis();
                if (heard != null && heard.length > 0 || now - readAtMs >= READ_EVERY_MS) {
                    readAtMs = now;
                    look(read);
                }
            }
        }
        if (delays.isEmpty()) {
            throw new IllegalStateException("no probe arrived");
        }
        Collections.sort(delays);
        return List.copyOf(delays);
    }

    long sent() {
        return Arrays.stream(sequences).sum();
    }

    private boolean isAnyOnItsWay() {
        for (boolean each : onItsWay) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    private void send(long endMs) {
        long now = System.currentTimeMillis();
        for (int i = 0; i < PROBES; i++) {
            if (!onItsWay[i] && now >= sendAtMs[i] && now < endMs) {
                int number = i;
                onItsWay[i] = true;
                appendedMs.set(i, NONE);
                feed.send(record(i, now), where -> appendedMs.set(number, where.timestamp()));
            }
        }
    }

    private ProducerRecord<byte[], byte[]> record(int probe, long now) {
        String device = "probe-" + probe;
        byte[] key = Topics.key("default", device);
        Observation observation = samples.next(device, EPOCH, ++sequences[probe], now).toBuilder()
                .setRollout(rollouts[probe])
                .build();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.OBSERVATIONS, Topics.partition(key, Topics.PARTITIONS), key, observation.toByteArray());
        record.headers().add(Topics.SCHEMA_HEADER, Topics.OBSERVATION_SCHEMA.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private void look(PreparedStatement read) throws SQLException {
        try (ResultSet rows = read.executeQuery()) {
            long now = System.currentTimeMillis();
            while (rows.next()) {
                Integer probe = numbers.get(rows.getString(1));
                long appended = probe == null ? NONE : appendedMs.get(probe);
                if (probe != null && onItsWay[probe] && appended != NONE && rows.getLong(2) >= appended) {
                    onItsWay[probe] = false;
                    sendAtMs[probe] = now + random.nextInt(LONGEST_PAUSE_MS);
                    delays.add(now - appended);
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        feed.close();
        connection.close();
    }
}
