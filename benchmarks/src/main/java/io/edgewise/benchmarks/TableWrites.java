// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.edgewise.evaluator.shell.LoopStats;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Rows of the evaluator's tables that were written since it was made, as PostgreSQL itself counts them: by flushes
/// (parts, lanes, the log of marks, counters, the book), by moves of marks to rows of their own, and by the keeper
/// (evidence, windows). What a session wrote in its last second may be missing.
final class TableWrites {
    private final Ground ground;
    private final LoopStats stats;
    private final long flushesBefore;
    private final SortedMap<String, Rows> before;

    private record Rows(long inserted, long updated, long deleted) {
        static final Rows NONE = new Rows(0, 0, 0);

        Rows plus(Rows other) {
            return new Rows(inserted + other.inserted, updated + other.updated, deleted + other.deleted);
        }

        Rows minus(Rows other) {
            return new Rows(inserted - other.inserted, updated - other.updated, deleted - other.deleted);
        }

        boolean isNone() {
            return inserted <= 0 && updated <= 0 && deleted <= 0;
        }

        Map<String, Object> each(double flushes) {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("inserted", Work.rounded(inserted / flushes));
            said.put("updated", Work.rounded(updated / flushes));
            said.put("deleted", Work.rounded(deleted / flushes));
            return said;
        }
    }

    private TableWrites(Ground ground, LoopStats stats) throws SQLException {
        this.ground = ground;
        this.stats = stats;
        this.flushesBefore = stats.flushes();
        this.before = read(ground);
    }

    static TableWrites since(Ground ground, LoopStats stats) throws SQLException {
        return new TableWrites(ground, stats);
    }

    /// Rows of each table by flush; a table's partitions are one table.
    Map<String, Object> perFlush() throws SQLException {
        double flushes = Math.max(1, stats.flushes() - flushesBefore);
        Map<String, Object> said = new LinkedHashMap<>();
        read(ground).forEach((table, rows) -> {
            Rows written = rows.minus(before.getOrDefault(table, Rows.NONE));
            if (!written.isNone()) {
                said.put(table, written.each(flushes));
            }
        });
        return said;
    }

    private static SortedMap<String, Rows> read(Ground ground) throws SQLException {
        SortedMap<String, Rows> all = new TreeMap<>();
        ground.database()
                .read(sql -> sql.list(
                        """
                SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables WHERE schemaname = 'evaluator'
                """,
                        row -> all.merge(
                                row.getString(1).replaceFirst("_\\d+$", ""),
                                new Rows(row.getLong(2), row.getLong(3), row.getLong(4)),
                                Rows::plus)));
        return all;
    }
}
