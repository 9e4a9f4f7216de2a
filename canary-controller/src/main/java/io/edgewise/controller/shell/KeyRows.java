// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.v1.Signed;
import io.edgewise.runtime.jdbc.Sql;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The keys that devices were told of, and the sets that told them. Before the first rotation there are none: devices
/// know the key that they were set up with.
final class KeyRows {
    private KeyRows() {}

    /// @param since the version of the first set that names it; 0: devices are set up with it
    /// @param retired the version of the first set that names it no more
    @SuppressWarnings("ArrayRecordComponent") // carries the key as it is stored
    record Row(String id, byte[] publicKey, long since, Optional<Long> retired) {
        boolean counts() {
            return retired.isEmpty();
        }

        PublicKey key() {
            try {
                return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(publicKey));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("signing key " + id + " in controller.signing_key is none", e);
            }
        }
    }

    /// The topic's key of a set.
    static String topicKey(String tenant, long version) {
        return tenant + "/~keys/" + version;
    }

    /// The newest first.
    static List<Row> all(Sql sql, String tenant) throws SQLException {
        return sql.list(
                "SELECT * FROM controller.signing_key WHERE tenant = ? ORDER BY since DESC, id", KeyRows::row, tenant);
    }

    /// The version of the newest set; 0 when there is none.
    static long version(Sql sql, String tenant) throws SQLException {
        return sql.first(
                        "SELECT coalesce(max(version), 0) FROM controller.key_set WHERE tenant = ?",
                        row -> row.getLong(1),
                        tenant)
                .orElse(0L);
    }

    /// The version of the newest set that Kafka has.
    static long sent(Sql sql, String tenant) throws SQLException {
        return sql.first("""
                        SELECT coalesce(max(version), 0) FROM controller.key_set made WHERE tenant = ? AND EXISTS (
                            SELECT FROM controller.outbox sent
                             WHERE sent.key = made.tenant || '/~keys/' || made.version AND sent.sent_at IS NOT NULL)
                        """, row -> row.getLong(1), tenant).orElse(0L);
    }

    static void insert(Sql sql, String tenant, Row row) throws SQLException {
        sql.updateOne("""
                INSERT INTO controller.signing_key (tenant, id, public_key, since) VALUES (?, ?, ?, ?)
                """, tenant, row.id(), row.publicKey(), row.since());
    }

    static void retire(Sql sql, String tenant, String id, long version) throws SQLException {
        sql.updateOne("UPDATE controller.signing_key SET retired = ? WHERE tenant = ? AND id = ?", version, tenant, id);
    }

    static void insertSet(Sql sql, String tenant, long version, Signed set, Instant now) throws SQLException {
        sql.updateOne(
                "INSERT INTO controller.key_set (tenant, version, signed, made_at) VALUES (?, ?, ?, ?)",
                tenant,
                version,
                set.toByteArray(),
                Times.of(now));
    }

    private static Row row(ResultSet row) throws SQLException {
        long version = row.getLong("retired");
        Optional<Long> retired = row.wasNull() ? Optional.empty() : Optional.of(version);
        return new Row(row.getString("id"), row.getBytes("public_key"), row.getLong("since"), retired);
    }
}
