// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.evaluator.BookChanges;
import io.edgewise.evaluator.EvidenceKey;
import io.edgewise.evaluator.WindowKey;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

/// Stores the changes of a book, one statement per table, and tells whoever listens.
final class BookWriter {
    private static final int LONGEST_PAYLOAD = 7_900;

    private final UnnestBatch evidence =
            new UnnestBatch("int4", "text", "text", "text", "int4", "int4", "int4", "bool", "text", "bytea", "int8");
    private final UnnestBatch counters = new UnnestBatch("int4", "text", "int8");
    private final CopyRows windows = new CopyRows();
    private final CopyRows disagreements = new CopyRows();
    private final Set<String> rollouts;

    BookWriter(int book, BookChanges changes) {
        rollouts = changes.rollouts();
        changes.evidence().forEach(total -> add(book, total));
        changes.counters().forEach(entry -> counters.add(book, entry.getKey(), entry.getValue()));
        for (Map.Entry<WindowKey, Tally> entry : changes.windows()) {
            add(entry.getKey(), entry.getValue());
        }
        changes.disagreements().forEach(this::add);
    }

    private void add(int book, BookChanges.EvidenceTotal total) {
        EvidenceKey key = total.key();
        Stratum stratum = key.stratum();
        evidence.add(
                book,
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

    private void add(WindowKey key, Tally delta) {
        windows.row(8)
                .put(key.tenant())
                .put(key.workload())
                .put(key.rollout())
                .put(key.minute())
                .put(key.stage())
                .put(key.cohort().getNumber())
                .put(key.slice())
                .put(delta.encode());
    }

    private void add(BookChanges.Disagreement disagreement) {
        WindowKey key = disagreement.window();
        disagreements
                .row(8)
                .put(key.tenant())
                .put(key.rollout())
                .put(key.workload())
                .put(key.minute())
                .put(key.stage())
                .put(key.cohort().getNumber())
                .put(disagreement.chance())
                .put(disagreement.observation());
    }

    void write(Sql sql) throws SQLException {
        evidence.write(sql, EVIDENCE);
        counters.write(sql, COUNTERS);
        windows.send(sql.connection(), WINDOWS);
        disagreements.send(sql.connection(), DISAGREEMENTS);
        sql.list("SELECT pg_notify('edgewise_evidence', ?)", row -> true, payload());
    }

    /// Notifications are short; an empty payload means "look at all".
    private String payload() {
        String payload = String.join(",", rollouts);
        return payload.length() > LONGEST_PAYLOAD ? "" : payload;
    }

    private static final String EVIDENCE = """
            INSERT INTO evaluator.evidence
                   (book, tenant, workload, rollout, stage, cohort, pairing_rate_bp, escalated, slice, tally,
                    last_append_ms)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant, rollout, workload, book, stage, cohort, pairing_rate_bp, escalated, slice)
                DO UPDATE SET tally = excluded.tally, last_append_ms = excluded.last_append_ms
            """;

    private static final String COUNTERS = """
            INSERT INTO evaluator.counter (writer, name, amount)
            SELECT * FROM unnest(?, ?, ?)
                ON CONFLICT (writer, name) DO UPDATE SET amount = excluded.amount
            """;

    private static final String WINDOWS = """
            COPY evaluator.window_delta (tenant, workload, rollout, minute, stage, cohort, slice, tally)
            FROM STDIN (FORMAT binary)
            """;

    private static final String DISAGREEMENTS = """
            COPY evaluator.disagreement_delta (tenant, rollout, workload, minute, stage, cohort, chance, observation)
            FROM STDIN (FORMAT binary)
            """;
}
