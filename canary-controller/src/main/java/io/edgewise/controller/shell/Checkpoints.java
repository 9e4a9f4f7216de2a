// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.fasterxml.jackson.core.type.TypeReference;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.audit.AuditReport.SignedCheckpoint;
import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.contracts.audit.Checkpoint;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.SigningKeys;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Signs the heads of all chains that have grown since they were signed last.
final class Checkpoints {
    private static final long LOCK = 0x65646765_63686b70L;
    private static final TypeReference<TreeMap<String, Checkpoint.Head>> HEADS = new TypeReference<>() {};

    private final Signer signer;

    Checkpoints(KeyCabinet keys) {
        this.signer = new Signer(keys);
    }

    /// As below, but not before an interval is over since the last one was written, whoever wrote it: by
    /// the database's clock, of which there is one.
    Optional<Checkpoint> writeDue(Sql sql, String tenant, Instant now, Duration interval) throws SQLException {
        boolean due = mine(sql)
                && sql.first("""
                                SELECT coalesce(max(written_at) <= now() - make_interval(secs => ?), true)
                                FROM controller.checkpoint WHERE tenant = ?
                                """, row -> row.getBoolean(1), (double) interval.toSeconds(), tenant)
                        .orElse(true);
        return due ? write(sql, tenant, now) : Optional.empty();
    }

    /// Empty when nothing has grown, or somebody else is writing one.
    Optional<Checkpoint> write(Sql sql, String tenant, Instant now) throws SQLException {
        if (!mine(sql)) {
            return Optional.empty();
        }
        Optional<SignedCheckpoint> last = last(sql, tenant);
        SortedMap<String, Checkpoint.Head> heads = grown(sql, tenant);
        if (heads.isEmpty()) {
            return Optional.empty();
        }
        Checkpoint checkpoint = new Checkpoint(
                tenant,
                last.map(each -> each.checkpoint().number()).orElse(0L) + 1,
                now.toEpochMilli(),
                heads,
                last.map(each -> each.checkpoint().hash()).orElse(ChainLink.ROOT));
        SigningKeys keys = signer.key(sql, tenant);
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
        remember(sql, tenant, heads);
        return Optional.of(checkpoint);
    }

    private static boolean mine(Sql sql) throws SQLException {
        return sql.first("SELECT pg_try_advisory_xact_lock(?)", row -> row.getBoolean(1), LOCK)
                .orElse(false);
    }

    /// Heads that differ from those signed last. No times are compared: they are of several instances' clocks.
    private static SortedMap<String, Checkpoint.Head> grown(Sql sql, String tenant) throws SQLException {
        record Grown(String chain, Checkpoint.Head head) {}
        SortedMap<String, Checkpoint.Head> heads = new TreeMap<>();
        sql.list(
                        """
                        SELECT h.chain, h.number, h.hash FROM (
                            SELECT rollout AS chain, decisions AS number, last_hash AS hash
                            FROM controller.rollout WHERE tenant = ? AND decisions > 0
                            UNION ALL
                            SELECT ?, number, hash FROM controller.tenant_head WHERE tenant = ? AND number > 0) h
                        LEFT JOIN controller.signed_head s ON s.tenant = ? AND s.chain = h.chain
                        WHERE s.hash IS DISTINCT FROM h.hash
                        """,
                        row -> new Grown(row.getString(1), new Checkpoint.Head(row.getLong(2), row.getString(3))),
                        tenant,
                        ActBook.chain(tenant),
                        tenant,
                        tenant)
                .forEach(grown -> heads.put(grown.chain(), grown.head()));
        return heads;
    }

    private static void remember(Sql sql, String tenant, SortedMap<String, Checkpoint.Head> heads) throws SQLException {
        String[] chains = heads.keySet().toArray(String[]::new);
        String[] hashes = heads.values().stream().map(Checkpoint.Head::hash).toArray(String[]::new);
        sql.update(
                """
                INSERT INTO controller.signed_head (tenant, chain, hash)
                SELECT ?, chain, hash FROM unnest(?, ?) AS head (chain, hash)
                ON CONFLICT (tenant, chain) DO UPDATE SET hash = excluded.hash
                """,
                tenant,
                sql.connection().createArrayOf("text", chains),
                sql.connection().createArrayOf("text", hashes));
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
