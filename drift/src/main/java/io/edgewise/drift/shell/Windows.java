// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/// Reads the evaluator's published windows. Rows of one window are summed over partitions, stages and cohorts: the
/// challenger's answers are the challenger's, wherever they were given.
final class Windows {
    private static final int ROWS_AT_ONCE = 500;

    private final Sql sql;

    Windows(Sql sql) {
        this.sql = sql;
    }

    /// What shadow gave, and where it lies.
    record Shadow(Tally tally, long windows, long firstMinute, long lastMinute) {}

    /// Rollouts that have left shadow and have windows since the minute.
    List<Watched> rolloutsSince(long minute) throws SQLException {
        return sql.list("""
                SELECT DISTINCT tenant, rollout FROM evaluator.published_window
                WHERE stage > 0 AND slice = 'all' AND rollout <> '' AND minute >= ?
                ORDER BY tenant, rollout""", row -> new Watched(row.getString(1), row.getString(2)), minute);
    }

    /// Needs a transaction: shadow may be long and is read a few rows at a time.
    Shadow shadow(Watched rollout) throws SQLException {
        Tally tally = new Tally();
        long windows = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        try (PreparedStatement statement = sql.connection().prepareStatement("""
                        SELECT minute, tally FROM evaluator.published_window
                        WHERE tenant = ? AND rollout = ? AND slice = 'all' AND stage = 0""")) {
            statement.setString(1, rollout.tenant());
            statement.setString(2, rollout.rollout());
            statement.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    windows++;
                    first = Math.min(first, rows.getLong(1));
                    last = Math.max(last, rows.getLong(1));
                    tally.merge(Tally.decode(rows.getBytes(2)));
                }
            }
        }
        return new Shadow(tally, windows, first, last);
    }

    /// Closed windows after shadow that have not been judged, oldest first. Looks back an hour from the newest judged.
    List<Long> closedAndNotJudged(Watched rollout, int atMost) throws SQLException {
        return sql.list(
                """
                SELECT minute FROM evaluator.published_window w
                WHERE tenant = ? AND rollout = ? AND slice = 'all' AND stage > 0
                  AND minute >= (SELECT coalesce(max(minute) - 60, 0) FROM drift.judged_window
                                 WHERE tenant = ? AND rollout = ?)
                GROUP BY minute
                HAVING bool_and(closed)
                   AND NOT EXISTS (SELECT FROM drift.judged_window j
                                   WHERE j.tenant = ? AND j.rollout = ? AND j.minute = w.minute)
                ORDER BY minute LIMIT ?""",
                row -> row.getLong(1),
                rollout.tenant(),
                rollout.rollout(),
                rollout.tenant(),
                rollout.rollout(),
                rollout.tenant(),
                rollout.rollout(),
                atMost);
    }

    /// The newest window after shadow, if it is still open.
    OptionalLong newestOpen(Watched rollout, long since) throws SQLException {
        return sql.first(
                        """
                        SELECT minute, bool_and(closed) FROM evaluator.published_window
                        WHERE tenant = ? AND rollout = ? AND slice = 'all' AND stage > 0 AND minute >= ?
                        GROUP BY minute ORDER BY minute DESC LIMIT 1""",
                        row -> row.getBoolean(2) ? OptionalLong.empty() : OptionalLong.of(row.getLong(1)),
                        rollout.tenant(),
                        rollout.rollout(),
                        since)
                .orElse(OptionalLong.empty());
    }

    /// Everything after shadow in these minutes, both included.
    Tally between(Watched rollout, long firstMinute, long lastMinute) throws SQLException {
        Tally tally = new Tally();
        List<byte[]> rows =
                sql.list("""
                SELECT tally FROM evaluator.published_window
                WHERE tenant = ? AND rollout = ? AND slice = 'all' AND stage > 0 AND minute BETWEEN ? AND ?""", row -> row.getBytes(1), rollout.tenant(), rollout.rollout(), firstMinute, lastMinute);
        rows.forEach(bytes -> tally.merge(Tally.decode(bytes)));
        return tally;
    }
}
