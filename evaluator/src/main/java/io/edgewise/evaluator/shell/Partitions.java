// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.KeptTable;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Partitions of the tables that grow with time. Safe for any number of processes at once.
final class Partitions {
    private Partitions() {}

    /// After this the table has a partition for each of the minutes. Whoever inserts calls it first, in the same
    /// transaction. Readers and writers of the table go on meanwhile: attaching takes no lock that they ask for.
    static void ensure(Sql sql, KeptTable table, Collection<Long> minutes) throws SQLException {
        TreeMap<Long, KeptTable.Part> needed = new TreeMap<>();
        for (long minute : minutes) {
            KeptTable.Part part = table.part(minute);
            needed.put(part.from(), part);
        }
        if (needed.isEmpty()) {
            return;
        }
        Set<KeptTable.Part> there = new HashSet<>(list(sql, table));
        // In ascending order everywhere, so that two who make several never wait for each other.
        for (KeptTable.Part part : needed.values()) {
            if (!there.contains(part)) {
                make(sql, table, part);
            }
        }
    }

    /// Oldest first.
    static List<KeptTable.Part> list(Sql sql, KeptTable table) throws SQLException {
        return sql.list("""
                        SELECT part.relname FROM pg_inherits
                          JOIN pg_class part ON part.oid = inhrelid
                         WHERE inhparent = ('evaluator.' || ?)::regclass
                         ORDER BY part.relname
                        """, row -> table.named(row.getString(1)), table.table()).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static void make(Sql sql, KeptTable table, KeptTable.Part part) throws SQLException {
        sql.list("SELECT pg_advisory_xact_lock(hashtextextended('edgewise ' || ?, 0))", row -> true, part.name());
        // Somebody else may have made it while this one waited.
        if (list(sql, table).contains(part)) {
            return;
        }
        // All words of these statements come from KeptTable; none is data.
        String parent = "evaluator." + table.table();
        String child = "evaluator." + part.name();
        sql.update("CREATE TABLE " + child + " (LIKE " + parent + " INCLUDING ALL) WITH (" + options(table) + ")");
        sql.update("ALTER TABLE " + parent + " ATTACH PARTITION " + child + " FOR VALUES FROM (" + part.from()
                + ") TO (" + part.to() + ")");
    }

    /// Hours and days are written again while they last: room for a new version beside the old one.
    private static String options(KeptTable table) {
        return switch (table) {
            case WINDOW_HOUR, WINDOW_DAY -> "fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05";
            case WINDOW_MINUTE, DISAGREEMENT -> "fillfactor = 95";
        };
    }

    /// Drops a partition with all that is in it. Dropping needs the whole table for a moment; while it waits for those
    /// who read, others wait behind it, so it gives up at once and throws with state [#LOCK_NOT_AVAILABLE].
    static void drop(Sql sql, KeptTable.Part part) throws SQLException {
        sql.list("SELECT set_config('lock_timeout', '100ms', true)", row -> true);
        sql.update("DROP TABLE evaluator." + part.name());
    }

    static final String LOCK_NOT_AVAILABLE = "55P03";
}
