// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Folds what many flushes added to a window into its one row.
final class WindowFolding {
    private record WindowRow(
            int lane,
            String tenant,
            String workload,
            String rollout,
            long minute,
            int stage,
            int cohort,
            String slice) {}

    private WindowFolding() {}

    /// Within a transaction that holds the lanes: all parts of these minutes.
    static void fold(Sql sql, Map<Claim, List<Long>> minutes) throws SQLException {
        UnnestBatch due = new UnnestBatch("int4", "int8");
        minutes.forEach((claim, each) ->
                each.forEach(minute -> due.add(claim.lane().id().number(), minute)));
        Map<WindowRow, Tally> folded = new HashMap<>();
        merge(sql, DELTAS, due, folded);
        if (folded.isEmpty()) {
            return;
        }
        merge(sql, EARLIER, keys(folded), folded);
        UnnestBatch rows = new UnnestBatch("int4", "text", "text", "text", "int8", "int4", "int4", "text", "bytea");
        folded.forEach((row, tally) -> rows.add(
                row.lane(),
                row.tenant(),
                row.workload(),
                row.rollout(),
                row.minute(),
                row.stage(),
                row.cohort(),
                row.slice(),
                tally.encode()));
        rows.write(sql, WINDOWS);
    }

    private static UnnestBatch keys(Map<WindowRow, Tally> folded) {
        UnnestBatch keys = new UnnestBatch("int4", "text", "text", "text", "int8", "int4", "int4", "text");
        for (WindowRow row : folded.keySet()) {
            keys.add(
                    row.lane(),
                    row.tenant(),
                    row.workload(),
                    row.rollout(),
                    row.minute(),
                    row.stage(),
                    row.cohort(),
                    row.slice());
        }
        return keys;
    }

    private static void merge(Sql sql, String query, UnnestBatch keys, Map<WindowRow, Tally> into) throws SQLException {
        sql.list(
                query,
                row -> into.computeIfAbsent(row(row), fresh -> new Tally()).merge(Tally.decode(row.getBytes(9))),
                keys.arrays(sql.connection()));
    }

    private static WindowRow row(ResultSet row) throws SQLException {
        return new WindowRow(
                row.getInt(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getInt(6),
                row.getInt(7),
                row.getString(8));
    }

    private static final String DELTAS = """
            DELETE FROM evaluator.window_delta AS delta
             USING unnest(?, ?) AS due(lane, minute)
             WHERE delta.lane = due.lane AND delta.minute = due.minute
            RETURNING delta.lane, delta.tenant, delta.workload, delta.rollout, delta.minute, delta.stage,
                      delta.cohort, delta.slice, delta.tally
            """;

    private static final String EARLIER = """
            SELECT stored.lane, stored.tenant, stored.workload, stored.rollout, stored.minute, stored.stage,
                   stored.cohort, stored.slice, stored.tally
              FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)
                   AS due(lane, tenant, workload, rollout, minute, stage, cohort, slice)
              JOIN evaluator.closed_window AS stored
             USING (lane, tenant, workload, rollout, minute, stage, cohort, slice)
            """;

    private static final String WINDOWS = """
            INSERT INTO evaluator.closed_window
                   (lane, tenant, workload, rollout, minute, stage, cohort, slice, tally)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant, rollout, minute, lane, workload, stage, cohort, slice)
                DO UPDATE SET tally = excluded.tally
            """;
}
