// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Which rollouts decide what the devices of a workload do: of those that run or are completed the one
/// with the highest revision, and any other whose devices that one does not select all. What devices
/// never heard of, and what was called back, decides nothing.
final class InForce {
    /// A plan without a selector selects every device. A selector that contains another one selects no
    /// other devices.
    private static final String OVERTAKING = """
            WITH one AS (
                SELECT r.rollout, r.tenant, r.workload, r.revision, r.outcome, r.phase,
                       coalesce(nullif(p.body::jsonb -> 'selector', 'null'), '{}') AS selector
                FROM controller.rollout r LEFT JOIN controller.plan p ON p.hash = r.plan_hash
                WHERE r.tenant = ? AND r.workload = ? AND r.revision > 0
            )
            SELECT later.rollout FROM one JOIN one later ON later.revision > one.revision
            WHERE one.rollout = ? AND one.selector @> later.selector
              AND (later.outcome = 'completed' OR later.outcome IS NULL AND later.phase <> 'rolling_back')
            ORDER BY later.revision DESC
            LIMIT 1
            """;

    /// Those in force where a stop holds. What was called back since it holds counts as being in force
    /// too: a stop that is asked for twice leads one step back, not two.
    private static final String STOPPED = """
            WITH one AS (
                SELECT r.rollout, r.tenant, r.workload, r.revision, r.outcome,
                       coalesce(nullif(p.body::jsonb -> 'selector', 'null'), '{}') AS selector
                FROM controller.rollout r
                LEFT JOIN controller.plan p ON p.hash = r.plan_hash
                JOIN LATERAL (
                    SELECT min(each.stopped_at) AS since FROM controller.stop each
                    WHERE each.tenant = r.tenant AND each.workload IN ('', r.workload)) s ON s.since IS NOT NULL
                WHERE r.revision > 0
                  AND (r.outcome = 'completed' OR r.outcome IS NULL AND r.phase <> 'rolling_back'
                       OR r.phase_since >= s.since AND EXISTS (
                           SELECT 1 FROM controller.decision d
                           WHERE d.rollout = r.rollout AND d.kind IN ('rolled_back', 'aborted') AND d.at >= s.since))
            )
            SELECT one.rollout FROM one
            WHERE NOT EXISTS (
                SELECT 1 FROM one later
                WHERE later.tenant = one.tenant AND later.workload = one.workload
                  AND later.revision > one.revision AND one.selector @> later.selector)
            """;

    private InForce() {}

    /// The one that decides what all devices of this rollout do, if that is a later one.
    static Optional<String> overtaking(Sql sql, Kept kept) throws SQLException {
        return sql.first(
                OVERTAKING,
                row -> row.getString(1),
                kept.rollout().identity().tenant(),
                kept.rollout().identity().workload(),
                kept.rollout().id().value());
    }

    /// Of the workload, or of all where it is empty; the newest of a workload first.
    static List<String> stopped(Sql sql, String tenant, String workload) throws SQLException {
        return sql.list(
                STOPPED + " AND one.tenant = ? AND (? = '' OR one.workload = ?) ORDER BY one.workload,"
                        + " one.revision DESC",
                row -> row.getString(1),
                tenant,
                workload,
                workload);
    }

    /// Of all tenants, those that are completed: nobody else looks at them again.
    static List<String> completedUnderStops(Sql sql, int most) throws SQLException {
        boolean stops = sql.first("SELECT EXISTS (SELECT 1 FROM controller.stop)", row -> row.getBoolean(1))
                .orElse(false);
        return stops
                ? sql.list(
                        STOPPED + " AND one.outcome = 'completed' ORDER BY one.rollout LIMIT ?",
                        row -> row.getString(1),
                        most)
                : List.of();
    }
}
