// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.drift.DriftJudge.Span;
import io.edgewise.drift.DriftJudge.Step;
import io.edgewise.drift.Finding;
import io.edgewise.drift.Score;
import io.edgewise.drift.Severity;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Findings of a rollout, and the windows that were beyond a limit while they were open.
final class FindingRows {
    private final Sql sql;
    private final Watched rollout;
    private final OffsetDateTime now;

    FindingRows(Sql sql, Watched rollout, OffsetDateTime now) {
        this.sql = sql;
        this.rollout = rollout;
        this.now = now;
    }

    Map<Reference.Key, Finding> open() throws SQLException {
        List<Finding> found = sql.list("""
                SELECT finding, slice, feature, severity, opened_minute, last_minute, calm_windows, sentence, moved
                FROM drift.finding WHERE tenant = ? AND rollout = ? AND closed_minute IS NULL""", FindingRows::finding, rollout.tenant(), rollout.rollout());
        Map<Reference.Key, Finding> open = new HashMap<>();
        found.forEach(each -> open.put(new Reference.Key(each.slice(), each.feature()), each));
        return open;
    }

    private static Finding finding(ResultSet row) throws SQLException {
        long opened = row.getLong("opened_minute");
        long last = row.getLong("last_minute");
        return new Finding(
                row.getString("finding"),
                row.getString("slice"),
                row.getString("feature"),
                Severity.of(row.getString("severity")),
                opened,
                row.wasNull() ? opened : last,
                row.getInt("calm_windows"),
                row.getString("sentence"),
                Json.moved(row.getString("moved")));
    }

    /// Writes what a step changed.
    void apply(Step step, Score score, Span window, String baseline) throws SQLException {
        switch (step) {
            case Step.Nothing nothing -> {
                return;
            }
            case Step.Open open -> {
                insert(open.finding(), baseline);
                beyond(open.finding().id(), score, window);
            }
            case Step.Update update -> {
                update(update.finding());
                beyond(update.finding().id(), score, window);
            }
            case Step.Close close -> close(close);
        }
    }

    /// What it was found against; empty where it is not known.
    String baseline(Finding finding) throws SQLException {
        return sql.first(
                        "SELECT coalesce(baseline, '') FROM drift.finding WHERE finding = ?",
                        row -> row.getString(1),
                        finding.id())
                .orElse("");
    }

    void close(Step.Close close) throws SQLException {
        update(close.finding());
        sql.updateOne(
                "UPDATE drift.finding SET closed_minute = ?, ending = ? WHERE finding = ? AND closed_minute IS NULL",
                close.closedMinute(),
                close.ending().text(),
                close.finding().id());
    }

    private void beyond(String finding, Score score, Span window) throws SQLException {
        if (score.severity() != Severity.NONE) {
            sql.updateOne(
                    """
                    INSERT INTO drift.finding_window (finding, first_minute, last_minute, severity, observations, psi)
                    VALUES (?, ?, ?, ?, ?, ?)""",
                    finding,
                    window.firstMinute(),
                    window.lastMinute(),
                    score.severity().text(),
                    score.currentN(),
                    score.index().map(Score.Index::psi).orElse(null));
        }
    }

    private void insert(Finding finding, String baseline) throws SQLException {
        sql.updateOne(
                """
                INSERT INTO drift.finding
                    (finding, tenant, workload, rollout, slice, feature, severity, opened_minute, last_minute,
                     calm_windows, sentence, moved, baseline, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)""",
                finding.id(),
                rollout.tenant(),
                rollout.workload(),
                rollout.rollout(),
                finding.slice(),
                finding.feature(),
                finding.severity().text(),
                finding.openedMinute(),
                finding.lastMinute(),
                finding.calmWindows(),
                finding.sentence(),
                Json.write(Json.moved(finding.moved())),
                baseline,
                now);
    }

    private void update(Finding finding) throws SQLException {
        sql.updateOne(
                """
                UPDATE drift.finding SET severity = ?, last_minute = ?, calm_windows = ?, sentence = ?,
                    moved = ?::jsonb, at = ? WHERE finding = ?""",
                finding.severity().text(),
                finding.lastMinute(),
                finding.calmWindows(),
                finding.sentence(),
                Json.write(Json.moved(finding.moved())),
                now,
                finding.id());
    }
}
