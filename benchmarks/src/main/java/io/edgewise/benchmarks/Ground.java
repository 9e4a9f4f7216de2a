// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.edgewise.contracts.Topics;
import io.edgewise.embedded.EmbeddedKafka;
import io.edgewise.embedded.EmbeddedPostgres;
import io.edgewise.embedded.EmbeddedTopics;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.Role.Migration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/// Where the evaluator's benchmarks run: a broker and a PostgreSQL of their own on this machine, in a temporary folder.
/// PostgreSQL is refused unless a commit is durable (fsync, synchronous commit).
public final class Ground implements AutoCloseable {
    private static final String USER = "postgres";
    private static final int CONNECTIONS = 8;
    /// A GB.
    private static final int LOG_FILES = 60;

    /// Where the broker's files are made; its write-back and PostgreSQL's commits are on one disk otherwise.
    private static final String BROKER = "EDGEWISE_BENCHMARK_BROKER";

    private final Path folder;
    private final Path brokerFolder;
    private final EmbeddedKafka broker;
    private final EmbeddedPostgres postgres;
    private final AgroalDataSource pool;
    private final Database database;

    private Ground(Path folder, Path brokerFolder, EmbeddedKafka broker, EmbeddedPostgres postgres)
            throws SQLException {
        this.folder = folder;
        this.brokerFolder = brokerFolder;
        this.broker = broker;
        this.postgres = postgres;
        this.pool = pool(postgres.url());
        this.database = new Database(pool);
    }

    /// Starts everything, with the platform's topics and the evaluator's tables.
    public static Ground open() throws Exception {
        quiet();
        Path folder = Files.createTempDirectory("edgewise-benchmark");
        String elsewhere = System.getenv(BROKER);
        Path brokerFolder =
                elsewhere == null ? folder : Files.createTempDirectory(Path.of(elsewhere), "edgewise-benchmark");
        EmbeddedKafka broker = EmbeddedKafka.start(brokerFolder);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(folder);
        Ground ground = new Ground(folder, brokerFolder, broker, postgres);
        EmbeddedTopics.create(
                broker.bootstrapServers(),
                List.of(
                        new NewTopic(Topics.OBSERVATIONS, Topics.PARTITIONS, (short) 1),
                        new NewTopic(Topics.FEEDBACK, Topics.PARTITIONS, (short) 1),
                        new NewTopic(Topics.DEAD_LETTERS, 1, (short) 1)));
        ground.requireDurable();
        ground.age();
        ground.forget();
        return ground;
    }

    /// Says nothing of clients that start as they should.
    static void quiet() {
        Logger.getLogger("").setLevel(Level.WARNING);
    }

