// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.contracts.Ulid;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.Baseline;
import io.edgewise.drift.DriftJudge;
import io.edgewise.drift.DriftPolicy;
import io.edgewise.drift.Features;
import io.edgewise.drift.Score;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.runtime.role.LoopThread;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for rollouts that have left shadow; freezes their baselines; judges their windows, each closed one once and
/// the
/// open ones provisionally. A rollout that cannot be judged is reported and tried again; the others do not wait for it.
final class DriftLoop implements LoopThread.Loop {
    private static final Logger LOG = LoggerFactory.getLogger(DriftLoop.class);
    private static final long LOOK_BACK_MINUTES = 60;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(30);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);
    private static final Duration PAUSE_OF_FAILING = Duration.ofSeconds(10);
    private static final int MOST_WINDOWS_AT_ONCE = 60;

    private final Database database;
    private final DriftPolicy policy;
    private final DriftJudge judge;
    private final Duration every;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Semaphore stopping = new Semaphore(0);
    private final Map<Watched, Retry> retries = new HashMap<>();
    private final Map<Watched, Failing> failing = new ConcurrentHashMap<>();
    private boolean caughtUp;

    DriftLoop(Database database, DriftPolicy policy, Duration every, InstantSource clock, RandomGenerator random) {
        this.database = database;
        this.policy = policy;
        this.judge = new DriftJudge(policy);
        this.every = every;
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
        return failing.entrySet().stream()
                .map(each -> "rollout " + each.getKey().rollout() + " cannot be judged: "
                        + each.getValue().reason())
                .sorted()
                .toList();
    }

    @Override
    public void poll() throws SQLException, InterruptedException {
        round();
        if (stopping.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS)) {
            stopping.release();
        }
    }

    @Override
    public void wakeUp() {
        stopping.release();
    }

    /// One look at everything. The first looks at all that is there, later ones at the last hour.
    void round() throws SQLException {
        long nowMinute = clock.instant().getEpochSecond() / 60;
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
        DriftStore store = new DriftStore(sql, now.atOffset(ZoneOffset.UTC));
        if (!store.lock(rollout)) {
            return;
        }
        Windows windows = new Windows(sql);
        List<Baseline> baselines = new ArrayList<>(store.baselines(rollout));
        Retry retry = retries.getOrDefault(rollout, Retry.NOW);
        if (!now.isBefore(retry.at())) {
            boolean complete = freezeMissing(store, windows, rollout, baselines);
            retries.put(rollout, complete ? Retry.NEVER : retry.later(now));
        }
        if (baselines.isEmpty()) {
            return;
        }
        for (long minute : windows.closedAndNotJudged(rollout, MOST_WINDOWS_AT_ONCE)) {
            List<Score> scores = scores(baselines, windows.between(rollout, minute, minute));
            store.judged(rollout, minute, scores.size());
            for (Score score : scores) {
                store.score(rollout, minute, score, false);
                find(store, rollout, minute, score);
            }
        }
        OptionalLong open = windows.newestOpen(rollout, nowMinute - LOOK_BACK_MINUTES);
        if (open.isPresent()) {
            long minute = open.getAsLong();
            for (Score score : scores(baselines, windows.between(rollout, minute - 1, minute))) {
                store.score(rollout, minute, score, true);
            }
        }
    }

    /// Adds to the baselines what shadow is enough for. Returns whether every feature of shadow has one now.
    private boolean freezeMissing(DriftStore store, Windows windows, Watched rollout, List<Baseline> baselines)
            throws SQLException {
        Windows.Shadow shadow = windows.shadow(rollout);
        List<String> measures = Features.measures(shadow.tally());
        Set<String> frozen = new HashSet<>();
        baselines.forEach(baseline -> frozen.add(baseline.measure()));
        List<String> added = new ArrayList<>();
        for (String measure : measures) {
            if (frozen.contains(measure)) {
                continue;
            }
            Optional<Baseline> baseline =
                    Baseline.freeze(measure, Features.cells(shadow.tally().read(measure)), policy.minimumBaseline());
            if (baseline.isPresent()) {
                store.freeze(rollout, baseline.get(), shadow);
                baselines.add(baseline.get());
                added.add(baseline.get().feature());
            }
        }
        if (!added.isEmpty()) {
            LOG.info("Rollout {}: baselines frozen from shadow for {}.", rollout.rollout(), String.join(", ", added));
        }
        return !measures.isEmpty() && frozen.size() + added.size() >= measures.size();
    }

    private List<Score> scores(List<Baseline> baselines, Tally window) {
        List<DriftJudge.Observed> look = baselines.stream()
                .map(baseline -> new DriftJudge.Observed(baseline, Features.cells(window.read(baseline.measure()))))
                .toList();
        return judge.scores(look, baselines.size());
    }

    private void find(DriftStore store, Watched rollout, long minute, Score score) throws SQLException {
        String id = Ulid.of(clock.instant(), random);
        DriftJudge.Step step = judge.step(store.openFinding(rollout, score.feature()), score, minute, id);
        store.apply(rollout, step);
        switch (step) {
            case DriftJudge.Step.Open open ->
                LOG.warn("Rollout {}: {}", rollout.rollout(), open.finding().sentence());
            case DriftJudge.Step.Close close ->
                LOG.info(
                        "Rollout {}: {} is back where it was in shadow.",
                        rollout.rollout(),
                        close.finding().feature());
            case DriftJudge.Step.Nothing nothing -> LOG.trace("{} is calm.", score.feature());
            case DriftJudge.Step.Update update -> LOG.trace("{} is still open.", score.feature());
        }
    }
}
