// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.evaluator.Changes;
import io.edgewise.evaluator.DeviceBlocks;
import io.edgewise.evaluator.DeviceKey;
import io.edgewise.evaluator.DeviceMark;
import io.edgewise.evaluator.EvidenceKey;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.MarkKey;
import io.edgewise.evaluator.WindowKey;
import io.edgewise.runtime.jdbc.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Stores the changes of many lanes, one statement per table.
final class LaneWriter {
    private static final int LONGEST_PAYLOAD = 7_900;

    private final UnnestBatch marks = new UnnestBatch(
            "int4", "text", "text", "int8", "int8", "bytea", "int8", "int8", "int8", "int8", "int8", "int8", "int8",
            "int8");
    private final UnnestBatch blocks = new UnnestBatch("int4", "text", "text", "text", "text", "bytea");
    private final UnnestBatch evidence =
            new UnnestBatch("int4", "text", "text", "text", "int4", "int4", "int4", "bool", "text", "bytea", "int8");
    private final UnnestBatch counters = new UnnestBatch("int4", "text", "int8");
    private final CopyRows windows;
    private final Set<String> rollouts = new TreeSet<>();

    LaneWriter() {
        try {
            windows = new CopyRows();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(LaneId id, Changes changes) {
        int lane = id.number();
        for (Map.Entry<MarkKey, DeviceMark> entry : changes.marks()) {
            add(lane, entry.getKey(), entry.getValue());
        }
        for (Map.Entry<DeviceKey, DeviceBlocks> entry : changes.devices()) {
            DeviceKey key = entry.getKey();
            blocks.add(
                    lane,
                    key.tenant(),
                    key.workload(),
                    key.rollout(),
                    key.device(),
                    entry.getValue().encode());
        }
        for (Changes.EvidenceTotal total : changes.evidence()) {
            add(lane, total);
        }
        for (Map.Entry<String, Long> entry : changes.counters()) {
            counters.add(lane, entry.getKey(), entry.getValue());
        }
        for (Map.Entry<WindowKey, Tally> entry : changes.windows()) {
            add(lane, entry.getKey(), entry.getValue());
        }
        rollouts.addAll(changes.rollouts());
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

    private void add(int lane, Changes.EvidenceTotal total) {
        EvidenceKey key = total.key();
        Stratum stratum = key.stratum();
        evidence.add(
                lane,
                key.tenant(),
                key.workload(),
                key.rollout(),
                stratum.stage(),
                stratum.cohort().getNumber(),
                stratum.pairingRateBp(),
                stratum.escalated(),
                stratum.slice(),
                total.tally().encode(),
                total.lastAppendMs());
    }

    private void add(int lane, WindowKey key, Tally delta) {
        try {
            windows.row(9)
                    .put(lane)
                    .put(key.tenant())
                    .put(key.workload())
                    .put(key.rollout())
                    .put(key.minute())
                    .put(key.stage())
                    .put(key.cohort().getNumber())
                    .put(key.slice())
                    .put(delta.encode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(Sql sql) throws SQLException {
        marks.write(sql, MARKS);
        blocks.write(sql, BLOCKS);
        evidence.write(sql, EVIDENCE);
        counters.write(sql, COUNTERS);
        try {
            windows.send(sql.connection(), WINDOWS);
        } catch (IOException e) {
            throw new SQLException("cannot copy window rows to the database", e);
        }
        sql.list("SELECT pg_notify('edgewise_evidence', ?)", row -> true, payload());
    }

    /// Notifications are short; an empty payload means "look at all".
    private String payload() {
        String payload = String.join(",", rollouts);
        return payload.length() > LONGEST_PAYLOAD ? "" : payload;
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

    private static final String EVIDENCE = """
            INSERT INTO evaluator.evidence
                   (lane, tenant, workload, rollout, stage, cohort, pairing_rate_bp, escalated, slice, tally,
                    last_append_ms)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant, rollout, workload, lane, stage, cohort, pairing_rate_bp, escalated, slice)
                DO UPDATE SET tally = excluded.tally, last_append_ms = excluded.last_append_ms
            """;

    private static final String COUNTERS = """
            INSERT INTO evaluator.counter (lane, name, amount)
            SELECT * FROM unnest(?, ?, ?)
                ON CONFLICT (lane, name) DO UPDATE SET amount = excluded.amount
            """;

    private static final String WINDOWS = """
            COPY evaluator.window_delta (lane, tenant, workload, rollout, minute, stage, cohort, slice, tally)
            FROM STDIN (FORMAT binary)
            """;
}
