// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Horizons;
import io.edgewise.evaluator.Level;
import io.edgewise.evaluator.PeriodKey;
import io.edgewise.evaluator.RollUpPace;
import io.edgewise.evaluator.Sums;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.LongStream;

/// Makes hours from minutes and days from hours, each anew and whole, so that doing it again changes nothing.
final class RollUps {
    private static final int ROWS_AT_ONCE = 500;
    private static final int MOST_MARKS = 200;

    private final Sql sql;
    private final KeeperLimits limits;
    private final RollUpPace pace;

    RollUps(Sql sql, KeeperLimits limits, RollUpPace pace) {
        this.sql = sql;
        this.limits = limits;
        this.pace = pace;
    }

    private record Mark(Level level, long start, String tenant, String workload, String rollout) {}

    /// @param isFull whether the piece was as large as one may be, so that there may be more
    record Rolled(int periods, boolean isFull) {}

    /// Those that are due, the longest due first.
    Rolled due(long nowMs) throws SQLException {
        List<Mark> marks = sql.list(
                DUE,
                row -> new Mark(
                        Level.of(row.getString(1)),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5)),
                nowMs,
                MOST_MARKS);
        int rows = 0;
        int rolled = 0;
        for (Mark mark : marks) {
            if (rows >= limits.mostRolledRows()) {
                break;
            }
            sql.updateOne(DONE, mark.level.word(), mark.start, mark.tenant, mark.workload, mark.rollout);
            rows += roll(mark, nowMs);
            rolled++;
        }
        return new Rolled(rolled, rolled < marks.size() || marks.size() == MOST_MARKS);
    }

    private int roll(Mark mark, long nowMs) throws SQLException {
        Level below = mark.level
                .below()
                .orElseThrow(() -> new IllegalStateException(
                        "a minute is marked to be made from its parts: delete its row of evaluator.rollup_due"));
        Sums sums = new Sums(Horizons.NOTHING_DROPPED);
        int parts = 0;
        try (PreparedStatement statement = sql.connection()
                .prepareStatement(PARTS.replace("$table", below.table().table()))) {
            Object[] starts = LongStream.iterate(
                            mark.start, start -> start < mark.start + mark.level.minutes(), s -> s + below.minutes())
                    .boxed()
                    .toArray();
            statement.setArray(1, sql.connection().createArrayOf("int8", starts));
            statement.setString(2, mark.tenant);
            statement.setString(3, mark.rollout);
            statement.setString(4, mark.workload);
            statement.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    PeriodKey key = new PeriodKey(
                            mark.tenant,
                            mark.rollout,
                            mark.workload,
                            row.getString(1),
                            row.getInt(2),
                            row.getInt(3),
                            mark.start);
                    sums.add(mark.level, key, row.getBytes(4));
                    parts++;
                }
            }
        }
        WindowRows above = new WindowRows(sql, mark.level);
        above.write(sums.of(mark.level));
        above.markAbove(sums.of(mark.level).keySet(), pace, nowMs);
        return parts;
    }

    private static final String DUE = """
            SELECT level, start, tenant, workload, rollout FROM evaluator.rollup_due
             WHERE due_ms <= ? ORDER BY due_ms, level, start, tenant, rollout LIMIT ?
            """;

    private static final String DONE = """
            DELETE FROM evaluator.rollup_due
             WHERE level = ? AND start = ? AND tenant = ? AND workload = ? AND rollout = ?
            """;

    private static final String PARTS = """
            SELECT slice, stage, cohort, tally FROM evaluator.$table
             WHERE start = ANY (?) AND tenant = ? AND rollout = ? AND workload = ?
            """;
}
