// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.DriftJudge.Span;
import io.edgewise.drift.Features;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.statistics.grid.Cells;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Features of slices whose minutes hold too few observations wait here until several minutes together hold enough:
/// each
/// feature of each slice has windows as long as it needs, up to a limit.
final class Pending {
    private final Sql sql;
    private final Watched rollout;
    private final long longest;
    private final Map<Place, Waiting> waiting = new HashMap<>();
    private final Set<Place> stored = new HashSet<>();

    private Pending(Sql sql, Watched rollout, long longest) {
        this.sql = sql;
        this.rollout = rollout;
        this.longest = longest;
    }

    private record Place(String slice, String measure) {}

    private record Waiting(long firstMinute, long lastMinute, Tally tally) {}

    /// A window that is large enough.
    record Window(Span span, Cells cells) {}

    /// @param longest minutes in a window; what is not enough by then is given up
    static Pending load(Sql sql, Watched rollout, long longest) throws SQLException {
        Pending pending = new Pending(sql, rollout, longest);
        sql.list(
                "SELECT slice, measure, first_minute, tally, coalesce(last_minute, first_minute) FROM drift.pending WHERE tenant = ? AND rollout = ?",
                row -> pending.waiting.put(
                        new Place(row.getString(1), row.getString(2)),
                        new Waiting(row.getLong(3), row.getLong(5), Tally.decode(row.getBytes(4)))),
                rollout.tenant(),
                rollout.rollout());
        pending.stored.addAll(pending.waiting.keySet());
        return pending;
    }

    /// Adds a minute to what waits, and returns the observations that are together now.
    Window add(Reference reference, long minute, Tally tally) {
        String measure = reference.baseline().measure();
        Place place = new Place(reference.slice(), measure);
        Waiting before = waiting.get(place);
        if (before == null || Math.abs(minute - before.firstMinute()) >= longest) {
            before = new Waiting(minute, minute, new Tally());
        } else {
            // Minutes close in any order where devices come back late.
            before = new Waiting(
                    Math.min(minute, before.firstMinute()), Math.max(minute, before.lastMinute()), before.tally());
        }
        Features.copy(tally, measure, before.tally());
        waiting.put(place, before);
        return new Window(
                new Span(before.firstMinute(), before.lastMinute()),
                Features.cells(before.tally().read(measure)));
    }

    void judged(Reference reference) {
        waiting.remove(new Place(reference.slice(), reference.baseline().measure()));
    }

    void save() throws SQLException {
        for (Place gone : stored) {
            if (!waiting.containsKey(gone)) {
                sql.update(
                        "DELETE FROM drift.pending WHERE tenant = ? AND rollout = ? AND slice = ? AND measure = ?",
                        rollout.tenant(),
                        rollout.rollout(),
                        gone.slice(),
                        gone.measure());
            }
        }
        for (Map.Entry<Place, Waiting> each : waiting.entrySet()) {
            sql.updateOne(
                    """
                    INSERT INTO drift.pending (tenant, rollout, slice, measure, first_minute, last_minute, tally)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (tenant, rollout, slice, measure)
                    DO UPDATE SET first_minute = excluded.first_minute, last_minute = excluded.last_minute,
                                  tally = excluded.tally""",
                    rollout.tenant(),
                    rollout.rollout(),
                    each.getKey().slice(),
                    each.getKey().measure(),
                    each.getValue().firstMinute(),
                    each.getValue().lastMinute(),
                    each.getValue().tally().encode());
        }
    }
}
