// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.KeptTable;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Moves what flushes drew for samples of disagreements to where it is kept, and leaves the smallest chances of each
/// window: a uniform sample, however many flushes and instances drew for it.
final class SampleMoves {
    private SampleMoves() {}

    /// The oldest minute that is closed, if any waits; it is moved and trimmed.
    static Optional<Long> move(Sql sql, long closedMinute, int perWindow) throws SQLException {
        List<Long> oldest = sql.list(
                "SELECT minute FROM evaluator.disagreement_delta WHERE minute <= ? ORDER BY minute LIMIT 1",
                row -> row.getLong(1),
                closedMinute);
        if (oldest.isEmpty()) {
            return Optional.empty();
        }
        long minute = oldest.getFirst();
        Partitions.ensure(sql, KeptTable.DISAGREEMENT, oldest);
        sql.update(MOVE, minute);
        sql.update(TRIM, minute, perWindow);
        return Optional.of(minute);
    }

    private static final String MOVE = """
            WITH moved AS (
                DELETE FROM evaluator.disagreement_delta WHERE minute = ?
                RETURNING tenant, rollout, workload, minute, stage, cohort, chance, observation
            )
            INSERT INTO evaluator.disagreement
                   (tenant, rollout, workload, minute, stage, cohort, chance, observation)
            SELECT tenant, rollout, workload, minute, stage, cohort, chance, observation FROM moved
            """;

    private static final String TRIM = """
            WITH ranked AS (
                SELECT tenant, rollout, workload, minute, stage, cohort, chance,
                       row_number() OVER (PARTITION BY tenant, rollout, workload, stage, cohort
                                              ORDER BY chance) AS place
                  FROM evaluator.disagreement WHERE minute = ?
            )
            DELETE FROM evaluator.disagreement AS gone
             USING ranked
             WHERE ranked.place > ?
               AND gone.tenant = ranked.tenant AND gone.rollout = ranked.rollout AND gone.minute = ranked.minute
               AND gone.workload = ranked.workload AND gone.stage = ranked.stage AND gone.cohort = ranked.cohort
               AND gone.chance = ranked.chance
            """;
}
