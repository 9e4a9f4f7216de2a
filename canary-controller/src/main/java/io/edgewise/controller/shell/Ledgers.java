// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.EvidenceBlock;
import io.edgewise.controller.EvidenceLedger;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The ledgers of running rollouts in memory: caches of the stored blocks, brought up to date under the row lock and
/// replaced only after a commit.
final class Ledgers {
    private final EvidenceRows rows;
    private final Map<String, EvidenceLedger> ledgers = new ConcurrentHashMap<>();

    Ledgers(EvidenceRows rows) {
        this.rows = rows;
    }

    EvidenceLedger current(Sql sql, Kept kept) throws SQLException {
        String id = kept.rollout().id().value();
        EvidenceLedger known = ledgers.get(id);
        EvidenceLedger ledger = known == null ? EvidenceLedger.empty(kept.plan()) : known;
        for (EvidenceBlock block : rows.after(sql, id, ledger.blocks())) {
            ledger = ledger.append(block);
        }
        return ledger;
    }

    void committed(Kept kept, EvidenceLedger ledger) {
        String id = kept.rollout().id().value();
        if (kept.rollout().phase().isOver()) {
            ledgers.remove(id);
        } else {
            ledgers.put(id, ledger);
        }
    }

    void forget(String rollout) {
        ledgers.remove(rollout);
    }
}
