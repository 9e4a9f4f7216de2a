// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.LaneChanges;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.LaneTotals;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// Who owns which lane. Taking one raises its epoch and leaves a random token: an epoch number alone could
/// be given out twice by a database that lost its last commits in a fail-over.
final class LaneClaims {
    /// Shorter than the client waits for an answer: a statement that it gives up must not go on and hold its locks.
    private static final int STATEMENT_MS = 25_000;
    private static final int LOADING_MS = 60_000;
    private static final int STORING_MS = 5_000;

    private LaneClaims() {}

    /// Where a taken lane goes on.
    record Taken(long epoch, long nextOffset, long lastAppendMs) {}

    /// Takes the lanes; `begins` says where each begins when it was never read before.
    static SortedMap<LaneId, Taken> take(Sql sql, SortedMap<LaneId, Long> begins, UUID owner) throws SQLException {
        limitTime(sql, LOADING_MS);
        UnnestBatch lanes = new UnnestBatch("int4", "text", "int4", "int8");
        begins.forEach((lane, begin) -> lanes.add(lane.number(), lane.inlet().topic(), lane.partition(), begin));
        Object[] arrays = lanes.arrays(sql.connection());
        sql.update("""
                INSERT INTO evaluator.lane (lane, topic, partition, epoch, owner, next_offset, last_append_ms)
                SELECT lane, topic, partition, 0, ?, begin, 0
                  FROM unnest(?, ?, ?, ?) AS fresh(lane, topic, partition, begin)
                 ORDER BY lane
                    ON CONFLICT (lane) DO NOTHING
                """, owner, arrays[0], arrays[1], arrays[2], arrays[3]);
        // Always locked in the order of their numbers, by every statement: no deadlocks.
        sql.list(
                "SELECT lane FROM evaluator.lane WHERE lane = ANY (?) ORDER BY lane FOR UPDATE",
                row -> row.getInt(1),
                arrays[0]);
        SortedMap<LaneId, Taken> taken = new TreeMap<>();
        sql.list(
                """
                UPDATE evaluator.lane
                   SET epoch = epoch + 1, owner = ?
                 WHERE lane = ANY (?)
                RETURNING lane, epoch, next_offset, last_append_ms
                """,
                row -> taken.put(
                        LaneId.ofNumber(row.getInt(1)), new Taken(row.getLong(2), row.getLong(3), row.getLong(4))),
                owner,
                arrays[0]);
        if (!taken.keySet().equals(begins.keySet())) {
            throw new IllegalStateException("took " + taken.keySet() + " instead of " + begins.keySet());
        }
        return taken;
    }

    /// Moves the lanes' offsets, all in one statement, and keeps their rows locked until the end of the
    /// transaction. A lane that has another owner by now fences the whole transaction, and so does one
    /// whose stored offset is not the one that these changes are built on: a database that failed over and
    /// lost a commit still knows its owner.
    static void advance(Sql sql, Map<Claim, LaneChanges> progress) throws SQLException {
        limitTime(sql, STORING_MS);
        UnnestBatch batch = new UnnestBatch(
                "int4", "int8", "uuid", "int8", "int8", "int8", "int8", "int8", "int8", "int8", "int8", "int8", "int8",
                "int8");
        progress.forEach((claim, to) -> {
            LaneTotals totals = to.totals();
            batch.add(
                    claim.lane().id().number(),
                    claim.epoch(),
                    claim.owner(),
                    to.fromOffset(),
                    to.nextOffset(),
                    to.lastAppendMs(),
                    totals.counted(),
                    totals.late(),
                    totals.rejected(),
                    totals.dropped(),
                    totals.lost(),
                    totals.duplicates(),
                    totals.openGaps(),
                    totals.lastSeq());
        });
        confirm(progress.keySet(), sql.list(ADVANCE, row -> row.getInt(1), batch.arrays(sql.connection())));
    }

    private static final String ADVANCE = """
            WITH fresh AS (
                SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                           AS fresh(lane, epoch, owner, from_offset, next_offset, last_append_ms, counted, late, rejected, dropped,
                                    lost, duplicates, open_gaps, last_seq)
            ), held AS (
                SELECT lane.lane
                  FROM evaluator.lane JOIN fresh USING (lane)
                 WHERE lane.epoch = fresh.epoch AND lane.owner = fresh.owner
                   AND lane.next_offset = fresh.from_offset
                 ORDER BY lane.lane
                   FOR UPDATE OF lane
            )
            UPDATE evaluator.lane
               SET next_offset = fresh.next_offset, last_append_ms = fresh.last_append_ms, counted = fresh.counted,
                   late = fresh.late, rejected = fresh.rejected, dropped = fresh.dropped, lost = fresh.lost,
                   duplicates = fresh.duplicates, open_gaps = fresh.open_gaps, last_seq = fresh.last_seq
              FROM fresh JOIN held USING (lane)
             WHERE lane.lane = fresh.lane
            RETURNING lane.lane
            """;

    /// The same without moving anything; `claims` with the offsets that must be stored.
    static void hold(Sql sql, Map<Claim, Long> claims) throws SQLException {
        limitTime(sql, STORING_MS);
        UnnestBatch batch = new UnnestBatch("int4", "int8", "uuid", "int8");
        claims.forEach((claim, offset) -> batch.add(claim.lane().id().number(), claim.epoch(), claim.owner(), offset));
        confirm(claims.keySet(), sql.list("""
                        SELECT lane.lane
                          FROM evaluator.lane
                          JOIN unnest(?, ?, ?, ?) AS claim(lane, epoch, owner, next_offset) USING (lane, next_offset)
                         WHERE lane.epoch = claim.epoch AND lane.owner = claim.owner
                         ORDER BY lane.lane
                           FOR UPDATE OF lane
                        """, row -> row.getInt(1), batch.arrays(sql.connection())));
    }

    private static void confirm(Set<Claim> claims, List<Integer> held) {
        SortedSet<LaneId> lost = new TreeSet<>();
        claims.forEach(claim -> lost.add(claim.lane().id()));
        held.forEach(number -> lost.remove(LaneId.ofNumber(number)));
        if (!lost.isEmpty()) {
            throw new Fenced(lost);
        }
    }

    /// A process that stops in the middle must not hold its lanes' rows for ever.
    private static void limitTime(Sql sql, int idleMs) throws SQLException {
        sql.list("""
                SELECT set_config('idle_in_transaction_session_timeout', ?, true),
                       set_config('statement_timeout', ?, true)
                """, row -> row.getString(1), Integer.toString(idleMs), Integer.toString(STATEMENT_MS));
    }

    /// Rolls the transaction back: these lanes belong to somebody else.
    static final class Fenced extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient SortedSet<LaneId> lanes;

        Fenced(SortedSet<LaneId> lanes) {
            super("another instance owns " + lanes + ", or the database has lost what was stored of them");
            this.lanes = lanes;
        }

        SortedSet<LaneId> lanes() {
            return lanes;
        }
    }
}
