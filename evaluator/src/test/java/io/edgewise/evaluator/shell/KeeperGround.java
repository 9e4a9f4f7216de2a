// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.Level;
import io.edgewise.evaluator.PeriodKey;
import io.edgewise.evaluator.Retention;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.role.Role.Migration;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.sql.DataSource;

/// A fresh schema, parts of windows as flushes append them, and readers of what is published and stored.
final class KeeperGround {
    static final long GRACE_MS = 15_000;
    static final EvaluatorPolicy POLICY = new EvaluatorPolicy(86_400_000, GRACE_MS, 50);
    static final Instant NOW = Instant.parse("2026-11-21T12:30:40Z");
    static final long MINUTE = NOW.getEpochSecond() / 60;

    /// Small pieces, so that little data makes many transactions.
    static final KeeperLimits SMALL = new KeeperLimits(50, 37, 1 << 20, 20, 30, 1_000, 0);

    private static final List<String> SLICES = List.of("all", "chipset=a17", "locale=de");

    private final DataSource source;
    private final Database database;
    private final Map<PeriodKey, Tally> expected = new HashMap<>();
    private CopyRows waiting = new CopyRows();

    KeeperGround(Platform platform) throws SQLException {
        source = platform.dataSource();
        database = new Database(source);
        database.transact(sql -> sql.update("DROP SCHEMA IF EXISTS evaluator CASCADE"));
        Migrations.run(source, List.of(new Migration("evaluator", "db/evaluator")));
    }

    Database database() {
        return database;
    }

    DataSource source() {
        return source;
    }

    /// What was appended so far, per window of a minute.
    Map<PeriodKey, Tally> expected() {
        return expected;
    }

    Map<PeriodKey, Tally> expected(Level level) {
        Map<PeriodKey, Tally> sums = new HashMap<>();
        expected.forEach((key, tally) -> sums.computeIfAbsent(at(key, level.start(key.start())), unseen -> new Tally())
                .merge(tally));
        return sums;
    }

    long requests() {
        return expected.values().stream()
                .mapToLong(tally -> tally.get(Measures.REQUESTS, 0))
                .sum();
    }

    WindowKeeper keeper(InstantSource clock) {
        return keeper(source, clock, SMALL);
    }

    WindowKeeper keeper(DataSource from, InstantSource clock, KeeperLimits limits) {
        return new WindowKeeper(new Database(from), clock, POLICY, Retention.DEFAULT, limits);
    }

    static MutableClock clock() {
        return new MutableClock(NOW);
    }

    /// Rounds until nothing is left to do at once.
    static void settle(WindowKeeper keeper) throws SQLException {
        boolean more = true;
        while (more) {
            more = keeper.round();
        }
    }

    static void settle(WindowKeeper keeper, MutableClock clock, Duration later) throws SQLException {
        clock.advance(later);
        settle(keeper);
    }

    static PeriodKey key(String rollout, String slice, long minute) {
        return new PeriodKey("default", rollout, "intents", slice, 1, 2, minute);
    }

    static PeriodKey at(PeriodKey key, long start) {
        return new PeriodKey(
                key.tenant(), key.rollout(), key.workload(), key.slice(), key.stage(), key.cohort(), start);
    }

    /// A part of a window as a flush makes it.
    static Tally tally(SplittableRandom random) {
        Tally tally = new Tally().add(Measures.REQUESTS, 0, 1 + random.nextInt(3));
        for (int i = random.nextInt(6); i > 0; i--) {
            tally.add(Measures.USER_LATENCY, LogGrid.cell(1_000 + random.nextInt(100_000)));
            tally.add(Measures.PAIRS, random.nextInt(4));
        }
        return tally;
    }

    /// Random parts of windows in the minutes from `first` on.
    void flush(SplittableRandom random, int parts, long first, int minutes) throws SQLException {
        for (int i = 0; i < parts; i++) {
            PeriodKey key = new PeriodKey(
                    "default",
                    "r" + random.nextInt(4),
                    "intents",
                    SLICES.get(random.nextInt(SLICES.size())),
                    random.nextInt(2),
                    1 + random.nextInt(2),
                    first + random.nextInt(minutes));
            add(key, tally(random));
        }
        send();
    }

    void add(PeriodKey key, Tally tally) {
        expected.computeIfAbsent(key, unseen -> new Tally()).merge(tally);
        waiting.row(8)
                .put(key.tenant())
                .put(key.workload())
                .put(key.rollout())
                .put(key.start())
                .put(key.stage())
                .put(key.cohort())
                .put(key.slice())
                .put(tally.encode());
    }

    void send() throws SQLException {
        CopyRows rows = waiting;
        waiting = new CopyRows();
        database.transact(sql -> {
            rows.send(sql.connection(), """
                    COPY evaluator.window_delta (tenant, workload, rollout, minute, stage, cohort, slice, tally)
                    FROM STDIN (FORMAT binary)
                    """);
            return true;
        });
    }

    /// What anybody reads of minutes, in one statement.
    Map<PeriodKey, Tally> published() throws SQLException {
        return read("""
                SELECT tenant, rollout, workload, slice, stage, cohort, minute, tally FROM evaluator.published_window
                """);
    }

    Map<PeriodKey, Tally> stored(Level level) throws SQLException {
        return read("SELECT tenant, rollout, workload, slice, stage, cohort, start, tally FROM evaluator."
                + level.table().table());
    }

    private Map<PeriodKey, Tally> read(String query) throws SQLException {
        Map<PeriodKey, Tally> all = new HashMap<>();
        database.read(sql -> sql.list(
                query,
                row -> all.computeIfAbsent(key(row), unseen -> new Tally()).merge(Tally.decode(row.getBytes(8)))));
        return all;
    }

    private static PeriodKey key(ResultSet row) throws SQLException {
        return new PeriodKey(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInt(5),
                row.getInt(6),
                row.getLong(7));
    }

    long number(String query) throws SQLException {
        return database.read(sql -> sql.list(query, row -> row.getLong(1)).getFirst());
    }

    List<String> texts(String query) throws SQLException {
        return database.read(sql -> sql.list(query, row -> row.getString(1)));
    }
}
