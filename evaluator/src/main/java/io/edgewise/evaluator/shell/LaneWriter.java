// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.DeviceBlocks;
import io.edgewise.evaluator.DeviceKey;
import io.edgewise.evaluator.DeviceMark;
import io.edgewise.evaluator.DeviceRows;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.MarkKey;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Moves marks and blocks of many lanes from the log to rows of their own, one statement per table.
final class LaneWriter {
    private final UnnestBatch marks = new UnnestBatch(
            "int4", "text", "text", "int8", "int8", "bytea", "int8", "int8", "int8", "int8", "int8", "int8", "int8",
            "int8");
    private final UnnestBatch blocks = new UnnestBatch("int4", "text", "text", "text", "text", "bytea");
    private final List<Integer> lanes = new ArrayList<>();

    void add(LaneId id, DeviceRows rows) {
        lanes.add(id.number());
        for (Map.Entry<MarkKey, DeviceMark> entry : rows.marks()) {
            add(id.number(), entry.getKey(), entry.getValue());
        }
        for (Map.Entry<DeviceKey, DeviceBlocks> entry : rows.blocks()) {
            DeviceKey key = entry.getKey();
            blocks.add(
                    id.number(),
                    key.tenant(),
                    key.workload(),
                    key.rollout(),
                    key.device(),
                    entry.getValue().encode());
        }
    }

    private void add(int lane, MarkKey key, DeviceMark mark) {
        DeviceMark.Accounts accounts = mark.accounts();
        marks.add(
                lane,
                key.tenant(),
                key.sender(),
                key.epoch(),
                mark.through(),
                mark.ranges(),
                accounts.counted(),
                accounts.late(),
                accounts.rejected(),
                accounts.dropped(),
                accounts.lost(),
                accounts.duplicates(),
                mark.openGaps(),
                mark.lastSeq());
    }

    void write(Sql sql) throws SQLException {
        marks.write(sql, MARKS);
        blocks.write(sql, BLOCKS);
        sql.update(
                "DELETE FROM evaluator.device_log WHERE lane = ANY (?)",
                sql.connection().createArrayOf("int4", lanes.toArray()));
    }

    private static final String MARKS = """
            INSERT INTO evaluator.device_mark AS stored
                   (lane, tenant, sender, epoch, through, ranges, counted, late, rejected, dropped, lost, duplicates,
                    open_gaps, last_seq)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (lane, tenant, sender, epoch) DO UPDATE
               SET through = excluded.through, ranges = excluded.ranges, counted = excluded.counted,
                   late = excluded.late, rejected = excluded.rejected, dropped = excluded.dropped,
                   lost = excluded.lost, duplicates = excluded.duplicates, open_gaps = excluded.open_gaps,
                   last_seq = excluded.last_seq
            """;

    private static final String BLOCKS = """
            INSERT INTO evaluator.device_block (lane, tenant, workload, rollout, device, state)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?)
                ON CONFLICT (lane, tenant, workload, rollout, device) DO UPDATE SET state = excluded.state
            """;
}
