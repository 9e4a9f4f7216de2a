// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.evaluator.BookChanges;
import io.edgewise.evaluator.EvidenceKey;
import io.edgewise.evaluator.LabelCap;
import io.edgewise.evaluator.PartSums;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Adds what flushes appended to stored evidence and to the parts of windows, some rollouts at a time, in the
/// transaction of whoever works on them: readers see the parts or their sum, never both and never neither.
final class PartFold {
    private static final int ROWS_AT_ONCE = 500;

    private final Sql sql;
    private final KeeperLimits limits;

    PartFold(Sql sql, KeeperLimits limits) {
        this.sql = sql;
        this.limits = limits;
    }

    /// A rollout of a tenant; an empty one is the tenant's traffic outside any. They are visited in order.
    record Place(String tenant, String rollout) {
        static final Place START = new Place("", "");
    }

    /// @param next where the next piece goes on; the start when all were visited
    /// @param labelsTogether labels that found no room of their own in evidence of all slices together
    /// @param isMoreThere whether parts of a rollout that was visited are left
    record Folded(int parts, int rows, long labelsTogether, Place next, boolean isMoreThere) {}

    private record Waiting(Place place, int parts) {}

    /// Folds the parts of the rollouts behind `after`, as many as one piece may hold.
    Folded fold(Place after) throws SQLException {
        List<Waiting> waiting = sql.list(
                WAITING,
                row -> new Waiting(new Place(row.getString(1), row.getString(2)), row.getInt(3)),
                limits.mostFoldedParts(),
                after.tenant(),
                after.rollout());
        UnnestBatch chosen = new UnnestBatch("text", "text");
        Place last = Place.START;
        int expected = 0;
        boolean isCut = false;
        boolean isLeft = false;
        for (Waiting each : waiting) {
            if (expected > 0 && expected + each.parts > limits.mostFoldedParts()) {
                isLeft = true;
                break;
            }
            expected += each.parts;
            isCut |= each.parts == limits.mostFoldedParts();
            last = each.place;
            chosen.add(last.tenant(), last.rollout());
        }
        if (chosen.isEmpty()) {
            return new Folded(0, 0, 0, Place.START, false);
        }
        PartSums sums = new PartSums();
        int taken = take(chosen, sums);
        long labelsTogether = write(sums);
        boolean isEnd = waiting.size() < MOST_ROLLOUTS && expected < limits.mostFoldedParts() && !isLeft;
        return new Folded(
                taken,
                sums.evidence().size() + sums.windows().size(),
                labelsTogether,
                isEnd ? Place.START : last,
                isCut || taken < expected);
    }

    private int take(UnnestBatch rollouts, PartSums into) throws SQLException {
        Object[] arrays = rollouts.arrays(sql.connection());
        return sql.list(
                        TAKE,
                        row -> {
                            into.add(part(row));
                            return true;
                        },
                        arrays[0],
                        arrays[1],
                        limits.mostFoldedParts(),
                        limits.mostBytes())
                .size();
    }

    private static BookChanges.Part part(ResultSet row) throws SQLException {
        Cohort cohort = Cohort.forNumber(row.getInt(5));
        long minute = row.getLong(8);
        OptionalLong window = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(minute);
        String[] names = (String[]) array(row, 12);
        byte[][] counted = (byte[][]) array(row, 13);
        byte[][] shown = (byte[][]) array(row, 14);
        Long[] appended = (Long[]) array(row, 15);
        List<BookChanges.Slice> slices = new ArrayList<>(names.length + 1);
        slices.add(new BookChanges.Slice(Stratum.ALL, row.getBytes(9), row.getBytes(10), row.getLong(11)));
        for (int i = 0; i < names.length; i++) {
            slices.add(new BookChanges.Slice(names[i], counted[i], shown[i], appended[i]));
        }
        Stratum stratum = new Stratum(
                row.getInt(4),
                cohort == null ? Cohort.COHORT_UNSPECIFIED : cohort,
                row.getInt(6),
                row.getBoolean(7),
                Stratum.ALL);
        return new BookChanges.Part(
                new EvidenceKey(row.getString(1), row.getString(3), row.getString(2), stratum), window, slices);
    }

    private static Object array(ResultSet row, int column) throws SQLException {
        Array array = row.getArray(column);
        return array.getArray();
    }

    private long write(PartSums sums) throws SQLException {
        List<Map.Entry<EvidenceKey, PartSums.Gain>> gains =
                List.copyOf(sums.evidence().entrySet());
        long labelsTogether = 0;
        for (int from = 0; from < gains.size(); from += ROWS_AT_ONCE) {
            labelsTogether += evidence(gains.subList(from, Math.min(gains.size(), from + ROWS_AT_ONCE)));
        }
        WindowRows.append(sql, sums.windows());
        return labelsTogether;
    }

