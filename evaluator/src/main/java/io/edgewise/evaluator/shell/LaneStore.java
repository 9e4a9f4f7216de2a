// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Changes;
import io.edgewise.evaluator.Lane;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.LaneTools;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// The lanes in PostgreSQL: offsets, marks, blocks, evidence and windows of a lane change together or not at all.
final class LaneStore {
    private final Database database;

    LaneStore(Database database) {
        this.database = database;
    }

    /// Takes the lanes and reads what is stored of them. `begins` says where the log begins now, `partitions` how many
    /// the topic has.
    SortedMap<LaneId, Owned> take(SortedMap<LaneId, Long> begins, Map<LaneId, Integer> partitions, LaneTools tools)
            throws SQLException {
        UUID owner = UUID.randomUUID();
        return database.transact(sql -> {
            SortedMap<LaneId, LaneClaims.Taken> taken = LaneClaims.take(sql, begins, owner);
            SortedMap<LaneId, Owned> owned = new TreeMap<>();
            SortedMap<LaneId, Lane> lanes = new TreeMap<>();
            taken.forEach((id, at) -> {
                Lane lane = new Lane(id, partitions.getOrDefault(id, 1), tools, at.nextOffset(), at.lastAppendMs());
                lanes.put(id, lane);
                owned.put(id, new Owned(new Claim(lane, at.epoch(), owner), at.nextOffset()));
            });
            LaneReader.load(sql, lanes);
            return owned;
        });
    }

    /// A taken lane and where it goes on.
    record Owned(Claim claim, long nextOffset) {}

    /// Stores everything that changed, in one transaction. Returns the lanes that belong to somebody else by now: when
    /// there is any, nothing was stored. An exception leaves open whether anything was.
    SortedSet<LaneId> flush(Collection<Claim> claims) throws SQLException {
        LaneWriter writer = new LaneWriter();
        Map<Claim, LaneClaims.Progress> progress = new LinkedHashMap<>();
        for (Claim claim : claims) {
            Changes changes = claim.lane().changes();
            progress.put(claim, new LaneClaims.Progress(changes.nextOffset(), changes.lastAppendMs()));
            writer.add(claim.lane().id(), changes);
        }
        return fenced(sql -> {
            LaneClaims.advance(sql, progress);
            writer.write(sql);
        });
    }

    /// Folds the windows of these minutes, in one transaction. Returns like {@link #flush}.
    SortedSet<LaneId> fold(Map<Claim, List<Long>> minutes) throws SQLException {
        return fenced(sql -> {
            LaneClaims.hold(sql, minutes.keySet());
            WindowFolding.fold(sql, minutes);
        });
    }

    /// Notes that a partition stopped because the log no longer holds what comes next.
    void countStop(LaneId lane, String counter) throws SQLException {
        database.transact(sql -> sql.update("""
                INSERT INTO evaluator.counter (lane, name, amount) VALUES (?, ?, 1)
                    ON CONFLICT (lane, name) DO UPDATE SET amount = greatest(counter.amount, 1)
                """, lane.number(), counter));
    }

    private interface Writing {
        void write(Sql sql) throws SQLException;
    }

    private SortedSet<LaneId> fenced(Writing writing) throws SQLException {
        try {
            return database.transact(sql -> {
                writing.write(sql);
                return new TreeSet<>();
            });
        } catch (LaneClaims.Fenced e) {
            return e.lanes();
        }
    }
}
