// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The kill switch: while a stop holds, nothing of its workload leaves the champion. An empty workload means all.
final class Stops {
    private Stops() {}

    record Stop(String workload, String who, String why, String stoppedAt) {
        String sentence() {
            return who + " stopped " + (workload.isEmpty() ? "everything" : "workload \"" + workload + "\"")
                    + ", because: " + why;
        }
    }

    static void put(Sql sql, String tenant, String workload, String who, String why, Instant now) throws SQLException {
        sql.update("""
                INSERT INTO controller.stop (tenant, workload, who, why, stopped_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (tenant, workload) DO NOTHING
                """, tenant, workload, who, why, Times.of(now));
    }

    static boolean lift(Sql sql, String tenant, String workload) throws SQLException {
        return sql.update("DELETE FROM controller.stop WHERE tenant = ? AND workload = ?", tenant, workload) > 0;
    }

    static Optional<Stop> of(Sql sql, String tenant, String workload) throws SQLException {
        return sql
                .list(
                        """
                        SELECT workload, who, why, stopped_at FROM controller.stop
                        WHERE tenant = ? AND workload IN ('', ?) ORDER BY workload
                        """,
                        row -> new Stop(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                Times.get(row, "stopped_at").toString()),
                        tenant,
                        workload)
                .stream()
                .findFirst();
    }

    static List<Stop> all(Sql sql, String tenant) throws SQLException {
        return sql.list(
                """
                SELECT workload, who, why, stopped_at FROM controller.stop WHERE tenant = ? ORDER BY stopped_at
                """,
                row -> new Stop(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        Times.get(row, "stopped_at").toString()),
                tenant);
    }
}
