// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.controller.Fleet;
import io.edgewise.controller.Rollout;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.Array;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/// The rows of controller.device, and what is counted of them.
final class DeviceRows {
    private static final long LOCK = 0x65646765_64657669L;

    /// Devices that are forgotten in one transaction.
    static final int BATCH = 1_000;

    /// Statuses that come less often than this are a break: nobody is called silent for it.
    private static final Duration BREAK = Duration.ofSeconds(60);

    private static final Comparator<DeviceReport> ORDER = Comparator.comparing(
                    (DeviceReport each) -> each.key().rollout())
            .thenComparing(each -> each.key().device())
            .thenComparing(each -> each.key().workload())
            .thenComparing(each -> each.key().tenant());

    /// Whoever writes holds this: counts are made of what all have written.
    static void lock(Sql sql) throws SQLException {
        sql.list("SELECT pg_advisory_xact_lock(?)", row -> true, LOCK);
    }

    /// One report of each device at most. Those of rollouts that are not there are passed over; what was bad stays so.
    void write(Sql sql, Collection<DeviceReport> reports) throws SQLException {
        List<DeviceReport> sorted = reports.stream().sorted(ORDER).toList();
        sql.update(
                """
                INSERT INTO controller.device AS d (tenant, workload, device, rollout, revision, mode, fallback, told_at,
                    first_at, stage, crashes, opened, closed)
                SELECT x.tenant, x.workload, x.device, x.rollout, x.revision, x.mode, x.fallback, x.heard, x.heard,
                       r.stage, CASE WHEN x.build = r.challenger THEN x.crashes ELSE 0 END,
                       CASE WHEN x.build = r.challenger THEN x.opened ELSE 0 END, x.closed
                FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[],
                            ?::bigint[], ?::bigint[], ?::boolean[], ?::timestamptz[])
                    AS x (tenant, workload, rollout, device, revision, mode, fallback, build, crashes, opened, closed,
                          heard)
                JOIN controller.rollout r ON (r.rollout, r.tenant, r.workload) = (x.rollout, x.tenant, x.workload)
                ON CONFLICT (tenant, workload, rollout, device) DO UPDATE SET
                    revision = greatest(d.revision, excluded.revision),
                    mode = CASE WHEN excluded.revision >= d.revision THEN excluded.mode ELSE d.mode END,
                    fallback = CASE WHEN excluded.revision >= d.revision THEN excluded.fallback ELSE d.fallback END,
                    told_at = greatest(d.told_at, excluded.told_at),
                    closed = excluded.closed,
                    crashed = d.crashed OR excluded.crashes > d.crashes
                        OR excluded.crashes < d.crashes AND excluded.crashes > 0,
                    broke = d.broke OR excluded.opened > d.opened OR excluded.opened < d.opened AND excluded.opened > 0,
                    crashes = excluded.crashes,
                    opened = excluded.opened
                """,
                texts(sql, sorted, each -> each.key().tenant()),
                texts(sql, sorted, each -> each.key().workload()),
                texts(sql, sorted, each -> each.key().rollout()),
                texts(sql, sorted, each -> each.key().device()),
                array(sql, "bigint", sorted, DeviceReport::revision),
                texts(sql, sorted, DeviceReport::mode),
                texts(sql, sorted, DeviceReport::fallback),
                texts(sql, sorted, DeviceReport::build),
                array(sql, "bigint", sorted, DeviceReport::crashes),
                array(sql, "bigint", sorted, DeviceReport::opened),
                array(sql, "boolean", sorted, DeviceReport::closed),
                array(sql, "timestamptz", sorted, each -> Times.of(each.heard())));
    }

    private static Array texts(Sql sql, List<DeviceReport> reports, Function<DeviceReport, String> text)
            throws SQLException {
        return array(sql, "text", reports, text);
    }

    private static Array array(Sql sql, String type, List<DeviceReport> reports, Function<DeviceReport, ?> value)
            throws SQLException {
        return sql.connection().createArrayOf(type, reports.stream().map(value).toArray());
    }

    /// Something was heard now.
    void alive(Sql sql, Instant now) throws SQLException {
        sql.update("""
                INSERT INTO controller.device_feed AS f (one, alive_since, heard_at) VALUES (1, ?, ?)
                ON CONFLICT (one) DO UPDATE SET
                    alive_since = CASE WHEN f.heard_at < ? THEN excluded.alive_since ELSE f.alive_since END,
                    heard_at = greatest(f.heard_at, excluded.heard_at)
                """, Times.of(now), Times.of(now), Times.of(now.minus(BREAK)));
    }

    /// Settles devices of running rollouts that have been seen for so long, and marks those that have not been heard of
    /// for so long while others were. Returns the rollouts that this concerns.
    List<String> sweep(Sql sql, Duration silentAfter, Instant now) throws SQLException {
        Instant then = now.minus(silentAfter);
        return sql.list(
                """
                WITH f AS (
                    SELECT alive_since < ? AND heard_at >= ? AS alive FROM controller.device_feed
                ), swept AS (
                    UPDATE controller.device d
                    SET settled = d.settled OR d.first_at < ?,
                        silent = d.silent OR f.alive AND NOT d.closed AND d.told_at < ?
                    FROM controller.rollout r, f
                    WHERE (r.tenant, r.workload, r.rollout) = (d.tenant, d.workload, d.rollout)
                      AND r.phase IN ('shadow', 'canary', 'paused', 'watched')
                      AND (NOT d.settled AND d.first_at < ?
                           OR f.alive AND NOT d.silent AND NOT d.closed AND d.told_at < ?)
                    RETURNING d.rollout
                )
                SELECT DISTINCT rollout FROM swept
                """,
                row -> row.getString(1),
                Times.of(then),
                Times.of(now.minus(BREAK)),
                Times.of(then),
                Times.of(then),
                Times.of(then),
                Times.of(then));
    }

