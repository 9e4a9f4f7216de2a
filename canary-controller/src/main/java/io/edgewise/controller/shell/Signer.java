// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.SigningKeys;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which key signs: the newest that counts, that devices can have heard of, and whose private half is here.
///
/// Laws: a key signs nothing before the set that names it is in Kafka; no order is signed by a key after a
/// set without it was made, since whoever signs holds a lock that whoever changes the keys waits for.
final class Signer {
    private static final Logger LOG = LoggerFactory.getLogger(Signer.class);
    private static final long LOCK = 0x65646765_6b657973L;

    private final KeyCabinet cabinet;
    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    Signer(KeyCabinet cabinet) {
        this.cabinet = cabinet;
    }

    /// The key for this transaction.
    SigningKeys key(Sql sql, String tenant) throws SQLException {
        sql.list("SELECT pg_advisory_xact_lock_shared(?)", row -> true, LOCK);
        List<KeyRows.Row> rows = KeyRows.all(sql, tenant);
        return rows.isEmpty()
                ? cabinet.first()
                : among(rows, KeyRows.sent(sql, tenant))
                        .orElseThrow(() -> Problem.conflict(
                                "there is no key to sign with",
                                "none of the keys that devices know is in this server's secrets folder; copy their"
                                        + " signing-*.key and signing-*.pub from where they were made"));
    }

    /// Nobody signs until this transaction is over.
    static void holdUp(Sql sql) throws SQLException {
        sql.list("SELECT pg_advisory_xact_lock(?)", row -> true, LOCK);
    }

    /// The key that signs, of these, the newest first.
    Optional<SigningKeys> among(List<KeyRows.Row> rows, long sent) {
        for (KeyRows.Row row : rows) {
            if (!row.counts() || row.since() > sent) {
                continue;
            }
            Optional<SigningKeys> pair = cabinet.find(row.id());
            if (pair.isPresent()) {
                return pair.map(found -> found.since(row.since()));
            }
            if (missing.add(row.id())) {
                LOG.warn(
                        "Signing key {} counts, but is not in this server's secrets folder; an older one signs. Copy"
                                + " signing-{}.key and .pub there before that one is retired.",
                        row.id(),
                        row.id());
            }
        }
        return Optional.empty();
    }
}
