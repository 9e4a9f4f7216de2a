// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.KeptTable;
import io.edgewise.evaluator.Retention;
import io.edgewise.evaluator.RollUpPace;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.LoopThread;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Adds what flushes append to evidence and into one row per window, makes hours and days of minutes, and
/// drops what is old.
///
/// Any number may run on one database. Each piece of work is one transaction under a lock that one of them
/// holds at a time and that ends with the transaction; a keeper that is killed leaves the piece undone, and
/// the next one does it.
public final class WindowKeeper implements LoopThread.Loop {
    private static final Logger LOG = LoggerFactory.getLogger(WindowKeeper.class);
    private static final long MINUTE_MS = 60_000;
    private static final long PAUSE_MS = 2_000;
    private static final long GATHER_EVERY_MS = 5_000;

    private static final long LONGEST_REST_MS = 500;
    private static final long FOLD_BEHIND_MS = 40_000;
    private static final long COMPACT_EVERY_MS = 5_000;
    private static final long UPKEEP_EVERY_MS = 60_000;

    private final Database database;
    private final InstantSource clock;
    private final long graceMs;
    private final int samplesPerWindow;
    private final RollUpPace pace;
    private final Upkeep upkeep;
    private final KeeperLimits limits;
    private final KeeperStats stats = new KeeperStats();
    private final Semaphore stopping = new Semaphore(0);

    private long gatherAfterMs;
    private long compactAfterMs;
    private long upkeepAfterMs;

    public WindowKeeper(Database database, InstantSource clock, EvaluatorPolicy policy, Retention retention) {
        this(database, clock, policy, retention, KeeperLimits.DEFAULT);
    }

    WindowKeeper(
            Database database, InstantSource clock, EvaluatorPolicy policy, Retention retention, KeeperLimits limits) {
        this.database = database;
        this.clock = clock;
        this.graceMs = policy.graceMs();
        this.samplesPerWindow = policy.sample().perWindow();
        this.pace = new RollUpPace(policy.graceMs());
        this.upkeep = new Upkeep(retention);
        this.limits = limits;
    }

    /// For any thread.
    public KeeperStats stats() {
        return stats;
    }

    @Override
    public void poll() throws SQLException {
        if (!round()) {
            rest(PAUSE_MS);
        }
    }