    /// Connections as the server keeps them: opened once and used again, and never again after they broke.
    static AgroalDataSource pool(String url) throws SQLException {
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(CONNECTIONS)
                        .acquisitionTimeout(Duration.ofSeconds(5))
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        .connectionFactoryConfiguration(
                                factory -> factory.jdbcUrl(url).principal(new NamePrincipal(USER)))));
    }

    /// PostgreSQL as docs/scale.md says that it is to be set up, and with files of its log to be used again, as one
    /// that has run for a while has: making a new one costs a commit some 50 ms.
    private void age() throws SQLException {
        database.read(sql -> sql.update("ALTER SYSTEM SET min_wal_size = '1GB'"));
        database.read(sql -> sql.update("ALTER SYSTEM SET max_wal_size = '8GB'"));
        database.read(sql -> sql.update("ALTER SYSTEM SET checkpoint_timeout = '15min'"));
        database.read(sql -> sql.list("SELECT pg_reload_conf()", row -> true));
        for (int file = 0; file < LOG_FILES; file++) {
            database.read(sql -> sql.list("SELECT pg_logical_emit_message(false, 'edgewise', 'age')", row -> true));
            database.read(sql -> sql.list("SELECT pg_switch_wal()", row -> true));
        }
        database.read(sql -> sql.update("CHECKPOINT"));
    }

    public KafkaSettings kafka() {
        return new KafkaSettings(broker.bootstrapServers(), Map.of());
    }

    Database database() {
        return database;
    }

    public String databaseUrl() {
        return postgres.url();
    }

    /// Where a benchmark may put files; deleted with the rest.
    public Path folder() {
        return folder;
    }

    /// Forgets everything that was counted: the next evaluator reads the topic from its beginning.
    void forget() throws SQLException {
        database.read(sql -> sql.update("DROP SCHEMA IF EXISTS evaluator CASCADE"));
        Migrations.run(pool, List.of(new Migration("evaluator", "db/evaluator")));
    }

    /// The tables of another role beside the evaluator's.
    void migrate(Migration migration) {
        Migrations.run(pool, List.of(migration));
    }

    /// Forgets, and empties the topic as well.
    void clear() throws Exception {
        forget();
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (int partition = 0; partition < Topics.PARTITIONS; partition++) {
            all.put(new TopicPartition(Topics.OBSERVATIONS, partition), RecordsToDelete.beforeOffset(-1));
        }
        try (Admin admin = Admin.create(kafka().common())) {
            admin.deleteRecords(all).all().get();
        } catch (ExecutionException e) {
            throw new IOException("the topic of observations could not be emptied", e);
        }
    }

    /// What is committed of the observations: counted, refused and all else that the marks account for.
    record Account(long counted, long duplicates, long rejected, long imbalance) {
        /// Throws when not exactly these were counted, once each.
        void require(long expected) {
            if (counted != expected || duplicates != 0 || rejected != 0 || imbalance != 0) {
                throw new IllegalStateException(
                        "expected " + expected + " observations counted once; the database says " + this);
            }
        }
    }

    Account account() throws SQLException {
        return database.read(sql -> sql.first(
                        """
                        SELECT coalesce(sum(counted), 0)::bigint, coalesce(sum(duplicates), 0)::bigint,
                               coalesce(sum(rejected), 0)::bigint, coalesce(sum(abs(imbalance)), 0)::bigint
                          FROM evaluator.published_lane WHERE topic = ?
                        """,
                        row -> new Account(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)),
                        Topics.OBSERVATIONS)
                .orElseThrow());
    }

    /// One figure of the database.
    long number(String query) throws SQLException {
        return database.read(sql -> sql.first(query, row -> row.getLong(1)).orElseThrow());
    }

    /// Bytes that PostgreSQL has written to its log since it was made.
    long logBytes() throws SQLException {
        return number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
    }

    /// Average size of a stored row's counts.
    Map<String, Object> tallyBytes() throws SQLException {
        Map<String, Object> bytes = new TreeMap<>();
        for (String table : List.of("evidence", "window_delta")) {
            bytes.put(table, number("SELECT coalesce(avg(octet_length(tally)), 0)::bigint FROM evaluator." + table));
        }
        bytes.put("part", number("SELECT coalesce(avg(octet_length(counted)), 0)::bigint FROM evaluator.part"));
        bytes.put(
                "partOfSlice",
                number("SELECT coalesce(avg(octet_length(slice.tally)), 0)::bigint"
                        + " FROM evaluator.part CROSS JOIN LATERAL unnest(slice_counted) AS slice(tally)"));
        return bytes;
    }

    /// Bytes of the evaluator's tables with their indexes, by name.
    Map<String, Object> tableBytes() throws SQLException {
        Map<String, Object> bytes = new TreeMap<>();
        database.read(sql -> sql.list("""
                SELECT relname, pg_total_relation_size(oid) FROM pg_class
                 WHERE relnamespace = 'evaluator'::regnamespace AND relkind = 'r'
                   AND pg_total_relation_size(oid) > 65536
                """, row -> bytes.put(row.getString(1), row.getLong(2))));
        return bytes;
    }

    /// Used heap of this process after a collection, broker included.
    static long heapAfterCollection() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    private void requireDurable() throws SQLException {
        for (String setting : List.of("fsync", "synchronous_commit")) {
            String value = database.read(sql -> sql.first("SELECT current_setting(?)", row -> row.getString(1), setting)
                    .orElseThrow());
            if (!value.equals("on")) {
                throw new IllegalStateException("PostgreSQL has " + setting + " = " + value
                        + "; a figure measured so says nothing about counting durably");
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            pool.close();
            postgres.close();
        } finally {
            broker.close();
            delete(folder);
            delete(brokerFolder);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /// For results.
    String brokerOn() {
        return brokerFolder.equals(folder) ? "PostgreSQL's disk" : "another: " + brokerFolder.getParent();
    }
}
