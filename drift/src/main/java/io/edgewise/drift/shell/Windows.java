// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.Features;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads the evaluator's published windows. Rows of one window are summed over partitions, stages and cohorts: the
/// challenger's answers are the challenger's, wherever they were given.
final class Windows {
    static final String ALL = "all";
    private static final int ROWS_AT_ONCE = 500;

    private final Sql sql;

    Windows(Sql sql) {
        this.sql = sql;
    }

    /// What a period gave by slice, and where it lies.
    record Period(SortedMap<String, Tally> slices, long windows, long firstMinute, long lastMinute) {}

    /// Rollouts that have left shadow and have windows since the minute.
    List<Watched> rolloutsSince(long minute) throws SQLException {
        return sql.list("""
                SELECT DISTINCT tenant, workload, rollout FROM evaluator.published_window
                WHERE stage > 0 AND slice = 'all' AND rollout <> '' AND minute >= ?
                ORDER BY tenant, rollout, workload""", row -> new Watched(row.getString(1), row.getString(2), row.getString(3)), minute);
    }

    /// Of one rollout in shadow: everything, and the slices that have most windows. Needs a transaction: shadow may
    /// be long and is read a few rows at a time.
    Period shadow(Watched rollout, int slices) throws SQLException {
        String where = "tenant = ? AND rollout = ? AND stage = 0";
        return period(where, slices, rollout.tenant(), rollout.rollout());
    }

    /// The same of a workload, or of one rollout of it, between two minutes, the last not included.
    Period between(String tenant, String workload, String rollout, long from, long until, int slices)
            throws SQLException {
        String where = "tenant = ? AND workload = ? AND rollout <> '' AND (? = '' OR rollout = ?) AND closed"
                + " AND minute >= ? AND minute < ?";
        return period(where, slices, tenant, workload, rollout, rollout, from, until);
    }

    private Period period(String where, int slices, Object... parameters) throws SQLException {
        List<Object> counting = new ArrayList<>(List.of(parameters));
        counting.add(slices);
        List<String> kept = new ArrayList<>(sql.list(
                "SELECT slice FROM evaluator.published_window WHERE " + where
                        + " AND slice <> 'all' GROUP BY slice ORDER BY count(*) DESC, slice LIMIT ?",
                row -> row.getString(1),
                counting.toArray()));
        kept.add(ALL);
        SortedMap<String, Tally> tallies = new TreeMap<>();
        long windows = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        try (PreparedStatement statement = sql.connection()
                .prepareStatement("SELECT minute, slice, tally FROM evaluator.published_window WHERE " + where
                        + " AND slice = ANY (?)")) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.setArray(parameters.length + 1, texts(kept));
            statement.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String slice = rows.getString(2);
                    windows += slice.equals(ALL) ? 1 : 0;
                    first = Math.min(first, rows.getLong(1));
                    last = Math.max(last, rows.getLong(1));
                    tallies.computeIfAbsent(slice, name -> new Tally())
                            .merge(Features.watched(Tally.decode(rows.getBytes(3))));
                }
            }
        }
        return new Period(tallies, windows, first, last);
    }

    /// Closed windows after shadow that have not been judged, oldest first. Looks back an hour from the newest
    /// judged.
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

    /// Minutes with traffic that were judged after one, that one not included.
    long judgedAfter(Watched rollout, long minute) throws SQLException {
        return sql.first(
                        "SELECT count(*) FROM drift.judged_window WHERE tenant = ? AND rollout = ? AND minute > ?",
                        row -> row.getLong(1),
                        rollout.tenant(),
                        rollout.rollout(),
                        minute)
                .orElse(0L);
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

    /// Everything after shadow in these minutes, both included, by minute and slice.
    Map<Long, Map<String, Tally>> bySlice(Watched rollout, long firstMinute, long lastMinute, List<String> slices)
            throws SQLException {
        record Part(long minute, String slice, Tally tally) {}
        List<Part> parts = sql.list(
                """
                SELECT minute, slice, tally FROM evaluator.published_window
                WHERE tenant = ? AND rollout = ? AND slice = ANY (?) AND stage > 0 AND minute BETWEEN ? AND ?""",
                row -> new Part(row.getLong(1), row.getString(2), Tally.decode(row.getBytes(3))),
                rollout.tenant(),
                rollout.rollout(),
                texts(slices),
                firstMinute,
                lastMinute);
        Map<Long, Map<String, Tally>> minutes = new HashMap<>();
        for (Part part : parts) {
            minutes.computeIfAbsent(part.minute(), minute -> new HashMap<>())
                    .computeIfAbsent(part.slice(), slice -> new Tally())
                    .merge(part.tally());
        }
        return minutes;
    }

    private Array texts(List<String> texts) throws SQLException {
        return sql.connection().createArrayOf("text", texts.toArray());
    }
}
