// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.drift.Retraining.Due;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.runtime.role.LoopThread;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for rollouts that have left shadow; freezes their baselines; judges their windows. A rollout that cannot be
/// judged is reported and tried again; the others do not wait for it. Now and then: rolling baselines, builds due by
/// age, and what is too old to be kept.
final class DriftLoop implements LoopThread.Loop {
    private static final Logger LOG = LoggerFactory.getLogger(DriftLoop.class);
    private static final long LOOK_BACK_MINUTES = 60;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(30);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);
    private static final Duration PAUSE_OF_FAILING = Duration.ofSeconds(10);
    private static final Duration CHORES_EVERY = Duration.ofMinutes(1);

    private final Database database;
    private final DriftSettings settings;
    private final Freezing freezing;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Semaphore stopping = new Semaphore(0);
    private final Map<Watched, Retry> retries = new HashMap<>();
    private final Map<Watched, Failing> failing = new ConcurrentHashMap<>();
    private final ReferenceCache cache = new ReferenceCache();
    private Instant chores = Instant.MIN;
    /// Why the last chores failed; empty when they did not.
    private volatile String unfinished = "";
    private boolean caughtUp;

    DriftLoop(Database database, DriftSettings settings, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.settings = settings;
        this.freezing = new Freezing(settings.policy(), settings.slices());
        this.clock = clock;
        this.random = random;
    }

    /// When shadow, which may be long, is read again for features that had too few observations.
    private record Retry(Instant at, Duration pause) {
        static final Retry NOW = new Retry(Instant.MIN, FIRST_RETRY);
        static final Retry NEVER = new Retry(Instant.MAX, LONGEST_RETRY);

        Retry later(Instant now) {
            Duration doubled = pause.multipliedBy(2);
            return new Retry(now.plus(pause), doubled.compareTo(LONGEST_RETRY) < 0 ? doubled : LONGEST_RETRY);
        }
    }

    /// Why a rollout could not be judged, and when that is tried again.
    private record Failing(Instant again, String reason) {}

    /// A sentence for each rollout that cannot be judged now.
    List<String> troubles() {
        return Stream.concat(
                        Stream.of(unfinished).filter(reason -> !reason.isEmpty()),
                        failing.entrySet().stream()
                                .map(each -> "rollout " + each.getKey().rollout() + " cannot be judged: "
                                        + each.getValue().reason())
                                .sorted())
                .toList();
    }

    @Override
    public void poll() throws SQLException, InterruptedException {
        round();
        if (stopping.tryAcquire(settings.every().toMillis(), TimeUnit.MILLISECONDS)) {
            stopping.release();
        }
    }

    @Override
    public void wakeUp() {
        stopping.release();
    }

    /// One look at everything. The first looks at all that is there, later ones at the last hour.
    void round() throws SQLException {
        Instant now = clock.instant();
        if (!now.isBefore(chores)) {
            chores = now.plus(choresEvery());
            tryChores(now);
        }
        long nowMinute = now.getEpochSecond() / 60;
        long since = caughtUp ? nowMinute - LOOK_BACK_MINUTES : 0;
        Set<Watched> rollouts = new LinkedHashSet<>(database.read(sql -> new Windows(sql).rolloutsSince(since)));
        rollouts.addAll(failing.keySet());
        for (Watched rollout : rollouts) {
            Failing failed = failing.get(rollout);
            if (failed == null || !clock.instant().isBefore(failed.again())) {
                tryToJudge(rollout, nowMinute);
            }
        }
        retries.keySet().retainAll(rollouts);
        caughtUp = true;
    }

    /// Runs over reference sets are made in the chores, as soon after one another as their setting says.
    private Duration choresEvery() {
        Duration runs = settings.holdout().every();
        return runs.compareTo(CHORES_EVERY) < 0 ? runs : CHORES_EVERY;
    }

    /// What fails here is tried again with the next chores, and rollouts are judged all the same.
    private void tryChores(Instant now) {
        try {
            chores(now);
            unfinished = "";
        } catch (SQLException | RuntimeException e) {
            String reason = "baselines and reference sets cannot be looked after: "
                    + e.getClass().getSimpleName() + ": " + e.getMessage();
            if (!reason.equals(unfinished)) {
                LOG.warn("Baselines and reference sets cannot be looked after; rollouts are judged all the same.", e);
            }
            unfinished = reason;
        }
    }

    private void tryToJudge(Watched rollout, long nowMinute) {
        try {
            database.transact(sql -> {
                judge(sql, rollout, nowMinute);
                return rollout;
            });
            if (failing.remove(rollout) != null) {
                LOG.info("Rollout {}: can be judged again.", rollout.rollout());
            }
        } catch (SQLException | RuntimeException e) {
            // Baselines of this transaction were rolled back: shadow must be read again.
            retries.remove(rollout);
            String reason = e.getClass().getSimpleName() + ": " + e.getMessage();
            Failing before = failing.put(rollout, new Failing(clock.instant().plus(PAUSE_OF_FAILING), reason));
            if (before == null || !before.reason().equals(reason)) {
                LOG.warn(
                        "Rollout {} cannot be judged for drift; the others are, and it is tried again every {}.",
                        rollout.rollout(),
                        PAUSE_OF_FAILING,
                        e);
            }
        }
    }

    private void judge(Sql sql, Watched rollout, long nowMinute) throws SQLException {
        Instant now = clock.instant();
        if (!lock(sql, "edgewise/drift/" + rollout.tenant() + '/' + rollout.rollout())) {
            return;
        }
        BaselineRows rows = new BaselineRows(sql, now, random);
        List<Reference> references = new ArrayList<>(rows.active(rollout, cache));
        Retry retry = retries.getOrDefault(rollout, Retry.NOW);
        if (!now.isBefore(retry.at())) {
            boolean complete = freezing.shadow(sql, rows, rollout, references);
            retries.put(rollout, complete ? Retry.NEVER : retry.later(now));
        }
        if (!references.isEmpty()) {
            Judging judging = new Judging(settings, random, sql, rollout, now, references);
            judging.closed();
            judging.provisional(nowMinute);
        }
    }

    private static boolean lock(Sql sql, String what) throws SQLException {
        return sql.first("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))", row -> row.getBoolean(1), what)
                .orElse(false);
    }

    /// What needs no rollout's windows. One process does it at a time.
    private void chores(Instant now) throws SQLException {
        database.transact(sql -> {
            if (lock(sql, "edgewise/drift/chores")) {
                freezing.rolling(sql, new BaselineRows(sql, now, random), now);
                retrainByAge(sql, now);
                new HoldoutRuns(sql, now, random, settings).take();
                forget(sql, now);
            }
            return now;
        });
    }

    private void retrainByAge(Sql sql, Instant now) throws SQLException {
        Events events = new Events(sql, now, random, settings.endpoints());
        RetrainingRows retraining = new RetrainingRows(sql, now, random, events);
        LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
        Set<String> told = new LinkedHashSet<>();
        for (RetrainingRows.Dated dated : retraining.dated()) {
            Optional<Due> due = settings.retraining().byAge(dated.trainedOn(), today);
            if (due.isPresent()
                    && told.add(dated.rollout().tenant() + '/' + dated.rollout().workload() + '/' + dated.build())) {
                retraining.trigger(
                        dated.rollout(),
                        dated.build(),
                        due.get(),
                        Json.object().put("trainedOn", dated.trainedOn().toString()));
            }
        }
    }

    private void forget(Sql sql, Instant now) throws SQLException {
        Instant oldest = now.minus(settings.keep());
        long minute = oldest.getEpochSecond() / 60;
        sql.update("DELETE FROM drift.score WHERE minute < ?", minute);
        // The newest stays: it says where judging goes on.
        sql.update("""
                DELETE FROM drift.judged_window j WHERE minute < ? AND minute < (
                    SELECT max(k.minute) FROM drift.judged_window k
                    WHERE k.tenant = j.tenant AND k.rollout = j.rollout)""", minute);
        sql.update("DELETE FROM drift.event WHERE at < ?", oldest.atOffset(ZoneOffset.UTC));
    }
}