    /// Deletes devices of rollouts that are over, when neither they nor the rollout have moved for so
    /// long; returns how many. None that may still act by an order that was called back, or that a
    /// roll-back of what is in force would have to reach: those of a completed rollout after which no
    /// other one of the workload was completed. Needs the lock.
    int forget(Sql sql, Duration keep, Instant now) throws SQLException {
        return sql.update("""
                DELETE FROM controller.device gone USING (
                    SELECT d.tenant, d.workload, d.rollout, d.device
                    FROM controller.rollout r
                    JOIN controller.plan p ON p.hash = r.plan_hash
                    JOIN controller.device d ON (d.tenant, d.workload, d.rollout) = (r.tenant, r.workload, r.rollout)
                    WHERE r.phase_since < ? AND d.told_at < ?
                      AND CASE WHEN r.phase = 'completed' THEN EXISTS (
                                   SELECT 1 FROM controller.rollout later
                                   WHERE (later.tenant, later.workload) = (r.tenant, r.workload)
                                     AND later.revision > r.revision AND later.outcome = 'completed')
                               WHEN r.phase IN ('rolled_back', 'aborted') THEN d.revision >= r.revision
                                   OR d.mode <> 'approved'
                                   AND NOT (d.mode = 'canary' AND coalesce(
                                       d.revision >= controller.unleased_from(r.rollout, p.body), false))
                                   AND r.phase_since + make_interval(
                                       mins => (p.body::jsonb ->> 'leaseMinutes')::int,
                                       secs => (p.body::jsonb ->> 'returnSpreadSeconds')::int
                                           + (p.body::jsonb ->> 'freshnessSeconds')::int) <= ?
                               ELSE false END
                    LIMIT ?) old
                WHERE (gone.tenant, gone.workload, gone.rollout, gone.device)
                    = (old.tenant, old.workload, old.rollout, old.device)
                """, Times.of(now.minus(keep)), Times.of(now.minus(keep)), Times.of(now), BATCH);
    }

    /// Counts the devices of these rollouts anew, and never fewer than were counted before; needs the
    /// lock.
    void count(Sql sql, Set<String> rollouts) throws SQLException {
        sql.update("""
                INSERT INTO controller.told AS t (rollout, stage, known, crashed, broke, silent, settled)
                SELECT d.rollout, d.stage, count(*), count(*) FILTER (WHERE d.crashed), count(*) FILTER (WHERE d.broke),
                       count(*) FILTER (WHERE d.silent), count(*) FILTER (WHERE d.settled)
                FROM controller.rollout r
                JOIN controller.device d ON (d.tenant, d.workload, d.rollout) = (r.tenant, r.workload, r.rollout)
                WHERE r.rollout = ANY (?)
                GROUP BY d.rollout, d.stage
                ON CONFLICT (rollout, stage) DO UPDATE SET known = greatest(t.known, excluded.known),
                    crashed = greatest(t.crashed, excluded.crashed), broke = greatest(t.broke, excluded.broke),
                    silent = greatest(t.silent, excluded.silent), settled = greatest(t.settled, excluded.settled)
                """, sql.connection().createArrayOf("text", rollouts.toArray()));
    }

    /// The counts as evidence: by the stage in which each device was first heard of.
    SortedMap<Stratum, Tally> told(Sql sql, Rollout.Identity rollout) throws SQLException {
        SortedMap<Stratum, Tally> counters = new TreeMap<>();
        sql.list(
                "SELECT stage, known, crashed, broke, silent, settled FROM controller.told WHERE rollout = ?",
                row -> counters.put(
                        new Stratum(row.getInt("stage"), Cohort.COHORT_CONTROL, 0, false, Stratum.ALL),
                        new Tally()
                                .add(Fleet.COUNTS, Fleet.KNOWN, row.getLong("known"))
                                .add(Fleet.COUNTS, Fleet.CRASHED, row.getLong("crashed"))
                                .add(Fleet.COUNTS, Fleet.BROKE, row.getLong("broke"))
                                .add(Fleet.COUNTS, Fleet.SILENT, row.getLong("silent"))
                                .add(Fleet.COUNTS, Fleet.SETTLED, row.getLong("settled"))),
                rollout.id().value());
        return counters;
    }

    /// What of a fleet a roll-back is followed by, and for people.
    record Standing(Fleet fleet, long crashed, long broke, long silent, Optional<Instant> returnedBy) {}

    Standing fleet(Sql sql, String rollout, Instant now) throws SQLException {
        return sql.first(
                        "SELECT * FROM controller.fleet_of(?, ?)",
                        row -> new Standing(
                                new Fleet(
                                        row.getLong("known"),
                                        row.getLong("unconfirmed"),
                                        row.getLong("awaited"),
                                        row.getLong("approved")),
                                row.getLong("crashed"),
                                row.getLong("broke"),
                                row.getLong("silent"),
                                row.getObject("returned_by") == null
                                        ? Optional.empty()
                                        : Optional.of(Times.get(row, "returned_by"))),
                        rollout,
                        Times.of(now))
                .orElseThrow();
    }
}
