// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.evaluator.Horizons;
import io.edgewise.evaluator.Level;
import io.edgewise.evaluator.PeriodKey;
import io.edgewise.evaluator.RollUpPace;
import io.edgewise.evaluator.Sums;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What flushes appended to windows, taken out and put where it is kept. A call is a piece of work in one transaction:
/// readers see the parts or their sum, never both and never neither.
final class WindowParts {
    private final Sql sql;
    private final KeeperLimits limits;

    WindowParts(Sql sql, KeeperLimits limits) {
        this.sql = sql;
        this.limits = limits;
    }

    /// @param isFull whether the piece was as large as one may be, so that there may be more
    record Taken(int parts, int windows, long expired, boolean isFull) {
        static final Taken NOTHING = new Taken(0, 0, 0, false);
    }

    /// Folds parts of minutes up to this one into stored windows, the oldest first.
    Taken fold(long throughMinute, RollUpPace pace, long nowMs) throws SQLException {
        Sums sums = new Sums(horizons());
        Batch batch = take(CLOSED, sums, throughMinute);
        for (Level level : Level.values()) {
            Map<PeriodKey, Tally> windows = sums.of(level);
            if (!windows.isEmpty()) {
                WindowRows rows = new WindowRows(sql, level);
                rows.mergeStored(windows);
                rows.write(windows);
                rows.markAbove(windows.keySet(), pace, nowMs);
            }
        }
        return new Taken(batch.parts, sums.size(), sums.expired(), batch.isFull(limits));
    }

    /// Puts one part per window in the place of many, where a rollout has too many in a minute that is still open.
    Taken compact(long afterMinute) throws SQLException {
        List<Busy> busy = sql
                .list(
                        BUSY,
                        row -> new Busy(row.getLong(1), row.getString(2), row.getString(3)),
                        afterMinute,
                        limits.mostOpenParts() + 1,
                        limits.mostOpenParts())
                .stream()
                .toList();
        UnnestBatch asked = new UnnestBatch("int8", "text", "text");
        for (Busy each : busy) {
            if (isWorthwhile(each)) {
                asked.add(each.minute, each.tenant, each.rollout);
            }
        }
        if (asked.isEmpty()) {
            return Taken.NOTHING;
        }
        Sums sums = new Sums(Horizons.NOTHING_DROPPED);
        Batch batch = take(CROWDED, sums, asked.arrays(sql.connection()));
        WindowRows.append(sql, sums.of(Level.MINUTE));
        return new Taken(batch.parts, sums.size(), 0, batch.isFull(limits));
    }

    private record Busy(long minute, String tenant, String rollout) {}

    /// Many windows with a part or two each cannot become fewer.
    private boolean isWorthwhile(Busy busy) throws SQLException {
        return sql.list(
                        CROWD,
                        row -> row.getLong(1) > FEWEST_PER_WINDOW * row.getLong(2),
                        busy.minute,
                        busy.tenant,
                        busy.rollout)
                .getFirst();
    }

    private static final class Batch {
        private int parts;
        private long bytes;

        boolean isFull(KeeperLimits limits) {
            return parts >= limits.mostParts() || bytes >= limits.mostBytes();
        }
    }

    private Batch take(String chosen, Sums into, Object... parameters) throws SQLException {
        Object[] all = new Object[parameters.length + 2];
        System.arraycopy(parameters, 0, all, 0, parameters.length);
        all[parameters.length] = limits.mostParts();
        all[parameters.length + 1] = limits.mostBytes();
        Batch batch = new Batch();
        sql.list(
                TAKE.replace("$chosen", chosen),
                row -> {
                    byte[] tally = row.getBytes(8);
                    into.add(key(row), tally);
                    batch.parts++;
                    batch.bytes += tally.length;
                    return true;
                },
                all);
        return batch;
    }

    private static PeriodKey key(ResultSet row) throws SQLException {
        return new PeriodKey(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInt(5),
                row.getInt(6),
                row.getLong(7));
    }

    private Horizons horizons() throws SQLException {
        Map<Level, Long> from = new EnumMap<>(Level.class);
        sql.list(
                "SELECT level, dropped_before FROM evaluator.window_level",
                row -> from.put(Level.of(row.getString(1)), row.getLong(2)));
        return new Horizons(from);
    }

    private static final int FEWEST_PER_WINDOW = 4;

    /// At most so many rows, and no more once they have so many bytes.
    private static final String TAKE = """
            DELETE FROM evaluator.window_delta
             WHERE ctid = ANY (ARRAY(
                   SELECT place
                     FROM (SELECT place, sum(bytes) OVER (ROWS UNBOUNDED PRECEDING) - bytes AS bytes_before
                             FROM (SELECT part.ctid AS place, octet_length(part.tally) AS bytes
                                     $chosen LIMIT ?) AS first_ones) AS sized
                    WHERE bytes_before < ?))
            RETURNING tenant, rollout, workload, slice, stage, cohort, minute, tally
            """;

    private static final String CLOSED = """
            FROM evaluator.window_delta part WHERE minute <= ? ORDER BY minute, tenant, rollout, slice""";

    private static final String CROWDED = """
            FROM unnest(?, ?, ?) AS crowded(minute, tenant, rollout)
            JOIN evaluator.window_delta part USING (minute, tenant, rollout)
            """;

    /// Walks from one rollout's minute to the next without reading what lies between.
    private static final String BUSY = """
            WITH RECURSIVE seen(minute, tenant, rollout) AS (
                (SELECT minute, tenant, rollout FROM evaluator.window_delta
                  WHERE minute > ? ORDER BY minute, tenant, rollout LIMIT 1)
                UNION ALL
                SELECT following.minute, following.tenant, following.rollout
                  FROM seen CROSS JOIN LATERAL (
                       SELECT minute, tenant, rollout FROM evaluator.window_delta next
                        WHERE (next.minute, next.tenant, next.rollout) > (seen.minute, seen.tenant, seen.rollout)
                        ORDER BY minute, tenant, rollout LIMIT 1) AS following)
            SELECT minute, tenant, rollout FROM seen
             WHERE (SELECT count(*) FROM (
                       SELECT FROM evaluator.window_delta part
                        WHERE part.minute = seen.minute AND part.tenant = seen.tenant AND part.rollout = seen.rollout
                        LIMIT ?) AS few) > ?
             LIMIT 200
            """;

    private static final String CROWD = """
            SELECT count(*), count(DISTINCT (workload, slice, stage, cohort)) FROM evaluator.window_delta
             WHERE minute = ? AND tenant = ? AND rollout = ?
            """;
}
