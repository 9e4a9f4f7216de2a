// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.controller.CountersWentBack;
import io.edgewise.controller.Evidence;
import io.edgewise.controller.EvidenceBlock;
import io.edgewise.controller.EvidenceLedger;
import io.edgewise.controller.Rollout;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Gathers the evidence of a locked rollout, and cuts evidence blocks.
final class Looking {
    private final EvidenceRows rows = new EvidenceRows();
    private final Ledgers ledgers = new Ledgers(rows);

    Ledgers ledgers() {
        return ledgers;
    }

    Evidence look(Sql sql, Kept kept) throws SQLException {
        Rollout.Identity identity = kept.rollout().identity();
        EvidenceLedger ledger = ledgers.current(sql, kept);
        String drift = rows.driftHold(sql, identity);
        Optional<EvidenceRows.Published> published = rows.published(sql, identity);
        if (published.isEmpty()) {
            return new Evidence(
                    ledger, new TreeMap<>(), Map.of(), drift, "the evaluator publishes no evidence; does it run?");
        }
        try {
            SortedMap<Stratum, Tally> open = ledger.since(published.get().counters());
            return new Evidence(ledger, open, published.get().lastAppendMs(), drift, "");
        } catch (CountersWentBack e) {
            return new Evidence(
                    ledger,
                    new TreeMap<>(),
                    Map.of(),
                    drift,
                    e.getMessage() + "; was an older database restored? Abort this rollout and start it again");
        }
    }

    /// Closes the open block when its time has come.
    Evidence cutWhenDue(Sql sql, Kept kept, Evidence evidence, Instant now) throws SQLException {
        long begun = evidence.ledger().blocks() == 0
                ? kept.rollout().identity().createdAt().toEpochMilli()
                : evidence.ledger().lastCutAtMs();
        return now.toEpochMilli() - begun >= EvidenceBlock.SECONDS * 1000L ? cut(sql, kept, evidence, now) : evidence;
    }

    /// Closes the open block now: what a decision rests on is in the list.
    Evidence cut(Sql sql, Kept kept, Evidence evidence, Instant now) throws SQLException {
        if (evidence.open().isEmpty()) {
            return evidence;
        }
        EvidenceBlock block = EvidenceBlock.cut(evidence.ledger().blocks() + 1, now, evidence.open());
        rows.append(sql, kept.rollout().id().value(), block);
        return evidence.cut(now);
    }
}
