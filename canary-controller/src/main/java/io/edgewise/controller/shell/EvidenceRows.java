// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.controller.EvidenceBlock;
import io.edgewise.controller.EvidenceMeasures;
import io.edgewise.controller.HoldoutVerdict;
import io.edgewise.controller.Rollout;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The controller's evidence blocks, and what the evaluator and drift publish.
final class EvidenceRows {
    /// The evaluator's counters of a rollout, merged over partitions.
    record Published(SortedMap<Stratum, Tally> counters, Map<Stratum, Long> lastAppendMs) {}

    private record Part(Stratum stratum, Tally tally, long lastAppendMs) {}

    /// Holds what is no traffic: of the shadow, with no pairing.
    static final Stratum APART = new Stratum(0, Cohort.COHORT_CONTROL, 0, false, Stratum.ALL);

    /// Empty while the evaluator publishes nothing at all.
    ///
    /// @param attributes whose slices are read besides the slice "all"
    /// @param ofSlices measures of slices besides those that are always kept
    Optional<Published> published(Sql sql, Rollout.Identity rollout, Set<String> attributes, Set<String> ofSlices)
            throws SQLException {
        if (!exists(sql, "evaluator.published_evidence")) {
            return Optional.empty();
        }
        List<Part> parts = sql.list(
                """
                SELECT stage, cohort, pairing_rate_bp, escalated, slice, tally, last_append_ms
                FROM evaluator.published_evidence
                WHERE tenant = ? AND workload = ? AND rollout = ?
                  AND (slice = 'all' OR split_part(slice, '=', 1) = ANY (?))
                """,
                row -> part(row, ofSlices),
                rollout.tenant(),
                rollout.workload(),
                rollout.id().value(),
                sql.connection().createArrayOf("text", attributes.toArray()));
        SortedMap<Stratum, Tally> counters = new TreeMap<>();
        Map<Stratum, Long> lastAppendMs = new HashMap<>();
        for (Part part : parts) {
            counters.merge(part.stratum(), part.tally(), Tally::plus);
            lastAppendMs.merge(part.stratum(), part.lastAppendMs(), Math::max);
        }
        return Optional.of(new Published(counters, lastAppendMs));
    }

    private static Part part(ResultSet row, Set<String> ofSlices) throws SQLException {
        Cohort cohort = Cohort.forNumber(row.getInt("cohort"));
        if (cohort == null) {
            throw new IllegalStateException("evaluator.published_evidence names cohort " + row.getInt("cohort")
                    + ", which this program does not know; is the evaluator newer?");
        }
        Stratum stratum = new Stratum(
                row.getInt("stage"),
                cohort,
                row.getInt("pairing_rate_bp"),
                row.getBoolean("escalated"),
                row.getString("slice"));
        return new Part(
                stratum,
                EvidenceMeasures.of(stratum.slice(), Tally.decode(row.getBytes("tally")), ofSlices),
                row.getLong("last_append_ms"));
    }

    /// Of the challenger since the rollout began; the runs of a set only become more.
    Tally holdout(Sql sql, Rollout.Identity rollout) throws SQLException {
        Tally tally = new Tally();
        if (exists(sql, "drift.published_holdout")) {
            sql.list(
                    """
                    SELECT coalesce(sum(n), 0)::bigint AS n, coalesce(sum(correct), 0)::bigint AS correct
                    FROM drift.published_holdout
                    WHERE tenant = ? AND workload = ? AND build = ? AND at >= ?
                    """,
                    row -> tally.add(HoldoutVerdict.ANSWERS, 0, row.getLong("n"))
                            .add(HoldoutVerdict.ANSWERS, 1, row.getLong("correct")),
                    rollout.tenant(),
                    rollout.workload(),
                    rollout.challenger().name(),
                    Times.of(rollout.createdAt()));
        }
        return tally;
    }

    /// The open findings that hold promotion, as one text; empty when there are none.
    String driftHold(Sql sql, Rollout.Identity rollout) throws SQLException {
        if (!exists(sql, "drift.published_finding")) {
            return "";
        }
        List<String> features = sql.list(
                """
                SELECT DISTINCT CASE slice WHEN 'all' THEN feature ELSE feature || ' in ' || slice END AS feature
                FROM drift.published_finding
                WHERE tenant = ? AND rollout = ? AND severity = 'act' AND closed_minute IS NULL
                ORDER BY feature
                """, row -> row.getString(1), rollout.tenant(), rollout.id().value());
        return features.isEmpty() ? "" : "open finding of severity act on " + String.join(", ", features);
    }

    List<EvidenceBlock> after(Sql sql, String rollout, long number, int most) throws SQLException {
        return sql.list(
                "SELECT body FROM controller.evidence_block WHERE rollout = ? AND number > ? ORDER BY number LIMIT ?",
                row -> EvidenceBlock.decode(row.getBytes(1)),
                rollout,
                number,
                most);
    }

    /// The number of the last block, 0 before the first; and when the block of this number was cut, 0 where it is not
    /// there.
    record Stored(long last, long cutAtMs) {}

    Stored stored(Sql sql, String rollout, long number) throws SQLException {
        return sql.first("""
                        SELECT coalesce((SELECT max(number) FROM controller.evidence_block WHERE rollout = ?), 0),
                               coalesce((SELECT cut_at_ms FROM controller.evidence_block
                                          WHERE rollout = ? AND number = ?), 0)
                        """, row -> new Stored(row.getLong(1), row.getLong(2)), rollout, rollout, number)
                .orElseThrow();
    }

    void append(Sql sql, String rollout, EvidenceBlock block) throws SQLException {
        sql.updateOne(
                "INSERT INTO controller.evidence_block (rollout, number, cut_at_ms, body) VALUES (?, ?, ?, ?)",
                rollout,
                block.number(),
                block.cutAtMs(),
                block.encode());
    }

    static boolean exists(Sql sql, String view) throws SQLException {
        return sql.first("SELECT to_regclass(?) IS NOT NULL", row -> row.getBoolean(1), view)
                .orElse(false);
    }
}