    private long evidence(List<Map.Entry<EvidenceKey, PartSums.Gain>> gains) throws SQLException {
        UnnestBatch keys = new UnnestBatch("int4", "text", "text", "text", "int4", "int4", "int4", "bool", "text");
        Tally[] sums = new Tally[gains.size()];
        for (int i = 0; i < sums.length; i++) {
            EvidenceKey key = gains.get(i).getKey();
            Stratum stratum = key.stratum();
            keys.add(
                    i,
                    key.tenant(),
                    key.rollout(),
                    key.workload(),
                    stratum.stage(),
                    stratum.cohort().getNumber(),
                    stratum.pairingRateBp(),
                    stratum.escalated(),
                    stratum.slice());
        }
        Object[] asked = keys.arrays(sql.connection());
        sql.list(
                STORED,
                row -> {
                    sums[row.getInt(1)] = Tally.decode(row.getBytes(2));
                    return true;
                },
                asked);
        List<Object> tallies = new ArrayList<>();
        List<Object> appended = new ArrayList<>();
        long labelsTogether = 0;
        for (int i = 0; i < sums.length; i++) {
            PartSums.Gain gain = gains.get(i).getValue();
            Tally sum = sums[i];
            boolean isAll = gains.get(i).getKey().stratum().slice().equals(Stratum.ALL);
            labelsTogether -= isAll && sum != null ? LabelCap.together(sum) : 0;
            int full = sum == null ? 0 : sum.full();
            Tally more = sum == null ? gain.tally() : LabelCap.merge(sum, gain.tally());
            labelsTogether += isAll ? LabelCap.together(more) : 0;
            FullSums.note(sql, gains.get(i).getKey(), full, more.full());
            tallies.add(more.encode());
            appended.add(gain.lastAppendMs());
        }
        List<Object> parameters = new ArrayList<>(List.of(asked));
        parameters.removeFirst();
        parameters.add(sql.connection().createArrayOf("bytea", tallies.toArray(new byte[0][])));
        parameters.add(sql.connection().createArrayOf("int8", appended.toArray()));
        int written = sql.update(WRITE, parameters.toArray());
        if (written != gains.size()) {
            throw new IllegalStateException(
                    "expected to write " + gains.size() + " rows of evidence, wrote " + written);
        }
        return labelsTogether;
    }

    private static final int MOST_ROLLOUTS = 200;

    /// Walks from one rollout to the next without reading what lies between, until there is enough for one piece.
    private static final String WAITING = """
            WITH RECURSIVE piece(most) AS (SELECT ?::bigint),
            seen(tenant, rollout, parts, total, step) AS (
                (SELECT first.tenant, first.rollout, held.parts, held.parts, 1
                   FROM (SELECT tenant, rollout FROM evaluator.part
                          WHERE (tenant, rollout) > (?, ?) ORDER BY tenant, rollout LIMIT 1) AS first
                  CROSS JOIN LATERAL (
                       SELECT count(*) AS parts FROM (
                              SELECT FROM evaluator.part
                               WHERE part.tenant = first.tenant AND part.rollout = first.rollout
                               LIMIT (SELECT most FROM piece)) AS few) AS held)
                UNION ALL
                SELECT following.tenant, following.rollout, held.parts, seen.total + held.parts, seen.step + 1
                  FROM seen CROSS JOIN LATERAL (
                       SELECT tenant, rollout FROM evaluator.part next
                        WHERE (next.tenant, next.rollout) > (seen.tenant, seen.rollout)
                        ORDER BY tenant, rollout LIMIT 1) AS following
                  CROSS JOIN LATERAL (
                       SELECT count(*) AS parts FROM (
                              SELECT FROM evaluator.part
                               WHERE part.tenant = following.tenant AND part.rollout = following.rollout
                               LIMIT (SELECT most FROM piece)) AS few) AS held
                 WHERE seen.step < $most AND seen.total < (SELECT most FROM piece))
            SELECT tenant, rollout, parts FROM seen ORDER BY step
            """.replace("$most", Integer.toString(MOST_ROLLOUTS));

    /// The oldest of each rollout, and no more once they have so many bytes.
    private static final String TAKE = """
            DELETE FROM evaluator.part
             WHERE ctid = ANY (ARRAY(
                   SELECT place
                     FROM (SELECT place, sum(bytes) OVER (ROWS UNBOUNDED PRECEDING) - bytes AS bytes_before
                             FROM unnest(?, ?) AS chosen(tenant, rollout)
                            CROSS JOIN LATERAL (
                                  SELECT part.ctid AS place,
                                         pg_column_size(counted) + pg_column_size(shown)
                                         + pg_column_size(slice_counted) + pg_column_size(slice_shown) AS bytes
                                    FROM evaluator.part
                                   WHERE part.tenant = chosen.tenant AND part.rollout = chosen.rollout
                                   ORDER BY part.tenant, part.rollout, part.number LIMIT ?) AS oldest) AS sized
                    WHERE bytes_before < ?))
            RETURNING tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated, minute, counted, shown,
                      last_append_ms, slices, slice_counted, slice_shown, slice_last_append_ms
            """;

    private static final String STORED = """
            SELECT asked.number, stored.tally
              FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
                   AS asked(number, tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated, slice)
              JOIN evaluator.evidence stored
                   USING (tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated, slice)
            """;

    private static final String WRITE = """
            INSERT INTO evaluator.evidence AS stored
                   (tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated, slice, tally, last_append_ms)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated, slice)
                DO UPDATE SET tally = excluded.tally,
                              last_append_ms = greatest(stored.last_append_ms, excluded.last_append_ms)
            """;
}
