// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.evaluator.LabelCap;
import io.edgewise.evaluator.Level;
import io.edgewise.evaluator.PeriodKey;
import io.edgewise.evaluator.RollUpPace;
import io.edgewise.evaluator.WindowFigures;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Stored windows of one level, within the transaction of whoever works on them.
final class WindowRows {
    private static final int AT_ONCE = 500;
    private static final long BYTES_AT_ONCE = 16L << 20;

    private final Sql sql;
    private final Level level;

    WindowRows(Sql sql, Level level) {
        this.sql = sql;
        this.level = level;
    }

    /// Appends parts of windows, by minute.
    static void append(Sql sql, Map<PeriodKey, Tally> parts) throws SQLException {
        CopyRows rows = new CopyRows();
        parts.forEach((key, tally) -> rows.row(8)
                .put(key.tenant())
                .put(key.workload())
                .put(key.rollout())
                .put(key.start())
                .put(key.stage())
                .put(key.cohort())
                .put(key.slice())
                .put(tally.encode()));
        rows.send(sql.connection(), APPEND);
    }

    /// Merges what is stored into these sums.
    void mergeStored(Map<PeriodKey, Tally> sums) throws SQLException {
        List<PeriodKey> keys = List.copyOf(sums.keySet());
        for (int from = 0; from < keys.size(); from += AT_ONCE) {
            List<PeriodKey> some = keys.subList(from, Math.min(keys.size(), from + AT_ONCE));
            UnnestBatch asked = new UnnestBatch("int4", "text", "text", "text", "text", "int4", "int4", "int8");
            for (int i = 0; i < some.size(); i++) {
                PeriodKey key = some.get(i);
                asked.add(
                        i,
                        key.tenant(),
                        key.rollout(),
                        key.workload(),
                        key.slice(),
                        key.stage(),
                        key.cohort(),
                        key.start());
            }
            sql.list(
                    STORED.replace("$table", level.table().table()),
                    row -> sums.merge(some.get(row.getInt(1)), Tally.decode(row.getBytes(2)), LabelCap::merge),
                    asked.arrays(sql.connection()));
        }
    }

    /// Stores the windows, each with its figures, whatever was there.
    void write(Map<PeriodKey, Tally> windows) throws SQLException {
        Set<Long> starts = new HashSet<>();
        windows.keySet().forEach(key -> starts.add(key.start()));
        Partitions.ensure(sql, level.table(), starts);
        String statement = WRITE.replace("$table", level.table().table());
        UnnestBatch rows = batch();
        long bytes = 0;
        for (Map.Entry<PeriodKey, Tally> entry : windows.entrySet()) {
            PeriodKey key = entry.getKey();
            byte[] tally = entry.getValue().encode();
            bytes += tally.length;
            rows.add(
                    key.tenant(),
                    key.rollout(),
                    key.workload(),
                    key.slice(),
                    key.stage(),
                    key.cohort(),
                    key.start(),
                    tally,
                    WindowFigures.array(entry.getValue()));
            if (rows.size() == AT_ONCE || bytes > BYTES_AT_ONCE) {
                rows.write(sql, statement);
                rows = batch();
                bytes = 0;
            }
        }
        rows.write(sql, statement);
    }

    /// Notes that the windows of the level above no longer say what their parts say.
    void markAbove(Set<PeriodKey> changed, RollUpPace pace, long nowMs) throws SQLException {
        if (level.above().isEmpty()) {
            return;
        }
        Level above = level.above().get();
        Set<List<Object>> marks = new LinkedHashSet<>();
        for (PeriodKey key : changed) {
            long start = above.start(key.start());
            marks.add(List.of(start, key.tenant(), key.workload(), key.rollout(), pace.dueMs(above, start, nowMs)));
        }
        UnnestBatch rows = new UnnestBatch("int8", "text", "text", "text", "int8");
        marks.forEach(mark -> rows.add(mark.toArray()));
        if (!rows.isEmpty()) {
            List<Object> parameters = new ArrayList<>(List.of(above.word()));
            parameters.addAll(List.of(rows.arrays(sql.connection())));
            sql.update(MARK, parameters.toArray());
        }
    }

    private static UnnestBatch batch() {
        return new UnnestBatch("text", "text", "text", "text", "int4", "int4", "int8", "bytea", "text");
    }

    private static final String APPEND = """
            COPY evaluator.window_delta (tenant, workload, rollout, minute, stage, cohort, slice, tally)
            FROM STDIN (FORMAT binary)
            """;

    private static final String STORED = """
            SELECT asked.number, stored.tally
              FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)
                   AS asked(number, tenant, rollout, workload, slice, stage, cohort, start)
              JOIN evaluator.$table stored USING (start, tenant, rollout, slice, workload, stage, cohort)
            """;

    private static final String WRITE = """
            INSERT INTO evaluator.$table (tenant, rollout, workload, slice, stage, cohort, start, tally, figures)
            SELECT tenant, rollout, workload, slice, stage, cohort, start, tally, figures::double precision[]
              FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
                   AS fresh(tenant, rollout, workload, slice, stage, cohort, start, tally, figures)
                ON CONFLICT (start, tenant, rollout, slice, workload, stage, cohort)
                DO UPDATE SET tally = excluded.tally, figures = excluded.figures
            """;

    private static final String MARK = """
            INSERT INTO evaluator.rollup_due (level, start, tenant, workload, rollout, due_ms)
            SELECT ?, * FROM unnest(?, ?, ?, ?, ?)
                ON CONFLICT (level, start, tenant, workload, rollout) DO UPDATE SET due_ms = excluded.due_ms
                      WHERE excluded.due_ms < rollup_due.due_ms
            """;
}
