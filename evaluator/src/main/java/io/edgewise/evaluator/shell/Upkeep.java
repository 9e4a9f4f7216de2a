// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.KeptTable;
import io.edgewise.evaluator.Level;
import io.edgewise.evaluator.Retention;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Partitions made before they are needed, and dropped when they are old.
final class Upkeep {
    private static final long MINUTE_MS = 60_000;
    private static final long MINUTES_IN_DAY = 24 * 60;

    private final Retention retention;

    Upkeep(Retention retention) {
        this.retention = retention;
    }

    /// Yesterday's partitions to tomorrow's: devices' clocks differ, and data comes late.
    static boolean prepare(Sql sql, long nowMs) throws SQLException {
        long now = Math.floorDiv(nowMs, MINUTE_MS);
        List<Long> near = List.of(now - MINUTES_IN_DAY, now, now + MINUTES_IN_DAY);
        for (KeptTable table : KeptTable.values()) {
            Partitions.ensure(sql, table, near);
        }
        return true;
    }

    /// Drops the oldest partition of the table if nobody needs it any more: a minute that an hour has yet
    /// to be made from stays, and so do all later ones. What came late for the older would count in its
    /// hour at once otherwise, which is then made from its minutes. Empty when there is none.
    Optional<KeptTable.Part> dropOldest(Sql sql, KeptTable table, long nowMs) throws SQLException {
        long horizon = retention.horizon(table, nowMs);
        for (KeptTable.Part part : Partitions.list(sql, table)) {
            if (part.to() > horizon || isNeeded(sql, table, part)) {
                return Optional.empty();
            }
            Partitions.drop(sql, part);
            forget(sql, table, part);
            return Optional.of(part);
        }
        return Optional.empty();
    }

    private static boolean isNeeded(Sql sql, KeptTable table, KeptTable.Part part) throws SQLException {
        Optional<Level> above = table.level().flatMap(Level::above);
        return above.isPresent()
                && !sql.list(
                                "SELECT FROM evaluator.rollup_due WHERE level = ? AND start >= ? AND start < ? LIMIT 1",
                                row -> true,
                                above.get().word(),
                                part.from(),
                                part.to())
                        .isEmpty();
    }

    /// From now on, what still comes for these windows counts in the level above.
    private static void forget(Sql sql, KeptTable table, KeptTable.Part part) throws SQLException {
        if (table.level().isPresent()) {
            sql.updateOne(
                    "UPDATE evaluator.window_level SET dropped_before = greatest(dropped_before, ?) WHERE level = ?",
                    part.to(),
                    table.level().get().word());
        }
    }
}
