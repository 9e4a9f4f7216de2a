// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.fasterxml.jackson.core.type.TypeReference;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.audit.AuditReport.SignedCheckpoint;
import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.contracts.audit.Checkpoint;
import io.edgewise.controller.SigningKeys;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Signs the heads of all chains that have grown since the checkpoint before.
final class Checkpoints {
    private static final long LOCK = 0x65646765_63686b70L;
    private static final TypeReference<TreeMap<String, Checkpoint.Head>> HEADS = new TypeReference<>() {};

    private final SigningKeys keys;

    Checkpoints(SigningKeys keys) {
        this.keys = keys;
    }

    /// Empty when nothing has grown, or somebody else is writing one.
    Optional<Checkpoint> write(Sql sql, String tenant, Instant now) throws SQLException {
        boolean mine = sql.first("SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK)
                .orElse(false);
        if (!mine) {
            return Optional.empty();
        }
        Optional<SignedCheckpoint> last = last(sql, tenant);
        Instant since =
                last.map(each -> Instant.ofEpochMilli(each.checkpoint().atMs())).orElse(Instant.EPOCH);
        SortedMap<String, Checkpoint.Head> heads = grown(sql, tenant, since);
        last.ifPresent(each -> heads.entrySet()
                .removeIf(
                        head -> head.getValue().equals(each.checkpoint().heads().get(head.getKey()))));
        if (heads.isEmpty()) {
            return Optional.empty();
        }
        Checkpoint checkpoint = new Checkpoint(
                tenant,
                last.map(each -> each.checkpoint().number()).orElse(0L) + 1,
                now.toEpochMilli(),
                heads,
                last.map(each -> each.checkpoint().hash()).orElse(ChainLink.ROOT));
        byte[] signature = Signing.sign(Checkpoint.DOMAIN, checkpoint.bytes(), keys.keyId(), keys.privateKey())
                .getSignature()
                .toByteArray();
        sql.updateOne(
                """
                INSERT INTO controller.checkpoint
                    (tenant, number, at, heads, previous_hash, hash, key_id, signature)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                tenant,
                checkpoint.number(),
                Times.of(Instant.ofEpochMilli(checkpoint.atMs())),
                Json.write(checkpoint.heads()),
                checkpoint.previousHash(),
                checkpoint.hash(),
                keys.keyId(),
                signature);
        return Optional.of(checkpoint);
    }

    /// A minute more than since the last one, for what was committed late; what did not grow is taken out again.
    private static SortedMap<String, Checkpoint.Head> grown(Sql sql, String tenant, Instant since) throws SQLException {
        record Grown(String chain, Checkpoint.Head head) {}
        SortedMap<String, Checkpoint.Head> heads = new TreeMap<>();
        sql.list(
                        """
                        SELECT rollout, decisions, last_hash FROM controller.rollout
                        WHERE tenant = ? AND decisions > 0 AND decided_at >= ?
                        """,
                        row -> new Grown(row.getString(1), new Checkpoint.Head(row.getLong(2), row.getString(3))),
                        tenant,
                        Times.of(since.minusSeconds(60)))
                .forEach(grown -> heads.put(grown.chain(), grown.head()));
        sql.first(
                        "SELECT number, hash FROM controller.tenant_head WHERE tenant = ? AND number > 0",
                        row -> new Checkpoint.Head(row.getLong(1), row.getString(2)),
                        tenant)
                .ifPresent(head -> heads.put(ActBook.chain(tenant), head));
        return heads;
    }

    private static Optional<SignedCheckpoint> last(Sql sql, String tenant) throws SQLException {
        return sql.first(
                "SELECT * FROM controller.checkpoint WHERE tenant = ? ORDER BY number DESC LIMIT 1",
                Checkpoints::read,
                tenant);
    }

    static List<SignedCheckpoint> all(Sql sql, String tenant) throws SQLException {
        return sql.list(
                "SELECT * FROM controller.checkpoint WHERE tenant = ? ORDER BY number", Checkpoints::read, tenant);
    }

    private static SignedCheckpoint read(ResultSet row) throws SQLException {
        Checkpoint checkpoint = new Checkpoint(
                row.getString("tenant"),
                row.getLong("number"),
                Times.get(row, "at").toEpochMilli(),
                Json.stored(row.getString("heads"), HEADS),
                row.getString("previous_hash"));
        return new SignedCheckpoint(checkpoint, row.getString("key_id"), row.getBytes("signature"));
    }
}
