// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.evaluator.judge.Disagreement;
import io.edgewise.evaluator.judge.Disagreement.Case;
import io.edgewise.evaluator.judge.PriceCard;
import io.edgewise.evaluator.judge.Verdict;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.LoopThread;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the judge about one disagreement a round, in both orders, and stores what it says. One process asks at a time.
final class JudgeLoop implements LoopThread.Loop {
    private static final Logger LOG = LoggerFactory.getLogger(JudgeLoop.class);
    private static final long SLEEP_MS = 1_000;
    private static final long MINUTE_MS = 60_000;
    private static final long LONGEST_PAUSE_MS = 5 * MINUTE_MS;
    private static final int MOST_DOUBLINGS = 12;
    private static final Duration TURN = Duration.ofSeconds(30);

    private final Database database;
    private final JudgeSettings settings;
    private final DeviceSecrets secrets;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final JudgeClient client;
    private final Candidates candidates;
    private final Spending spending;
    private final JudgeStats stats = new JudgeStats();
    private final UUID me = UUID.randomUUID();
    private final Semaphore wake = new Semaphore(0);
    private LocalDate today = LocalDate.EPOCH;
    private long nextMs;
    private int failures;
    private @Nullable Asking asking;

    JudgeLoop(
            Database database,
            JudgeSettings settings,
            DeviceSecrets secrets,
            InstantSource clock,
            RandomGenerator random,
            SSLSocketFactory tls) {
        this.database = database;
        this.settings = settings;
        this.secrets = secrets;
        this.clock = clock;
        this.random = random;
        this.client = new JudgeClient(settings, tls);
        this.candidates = new Candidates(database, settings);
        this.spending = new Spending(
                database,
                settings.tenant(),
                settings.price().currency(),
                settings.limits().dailyCap());
    }

    JudgeStats stats() {
        return stats;
    }

    @Override
    public void poll() throws Exception {
        long wait = Math.clamp(nextMs - clock.millis(), 0, SLEEP_MS);
        if (wait > 0 && wake.tryAcquire(wait, TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
            return;
        }
        if (clock.millis() >= nextMs && !step()) {
            nextMs = clock.millis() + SLEEP_MS;
        }
    }

    @Override
    public void wakeUp() {
        wake.release();
    }

    /// Another process need not wait for this one's turn to end.
    @Override
    public void close() throws SQLException {
        database.transact(sql -> sql.update("DELETE FROM evaluator.judge_turn WHERE owner = ?", me));
    }

    /// Whether anything was done.
    boolean step() throws SQLException {
        Instant now = clock.instant();
        LocalDate day = now.atOffset(ZoneOffset.UTC).toLocalDate();
        if (!day.equals(today)) {
            today = day;
            stats.newDay();
        }
        if (!isMyTurn(now)) {
            return false;
        }
        Asking present = asking;
        if (present == null) {
            Disagreement next =
                    candidates.waiting(now.toEpochMilli(), stats.capped()).poll();
            if (next == null) {
                return false;
            }
            switch (next.toCase()) {
                case Case.Closed closed -> {
                    stats.notJudgeable.increment();
                    store(next, null, "not judgeable: " + closed.reason(), Judged.Orders.NONE, "", Reply.Usage.NONE);
                    return true;
                }
                case Case.Open open -> present = new Asking(next, open);
            }
        }
        asking = present;
        if (isOver(present, day)) {
            asking = null;
        }
        return true;
    }

    /// Asks, unless the day's money does not reach. Whether nothing more is to be asked about it now.
    private boolean isOver(Asking present, LocalDate day) throws SQLException {
        String workload = present.open().workload();
        Reply.Usage most = client.most(present.open());
        long reserved = present.questionsLeft() * settings.price().cost(most.tokensIn(), most.tokensOut());
        if (stats.capped().contains(workload)) {
            return true;
        }
        if (!spending.reserve(workload, day, reserved)) {
            stats.cap(workload);
            LOG.warn(
                    "The judge has reached its daily cap for workload {}; it is asked again after midnight UTC.",
                    workload);
            return true;
        }
        Asking.Outcome outcome = present.ask(client, stats);
        long cost = settings.price()
                .cost(outcome.usage().tokensIn(), outcome.usage().tokensOut());
        stats.costNanos.add(cost);
        spending.settle(workload, day, reserved, cost);
        return switch (outcome) {
            case Asking.Outcome.Later later -> {
                later(later.reason());
                yield false;
            }
            case Asking.Outcome.Over over -> {
                over(present, over);
                yield true;
            }
        };
    }

    /// The pause grows while the judge fails, whatever it is asked about.
    private void later(String reason) {
        stats.troubles.increment();
        if (failures == 0) {
            LOG.warn("The judge {} cannot be asked and is tried again: {}", settings, reason);
        }
        stats.trouble(reason);
        long pause = Math.min(LONGEST_PAUSE_MS, SLEEP_MS << Math.min(MOST_DOUBLINGS, failures));
        nextMs = clock.millis() + Math.max(pause, pace());
        failures++;
    }

    /// Between one pair of questions and the next.
    private long pace() {
        return 2 * MINUTE_MS / settings.limits().perMinute();
    }

    private void over(Asking present, Asking.Outcome.Over over) throws SQLException {
        Verdict verdict = over.verdict();
        if (verdict == null) {
            stats.noVerdict.increment();
        } else {
            stats.verdicts(verdict).increment();
            stats.trouble("");
            failures = 0;
        }
        if (!over.reason().isEmpty() && verdict != null) {
            stats.inconsistent.increment();
        }
        store(present.disagreement(), verdict, over.reason(), over.orders(), over.version(), present.usage());
        nextMs = clock.millis() + pace();
    }

    private void store(
            Disagreement of,
            @Nullable Verdict verdict,
            String reason,
            Judged.Orders orders,
            String version,
            Reply.Usage usage)
            throws SQLException {
        PriceCard price = settings.price();
        Judged.Cost cost = new Judged.Cost(
                usage, price.cost(usage.tokensIn(), usage.tokensOut()), price.currency(), price.version());
        String judge = version.isEmpty() ? settings.model() : settings.model() + ' ' + version;
        String prompt = settings.prompt(of.observation().getWorkload()).version();
        Judged judged = new Judged(of, Judged.BY_JUDGE, verdict, reason, orders, judge, prompt, null, cost);
        database.transact(sql -> new Judgements(sql, secrets, random).store(judged, clock.instant()));
    }

    /// Takes the turn when nobody has it, and keeps it for longer than two questions can take.
    private boolean isMyTurn(Instant now) throws SQLException {
        Instant until = now.plus(settings.limits().timeout().multipliedBy(2)).plus(TURN);
        return database.transact(
                sql -> sql.update("""
                        INSERT INTO evaluator.judge_turn AS turn (place, owner, held_until) VALUES (1, ?, ?)
                        ON CONFLICT (place) DO UPDATE SET owner = excluded.owner, held_until = excluded.held_until
                         WHERE turn.owner = excluded.owner OR turn.held_until < ?""", me, until.atOffset(ZoneOffset.UTC), now.atOffset(ZoneOffset.UTC)) == 1);
    }
}
