// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.edgewise.agent.spool.Bounds;
import io.edgewise.agent.spool.Lane;
import io.edgewise.agent.spool.LaneFormat;
import io.edgewise.agent.spool.Spool;
import io.edgewise.agent.spool.Weight;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.SeqRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Durable observations per second of the agent's spool, in groups of at most 64 records and 5 ms, beside
/// other stores that sync after every 64 records: a bare log (the floor: what the disk takes), and SQLite
/// with a rollback journal in the place of the write-ahead log. In turns, in one run.
public final class SpoolBenchmark {
    private static final int GROUP = 64;
    private static final int ROUNDS = 5;
    private static final long ROUND_NANOS = 4_000_000_000L;
    private static final int UNDER_WAY = 4 * GROUP;

    private SpoolBenchmark() {}

    private interface Store {
        /// Durable records per second.
        double run(Path folder, byte[] record) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        byte[] record = new SampleObservations(1)
                .next("device-1", 1, 1, 1_800_000_000_000L)
                .toByteArray();
        Map<String, Store> stores = new LinkedHashMap<>();
        Latencies latencies = new Latencies();
        stores.put("spool", (folder, bytes) -> spool(folder, bytes, latencies));
        stores.put("bare log", SpoolBenchmark::log);
        stores.put("journal", SpoolBenchmark::journal);
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round <= ROUNDS; round++) {
            for (Map.Entry<String, Store> store : stores.entrySet()) {
                Path folder = Files.createTempDirectory(Path.of("."), "spool-benchmark");
                double rate = store.getValue().run(folder, record);
                delete(folder);
                // The first round warms up.
                if (round > 0) {
                    rates.computeIfAbsent(store.getKey(), name -> new ArrayList<>())
                            .add(rate);
                }
            }
        }
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("target", 20_000);
        more.put("recordBytes", record.length);
        more.put("groupRecords", GROUP);
        more.put("groupMillis", 5);
        more.put("sqliteRollbackJournalPerSecond", Math.round(median(of(rates, "journal"))));
        more.put("ackP50Micros", Math.round(latencies.at(0.5)));
        more.put("ackP99Micros", Math.round(latencies.at(0.99)));
        more.put("roundsSpool", of(rates, "spool").stream().map(Math::round).toList());
        new Result(
                        "spool",
                        median(of(rates, "spool")),
                        "durable observations per second",
                        median(of(rates, "bare log")),
                        "a bare log, synced after every 64 records",
                        "benchmarks/run spool",
                        more)
                .write();
    }

    /// The microseconds from handing over to durable.
    private static final class Latencies {
        private final List<Long> micros = new ArrayList<>();

        synchronized void add(long nanos) {
            micros.add(nanos / 1_000);
        }

        synchronized double at(double share) {
            List<Long> sorted = micros.stream().sorted().toList();
            return sorted.get((int) (share * (sorted.size() - 1)));
        }
    }

    private static double spool(Path folder, byte[] record, Latencies latencies) throws Exception {
        AtomicLong durable = new AtomicLong();
        Semaphore room = new Semaphore(UNDER_WAY);
        long start = System.nanoTime();
        try (Spool spool = Spool.open(
                folder,
                Map.of(Lane.OBSERVATIONS, new Plain()),
                new Bounds(50_000_000, 1L << 36, Duration.ofMillis(5)))) {
            long since = 0;
            while (System.nanoTime() - start < ROUND_NANOS) {
                room.acquire();
                long handed = System.nanoTime();
                boolean isSample = since++ % 100 == 0;
                CompletableFuture<Long> _ = spool.append(Lane.OBSERVATIONS, Weight.KEEP, record)
                        .whenComplete((seq, failure) -> {
                            room.release();
                            if (failure == null) {
                                durable.incrementAndGet();
                            }
                            if (isSample) {
                                latencies.add(System.nanoTime() - handed);
                            }
                        });
            }
            room.acquire(UNDER_WAY);
            return durable.get() * 1e9 / (System.nanoTime() - start);
        }
    }

    /// Stamps as the agent does: the identity in front.
    private static final class Plain implements LaneFormat {
        @Override
        public byte[] stamp(byte[] body, Place place) {
            byte[] identity = Observation.newBuilder()
                    .setTenant("default")
                    .setDevice("device-1")
                    .setSpoolEpoch(place.epoch())
                    .setSeq(place.seq())
                    .build()
                    .toByteArray();
            return ByteBuffer.allocate(identity.length + body.length)
                    .put(identity)
                    .put(body)
                    .array();
        }

        @Override
        public byte[] drops(List<SeqRange> ranges, String reason, Place place) {
            throw new IllegalStateException("the benchmark's spool is never full");
        }

        @Override
        public Declared dropsIn(byte[] record) {
            throw new IllegalStateException("the benchmark's spool is never full");
        }
    }

    private static double log(Path folder, byte[] record) throws IOException {
        long start = System.nanoTime();
        long written = 0;
        try (FileChannel log =
                FileChannel.open(folder.resolve("log"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer group = ByteBuffer.allocateDirect(GROUP * (record.length + Integer.BYTES));
            while (System.nanoTime() - start < ROUND_NANOS) {
                group.clear();
                for (int i = 0; i < GROUP; i++) {
                    group.putInt(record.length).put(record);
                }
                group.flip();
                while (group.hasRemaining()) {
                    int _ = log.write(group);
                }
                log.force(false);
                written += GROUP;
            }
        }
        return written * 1e9 / (System.nanoTime() - start);
    }

    private static double journal(Path folder, byte[] record) throws SQLException {
        long start = System.nanoTime();
        long written = 0;
        try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
                Statement statement = file.createStatement()) {
            statement.execute("PRAGMA journal_mode = DELETE");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("CREATE TABLE record (seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
            file.setAutoCommit(false);
            try (PreparedStatement insert = file.prepareStatement("INSERT INTO record (bytes) VALUES (?)")) {
                while (System.nanoTime() - start < ROUND_NANOS) {
                    for (int i = 0; i < GROUP; i++) {
                        insert.setBytes(1, record);
                        insert.executeUpdate();
                    }
                    file.commit();
                    written += GROUP;
                }
            }
        }
        return written * 1e9 / (System.nanoTime() - start);
    }

    private static List<Double> of(Map<String, List<Double>> rates, String store) {
        return rates.getOrDefault(store, List.of());
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
