// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell.webhook;

import io.edgewise.runtime.http.Post;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.LoopThread;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers the events of one endpoint, one after the other: a later one waits until the one before it is delivered
/// or given up. At least once: whoever takes one has a while for it, and if it dies, another sends it again under
/// the same id. No transaction is open while it is on its way.
public final class Delivering implements LoopThread.Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Delivering.class);
    private static final long SLEEP_MILLIS = 1_000;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 12;

    /// Beyond the timeout: how long whoever took an event keeps it from others.
    private static final Duration HELD = Duration.ofSeconds(20);

    private final Database database;
    private final Endpoint endpoint;
    private final Limits limits;
    private final InstantSource clock;
    private final Post post;
    private final Semaphore wake = new Semaphore(0);

    /// @param timeout for one delivery
    /// @param giveUpAfter counted from the event
    public record Limits(Duration timeout, Duration giveUpAfter) {}

    public Delivering(Database database, Endpoint endpoint, Limits limits, InstantSource clock, SSLSocketFactory tls) {
        this.database = database;
        this.endpoint = endpoint;
        this.limits = limits;
        this.clock = clock;
        this.post = new Post(tls, limits.timeout());
    }

    private record Taken(long number, String event, String kind, String body, Instant at, int attempt) {}

    @Override
    public void poll() throws Exception {
        if (wake.tryAcquire(SLEEP_MILLIS, TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
        while (deliver()) {
            LOG.trace("One more for {}.", endpoint.name());
        }
    }

    @Override
    public void wakeUp() {
        wake.release();
    }

    /// Takes the oldest waiting event if it is due. Returns whether the next one may be tried at once.
    boolean deliver() throws SQLException {
        Optional<Taken> taken = database.transact(sql -> sql.first(
                """
                UPDATE drift.delivery d SET next_at = ?, attempts = attempts + 1
                FROM drift.event e
                WHERE d.endpoint = ? AND e.number = d.number AND d.state = 'waiting' AND d.next_at <= ?
                  AND d.number = (SELECT min(number) FROM drift.delivery WHERE endpoint = ? AND state = 'waiting')
                RETURNING e.number, e.event, e.kind, e.body, e.at, d.attempts""",
                row -> new Taken(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getObject(5, OffsetDateTime.class).toInstant(),
                        row.getInt(6)),
                at(clock.instant().plus(limits.timeout()).plus(HELD)),
                endpoint.name(),
                at(clock.instant()),
                endpoint.name()));
        return taken.isPresent() && send(taken.get());
    }

    private boolean send(Taken taken) throws SQLException {
        byte[] body = taken.body().getBytes(StandardCharsets.UTF_8);
        long second = clock.instant().getEpochSecond();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Edgewise-Event", taken.event());
        headers.put("Edgewise-Kind", taken.kind());
        headers.put("Edgewise-Timestamp", Long.toString(second));
        headers.put("Edgewise-Signature", Signature.of(endpoint.secret(), second, body));
        Post.Answer answer = post.send(endpoint.target(), headers, body);
        return switch (answer) {
            case Post.Answer.Status status
            when status.code() < 300 -> {
                settle(taken, "delivered", clock.instant(), "HTTP " + status.code());
                yield true;
            }
            case Post.Answer.Status status ->
                failed(
                        taken,
                        "HTTP " + status.code() + (status.code() < 400 ? ", and redirects are not followed" : ""));
            case Post.Answer.Failed failure -> failed(taken, failure.why());
        };
    }

    private boolean failed(Taken taken, String why) throws SQLException {
        Instant now = clock.instant();
        boolean over = !now.isBefore(taken.at().plus(limits.giveUpAfter()));
        if (over) {
            LOG.warn(
                    "Event {} could not be delivered to {} within {} and is given up after {} attempts: {}",
                    taken.event(),
                    endpoint,
                    limits.giveUpAfter(),
                    taken.attempt(),
                    why);
        } else if (taken.attempt() == 1) {
            LOG.warn("Event {} could not be delivered to {} and is tried again: {}", taken.event(), endpoint, why);
        }
        settle(taken, over ? "given-up" : "waiting", now.plus(pause(taken.attempt())), why);
        return over;
    }

    /// 1, 2, 4 … seconds, five minutes at most.
    static Duration pause(int attempt) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(MOST_DOUBLINGS, Math.max(0, attempt - 1)));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /// Nobody else has settled it meanwhile, or that counts.
    private void settle(Taken taken, String state, Instant next, String answer) throws SQLException {
        database.transact(
                sql -> sql.update("""
                UPDATE drift.delivery SET state = ?, next_at = ?, answer = ?
                WHERE endpoint = ? AND number = ? AND state = 'waiting' AND attempts = ?""", state, at(next), answer, endpoint.name(), taken.number(), taken.attempt()));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
