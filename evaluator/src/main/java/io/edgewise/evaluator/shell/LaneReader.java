// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.DeviceBlocks;
import io.edgewise.evaluator.DeviceKey;
import io.edgewise.evaluator.DeviceMark;
import io.edgewise.evaluator.Lane;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.MarkKey;
import io.edgewise.runtime.jdbc.Row;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

/// Fills lanes with what is stored of them. All of it is kept in memory: per assigned partition one mark
/// per spool and one set of blocks per device and rollout.
final class LaneReader {
    private LaneReader() {}

    static void load(Sql sql, Map<LaneId, Lane> lanes) throws SQLException {
        if (lanes.isEmpty()) {
            return;
        }
        UnnestBatch numbers = new UnnestBatch("int4");
        lanes.keySet().forEach(lane -> numbers.add(lane.number()));
        Object ids = numbers.arrays(sql.connection())[0];
        each(
                sql,
                lanes,
                ids,
                MARKS,
                (lane, row) ->
                        lane.restore(new MarkKey(row.getString(2), row.getString(3), row.getLong(4)), mark(row)));
        each(
                sql,
                lanes,
                ids,
                BLOCKS,
                (lane, row) -> lane.restore(
                        new DeviceKey(row.getString(2), row.getString(3), row.getString(4), row.getString(5)),
                        DeviceBlocks.decode(row.getBytes(6))));
        each(sql, lanes, ids, LOG, (lane, row) -> lane.restoreLog(row.getBytes(2)));
    }

    private static final String MARKS = """
            SELECT lane, tenant, sender, epoch, through, last_seq, ranges,
                   counted, late, rejected, dropped, lost, duplicates
              FROM evaluator.device_mark WHERE lane = ANY (?)
            """;

    private static final String BLOCKS = """
            SELECT lane, tenant, workload, rollout, device, state FROM evaluator.device_block WHERE lane = ANY (?)
            """;

    private static final String LOG = """
            SELECT lane, part FROM evaluator.device_log WHERE lane = ANY (?) ORDER BY lane, number
            """;

    private interface Restore {
        void into(Lane lane, ResultSet row) throws SQLException;
    }

    private static void each(Sql sql, Map<LaneId, Lane> lanes, Object ids, String query, Restore restore)
            throws SQLException {
        Row<Boolean> row = result -> {
            Lane lane = lanes.get(LaneId.ofNumber(result.getInt(1)));
            if (lane == null) {
                throw new IllegalStateException("a row of a lane that was not asked for, by: " + query);
            }
            restore.into(lane, result);
            return true;
        };
        sql.list(query, row, ids);
    }

    private static DeviceMark mark(ResultSet row) throws SQLException {
        return DeviceMark.restore(
                row.getLong(5),
                row.getLong(6),
                row.getBytes(7),
                new DeviceMark.Accounts(
                        row.getLong(8),
                        row.getLong(9),
                        row.getLong(10),
                        row.getLong(11),
                        row.getLong(12),
                        row.getLong(13)));
    }
}
