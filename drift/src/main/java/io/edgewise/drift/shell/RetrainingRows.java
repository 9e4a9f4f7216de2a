// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.contracts.Ulid;
import io.edgewise.drift.Finding;
import io.edgewise.drift.Retraining.Due;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Triggers, each an event with what a training job needs.
final class RetrainingRows {
    private static final Logger LOG = LoggerFactory.getLogger(RetrainingRows.class);
    private static final int MOST_WINDOWS = 100;

    private final Sql sql;
    private final Instant now;
    private final RandomGenerator random;
    private final Events events;

    RetrainingRows(Sql sql, Instant now, RandomGenerator random, Events events) {
        this.sql = sql;
        this.now = now;
        this.random = random;
        this.events = events;
    }

    /// A build in use that says when it was trained.
    record Dated(Watched rollout, String build, LocalDate trainedOn) {}

    /// The challenger of a rollout; empty where no controller says.
    String build(Watched rollout) throws SQLException {
        if (!exists("controller.published_rollout")) {
            return "";
        }
        return sql.first(
                        "SELECT challenger FROM controller.published_rollout WHERE tenant = ? AND rollout = ?",
                        row -> row.getString(1),
                        rollout.tenant(),
                        rollout.rollout())
                .orElse("");
    }

    /// Challengers of running rollouts, and of the last completed one of each workload, that are not known to be
    /// due by age.
    List<Dated> dated() throws SQLException {
        if (!exists("controller.published_build")) {
            return List.of();
        }
        return sql.list(
                """
                SELECT DISTINCT ON (r.tenant, r.workload, r.outcome)
                       r.tenant, r.workload, r.rollout, r.challenger, b.trained_on
                FROM controller.published_rollout r
                JOIN controller.published_build b ON b.tenant = r.tenant AND b.build = r.challenger
                WHERE (r.outcome IS NULL OR r.outcome = 'completed') AND b.trained_on IS NOT NULL
                  AND NOT EXISTS (SELECT FROM drift.retraining t WHERE t.tenant = r.tenant
                                  AND t.workload = r.workload AND t.build = r.challenger AND t.reason = 'age')
                ORDER BY r.tenant, r.workload, r.outcome, r.created_at DESC""",
                row -> new Dated(
                        new Watched(row.getString(1), row.getString(2), row.getString(3)),
                        row.getString(4),
                        row.getObject(5, LocalDate.class)));
    }

    boolean triggered(Watched rollout, String build, String reason, Duration within) throws SQLException {
        return sql.first(
                        """
                        SELECT count(*) FROM drift.retraining
                        WHERE tenant = ? AND workload = ? AND build = ? AND reason = ? AND at > ?
                          AND (build <> '' OR rollout = ?)""",
                        row -> row.getLong(1) > 0,
                        rollout.tenant(),
                        rollout.workload(),
                        build,
                        reason,
                        now.minus(within).atOffset(ZoneOffset.UTC),
                        rollout.rollout())
                .orElse(false);
    }

    /// Whether a trigger by drift has told the finding.
    boolean told(Watched rollout, Finding finding) throws SQLException {
        return sql.first(
                        """
                        SELECT count(*) FROM drift.retraining
                        WHERE tenant = ? AND workload = ? AND reason = 'drift' AND detail -> 'features' @> ?::jsonb""",
                        row -> row.getLong(1) > 0,
                        rollout.tenant(),
                        rollout.workload(),
                        Json.write(Json.array().add(Json.object().put("finding", finding.id()))))
                .orElse(false);
    }

    void byDrift(Watched rollout, String build, Due.ByDrift due) throws SQLException {
        ArrayNode features = Json.array();
        long from = Long.MAX_VALUE;
        long until = Long.MIN_VALUE;
        long observations = 0;
        for (Finding finding : due.findings()) {
            ObjectNode feature = features.addObject();
            feature.setAll(Events.finding(finding, ""));
            feature.set("baseline", baseline(finding));
            ArrayNode windows = windows(finding);
            feature.set("windows", windows);
            long largest = 0;
            for (int i = 0; i < windows.size(); i++) {
                largest += windows.get(i).path("observations").asLong();
            }
            observations = Math.max(observations, largest);
            from = Math.min(from, finding.openedMinute());
            until = Math.max(until, finding.lastMinute());
        }
        ObjectNode detail = Json.object();
        detail.set("features", features);
        detail.putObject("period").put("from", Events.minute(from)).put("until", Events.minute(until + 1));
        detail.putObject("counts")
                .put("observations", observations)
                .put("findings", due.findings().size());
        trigger(rollout, build, due, detail);
    }

    private ObjectNode baseline(Finding finding) throws SQLException {
        return sql.first(
                        """
                        SELECT b.baseline, b.version, b.origin, b.source, b.first_minute, b.last_minute, b.observations
                        FROM drift.finding f JOIN drift.baseline b USING (baseline) WHERE f.finding = ?""",
                        row -> {
                            ObjectNode node = Json.object()
                                    .put("baseline", row.getString(1))
                                    .put("version", row.getInt(2))
                                    .put("origin", row.getString(3))
                                    .put("source", row.getString(4));
                            long first = row.getLong(5);
                            if (!row.wasNull()) {
                                node.put("from", Events.minute(first)).put("until", Events.minute(row.getLong(6) + 1));
                            }
                            return node.put("observations", row.getLong(7));
                        },
                        finding.id())
                .orElseGet(Json::object);
    }

    private ArrayNode windows(Finding finding) throws SQLException {
        ArrayNode windows = Json.array();
        sql.list(
                """
                SELECT first_minute, last_minute, severity, observations, psi FROM drift.finding_window
                WHERE finding = ? ORDER BY last_minute LIMIT ?""",
                row -> {
                    ObjectNode window = windows.addObject()
                            .put("firstMinute", row.getLong(1))
                            .put("lastMinute", row.getLong(2))
                            .put("severity", row.getString(3))
                            .put("observations", row.getLong(4));
                    double psi = row.getDouble(5);
                    return row.wasNull() ? window : window.put("psi", psi);
                },
                finding.id(),
                MOST_WINDOWS);
        return windows;
    }

    /// With what is known beyond the sentence.
    void trigger(Watched rollout, String build, Due due, ObjectNode detail) throws SQLException {
        String id = Ulid.of(now, random);
        sql.updateOne(
                """
                INSERT INTO drift.retraining (trigger, tenant, workload, rollout, build, reason, sentence, detail, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)""",
                id,
                rollout.tenant(),
                rollout.workload(),
                rollout.rollout(),
                build,
                due.reason(),
                due.sentence(),
                Json.write(detail),
                now.atOffset(ZoneOffset.UTC));
        ObjectNode data = Json.object()
                .put("trigger", id)
                .put("reason", due.reason())
                .put("sentence", due.sentence())
                .put("build", build);
        data.setAll(detail);
        events.append(Events.RETRAINING, rollout, data);
        LOG.warn("Build {} of {} is due for retraining: {}.", build, rollout.workload(), due.sentence());
    }

    private boolean exists(String view) throws SQLException {
        return sql.first("SELECT to_regclass(?) IS NOT NULL", row -> row.getBoolean(1), view)
                .orElse(false);
    }
}