    /// Less when it is woken to stop.
    private void rest(long ms) {
        try {
            if (ms > 0 && stopping.tryAcquire(ms, TimeUnit.MILLISECONDS)) {
                stopping.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void wakeUp() {
        stopping.release();
    }

    /// Does what is due, at most so much. True when there is more to be done at once.
    boolean round() throws SQLException {
        long now = clock.millis();
        // Before anything that may fail: a keeper that gets nowhere says so.
        stats.lags(lagMs(now));
        if (now >= upkeepAfterMs || upkeepAfterMs - now > UPKEEP_EVERY_MS) {
            keepUp(now);
            upkeepAfterMs = now + UPKEEP_EVERY_MS;
        }
        boolean more = gather(now);
        more |= fold(now);
        if (now >= compactAfterMs || compactAfterMs - now > COMPACT_EVERY_MS) {
            compact(now);
            compactAfterMs = now + COMPACT_EVERY_MS;
        }
        more |= rollUp(now);
        moveSamples(now);
        stats.lags(lagMs(now));
        stats.round();
        return more;
    }

    /// Adds what flushes appended to evidence, rollout by rollout, all of them every few seconds.
    private boolean gather(long nowMs) throws SQLException {
        if (nowMs < gatherAfterMs && gatherAfterMs - nowMs <= GATHER_EVERY_MS) {
            return false;
        }
        for (int i = 0; i < limits.mostPieces(); i++) {
            boolean mayBegin = i == 0;
            long began = clock.millis();
            Optional<GatherPass.Step> step = alone(sql -> GatherPass.step(sql, limits, mayBegin));
            if (step.isEmpty()) {
                // Another keeper is at work on the same pass, and it goes on where that one ends.
                return false;
            }
            step.get().folded().ifPresent(stats::gathered);
            rest(Math.min(LONGEST_REST_MS, step.get().rests() * (clock.millis() - began)));
            if (step.get().isEnded()) {
                boolean again = step.get().isLeft();
                gatherAfterMs = again ? nowMs : nowMs + GATHER_EVERY_MS;
                return again;
            }
        }
        return true;
    }

    /// Makes one row of each window that is over. All windows of a minute are over at once, and read the same
    /// before and after: there is time for it until the next are.
    private boolean fold(long nowMs) throws SQLException {
        int rests = foldLagMs(nowMs) >= FOLD_BEHIND_MS ? 0 : limits.rests();
        for (int i = 0; i < limits.mostPieces(); i++) {
            long began = clock.millis();
            Optional<WindowParts.Taken> taken =
                    alone(sql -> new WindowParts(sql, limits).fold(closedMinute(nowMs), pace, nowMs));
            taken.ifPresent(stats::folded);
            if (taken.isEmpty() || !taken.get().isFull()) {
                return false;
            }
            if (rests > 0) {
                rest(Math.min(LONGEST_REST_MS, rests * (clock.millis() - began)));
                return true;
            }
        }
        return true;
    }

    private void compact(long nowMs) throws SQLException {
        boolean isFull = true;
        for (int i = 0; i < limits.mostPieces() && isFull; i++) {
            Optional<WindowParts.Taken> taken = alone(sql -> new WindowParts(sql, limits).compact(closedMinute(nowMs)));
            taken.ifPresent(stats::compacted);
            isFull = taken.isPresent() && taken.get().isFull();
        }
    }

    private boolean rollUp(long nowMs) throws SQLException {
        for (int i = 0; i < limits.mostPieces(); i++) {
            Optional<RollUps.Rolled> rolled = alone(sql -> new RollUps(sql, limits, pace).due(nowMs));
            rolled.ifPresent(stats::rolled);
            if (rolled.isEmpty() || !rolled.get().isFull()) {
                return false;
            }
        }
        return true;
    }

    private void moveSamples(long nowMs) throws SQLException {
        boolean moved = true;
        for (int i = 0; i < limits.mostPieces() && moved; i++) {
            moved = alone(sql -> SampleMoves.move(sql, closedMinute(nowMs), samplesPerWindow))
                    .flatMap(minute -> minute)
                    .isPresent();
        }
    }

    private void keepUp(long nowMs) throws SQLException {
        alone(sql -> Upkeep.prepare(sql, nowMs));
        for (KeptTable table : KeptTable.values()) {
            Optional<KeptTable.Part> dropped = drop(table, nowMs);
            while (dropped.isPresent()) {
                LOG.info(
                        "Dropped {} with all its rows: it is older than what is kept.",
                        dropped.get().name());
                stats.dropped();
                dropped = drop(table, nowMs);
            }
        }
    }

    private Optional<KeptTable.Part> drop(KeptTable table, long nowMs) throws SQLException {
        try {
            return alone(sql -> upkeep.dropOldest(sql, table, nowMs)).flatMap(part -> part);
        } catch (SQLException e) {
            if (!Partitions.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            LOG.debug("Somebody reads {}; what is old in it is dropped a minute later.", table.table());
            return Optional.empty();
        }
    }

    /// The last minute whose grace has passed.
    private long closedMinute(long nowMs) {
        return Math.floorDiv(nowMs - graceMs, MINUTE_MS) - 1;
    }

    /// How far all keepers are behind: with what flushes appended, or with windows that are over.
    private long lagMs(long nowMs) throws SQLException {
        return Math.max(database.read(GatherPass::read).behindMs(), foldLagMs(nowMs));
    }

    private long foldLagMs(long nowMs) throws SQLException {
        long closed = closedMinute(nowMs);
        return database.read(sql -> sql
                        .list(
                                "SELECT minute FROM evaluator.window_delta WHERE minute <= ? ORDER BY minute LIMIT 1",
                                row -> nowMs - (row.getLong(1) + 1) * MINUTE_MS - graceMs,
                                closed)
                        .stream()
                        .findFirst())
                .orElse(0L);
    }

    /// Does the work in one transaction, unless another keeper is at work: empty then. A keeper that stands still in
    /// the middle is thrown out by the database, so that it does not hold up the others.
    private <T> Optional<T> alone(Database.Work<T> work) throws SQLException {
        return database.transact(sql -> {
            boolean isMine = sql.list(ALONE, row -> row.getBoolean(1)).getFirst();
            return isMine ? Optional.of(work.run(sql)) : Optional.<T>empty();
        });
    }

    /// The tables fill and empty all the time, so that the planner's statistics are never right: everything here goes
    /// by index.
    private static final String ALONE = """
            SELECT pg_try_advisory_xact_lock(hashtextextended('edgewise window keeper', 0)),
                   set_config('idle_in_transaction_session_timeout', '30s', true),
                   set_config('statement_timeout', '25s', true),
                   set_config('enable_seqscan', 'off', true),
                   set_config('enable_bitmapscan', 'off', true),
                   set_config('enable_hashjoin', 'off', true),
                   set_config('enable_mergejoin', 'off', true),
                   set_config('jit', 'off', true)
            """;
}
