// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.Optional;

/// The pass through what flushes appended, one of all keepers: each does a piece where the last one ended. Its place
/// changes in the transaction of the piece.
///
/// @param after the rollout that was visited last; the start where no pass is under way
/// @param isLeft whether parts of a rollout stayed behind, in this pass or, at the start, in the one that ended
/// @param lagMs how long ago, by the clock of the database, a pass left nothing behind
record GatherPass(PartFold.Place after, boolean isLeft, long lagMs) {
    /// What one keeper did: a piece, unless there was none to do.
    ///
    /// @param isEnded whether the pass is over
    /// @param isLeft whether the next one is due at once
    /// @param rests how long to rest, in times of what the piece took
    record Step(Optional<PartFold.Folded> folded, boolean isEnded, boolean isLeft, int rests) {}

    /// In the transaction of whoever holds the keepers' lock.
    static GatherPass read(Sql sql) throws SQLException {
        return sql.list(
                        READ,
                        row -> new GatherPass(
                                new PartFold.Place(row.getString(1), row.getString(2)),
                                row.getBoolean(3),
                                Math.max(0, row.getLong(4))))
                .getFirst();
    }

    /// Does the next piece. A pass that others have ended is not begun anew unless `mayBegin`.
    static Step step(Sql sql, KeeperLimits limits, boolean mayBegin) throws SQLException {
        GatherPass pass = read(sql);
        boolean isBegin = pass.after.equals(PartFold.Place.START);
        if (isBegin && !mayBegin && !pass.isLeft) {
            return new Step(Optional.empty(), true, false, 0);
        }
        KeeperLimits piece = limits.after(pass.lagMs);
        PartFold.Folded folded = new PartFold(sql, piece).fold(pass.after);
        boolean isLeft = folded.isMoreThere() || !isBegin && pass.isLeft;
        boolean isEnded = folded.next().equals(PartFold.Place.START);
        sql.updateOne(WRITE, folded.next().tenant(), folded.next().rollout(), isLeft, isEnded && !isLeft);
        return new Step(Optional.of(folded), isEnded, isEnded && isLeft, piece.rests());
    }

    /// Milliseconds since a pass left nothing behind, while one is under way or due at once; else 0.
    long behindMs() {
        return isLeft || !after.equals(PartFold.Place.START) ? lagMs : 0;
    }

    private static final String READ = """
            SELECT after_tenant, after_rollout, is_left,
                   (extract(epoch FROM clock_timestamp() - passed_at) * 1000)::bigint
              FROM evaluator.keeping
            """;

    private static final String WRITE = """
            UPDATE evaluator.keeping
               SET after_tenant = ?, after_rollout = ?, is_left = ?,
                   passed_at = CASE WHEN ? THEN clock_timestamp() ELSE passed_at END
            """;
}
