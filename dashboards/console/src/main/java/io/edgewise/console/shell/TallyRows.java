// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import io.edgewise.console.Rows;
import io.edgewise.contracts.tally.Tally;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Merges tallies while they are read, so that a page holds one per key and not one per partition and flush.
final class TallyRows {
    private TallyRows() {}

    private record Key(long minute, int stage, int cohort, boolean escalated, String slice) {}

    /// Evidence by stage, cohort, escalation and slice.
    static final class EvidenceFold {
        private final Map<Key, Tally> tallies = new LinkedHashMap<>();

        boolean add(ResultSet result) throws SQLException {
            Key key = new Key(
                    0,
                    result.getInt("stage"),
                    result.getInt("cohort"),
                    result.getBoolean("escalated"),
                    result.getString("slice"));
            tallies.computeIfAbsent(key, k -> new Tally()).merge(Tally.decode(result.getBytes("tally")));
            return true;
        }

        List<Rows.Evidence> rows() {
            return tallies.entrySet().stream()
                    .map(entry -> new Rows.Evidence(
                            entry.getKey().stage(),
                            entry.getKey().cohort(),
                            entry.getKey().escalated(),
                            entry.getKey().slice(),
                            entry.getValue()))
                    .toList();
        }
    }

    /// Windows by minute, stage and cohort, oldest first.
    static final class WindowFold {
        private final TreeMap<Long, Map<Key, Tally>> minutes = new TreeMap<>();

        boolean add(ResultSet result) throws SQLException {
            Key key =
                    new Key(result.getLong("minute"), result.getInt("stage"), result.getInt("cohort"), false, Rows.ALL);
            minutes.computeIfAbsent(key.minute(), minute -> new LinkedHashMap<>())
                    .computeIfAbsent(key, k -> new Tally())
                    .merge(Tally.decode(result.getBytes("tally")));
            return true;
        }

        /// For a read that was cut while it went back in time: the oldest minute is not whole.
        void dropOldest() {
            minutes.pollFirstEntry();
        }

        List<Rows.Window> rows() {
            return minutes.values().stream()
                    .flatMap(minute -> minute.entrySet().stream())
                    .map(entry -> new Rows.Window(
                            entry.getKey().minute(),
                            entry.getKey().stage(),
                            entry.getKey().cohort(),
                            entry.getValue()))
                    .toList();
        }
    }
}
