// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.EvidenceBlock;
import io.edgewise.controller.EvidenceLedger;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The ledgers of running rollouts in memory: caches of committed blocks. A long list is folded page by
/// page before the row is locked; under the lock only its tail is read, so that no deadline of a
/// transaction depends on the age of a rollout. May be used by many threads.
final class Ledgers {
    private static final int LONGEST_TAIL = 50;

    private final EvidenceRows rows;
    private final int page;
    private final Map<String, EvidenceLedger> ledgers = new ConcurrentHashMap<>();

    Ledgers(EvidenceRows rows, int page) {
        this.rows = rows;
        this.page = page;
    }

    /// Whether there is more to read than a transaction should, or something else than is stored.
    boolean isCold(Sql sql, Kept kept) throws SQLException {
        EvidenceLedger known = known(kept);
        EvidenceRows.Stored stored = rows.stored(sql, id(kept), known.blocks());
        return !isOf(stored, known) || stored.last() - known.blocks() > Math.min(page, LONGEST_TAIL);
    }

    /// A database that was put back, or that lost its last moments, may hold another block of the same number.
    private static boolean isOf(EvidenceRows.Stored stored, EvidenceLedger known) {
        return known.blocks() == 0 || stored.last() >= known.blocks() && stored.cutAtMs() == known.lastCutAtMs();
    }

    /// Reads what is committed, in pages; each page that was read is kept whatever happens later.
    void warm(Database database, Kept kept) throws SQLException {
        String id = id(kept);
        EvidenceLedger held = known(kept);
        if (!isOf(database.read(sql -> rows.stored(sql, id, held.blocks())), held)) {
            ledgers.remove(id);
        }
        EvidenceLedger ledger = known(kept);
        List<EvidenceBlock> blocks;
        do {
            long folded = ledger.blocks();
            blocks = database.read(sql -> rows.after(sql, id, folded, page));
            for (EvidenceBlock block : blocks) {
                ledger = ledger.append(block);
            }
            keep(id, ledger);
        } while (blocks.size() == page);
    }

    EvidenceLedger current(Sql sql, Kept kept) throws SQLException {
        EvidenceLedger ledger = known(kept);
        for (EvidenceBlock block : rows.after(sql, id(kept), ledger.blocks(), Integer.MAX_VALUE)) {
            ledger = ledger.append(block);
        }
        return ledger;
    }

    void committed(Kept kept, EvidenceLedger ledger) {
        if (kept.rollout().phase().isOver()) {
            ledgers.remove(id(kept));
        } else {
            keep(id(kept), ledger);
        }
    }

    /// For rollouts that are over: nobody looks at them again and again.
    void forget(String rollout) {
        ledgers.remove(rollout);
    }

    private void keep(String id, EvidenceLedger ledger) {
        ledgers.merge(id, ledger, (known, fresh) -> fresh.blocks() >= known.blocks() ? fresh : known);
    }

    private EvidenceLedger known(Kept kept) {
        EvidenceLedger known = ledgers.get(id(kept));
        return known == null ? EvidenceLedger.empty(kept.plan()) : known;
    }

    private static String id(Kept kept) {
        return kept.rollout().id().value();
    }
}
