// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.contracts.audit.ChainLink.Stored;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The chain of what people did beside rollouts: definitions, builds, templates, tokens, stops.
final class ActBook {
    private ActBook() {}

    static String chain(String tenant) {
        return "tenant/" + tenant;
    }

    record Act(String kind, String actor, String sentence, Map<String, Object> detail) {}

    static void append(Sql sql, String tenant, Act act, Instant now) throws SQLException {
        record Head(long number, String hash) {}
        sql.update("""
                INSERT INTO controller.tenant_head (tenant, number, hash) VALUES (?, 0, ?) ON CONFLICT DO NOTHING
                """, tenant, ChainLink.ROOT);
        Head head = sql.first(
                        "SELECT number, hash FROM controller.tenant_head WHERE tenant = ? FOR UPDATE",
                        row -> new Head(row.getLong(1), row.getString(2)),
                        tenant)
                .orElseThrow();
        ChainLink link = new ChainLink(
                chain(tenant),
                head.number() + 1,
                now.toEpochMilli(),
                act.kind(),
                act.actor(),
                0,
                0,
                0,
                act.sentence(),
                Json.write(new TreeMap<>(act.detail())),
                head.hash());
        sql.updateOne(
                """
                INSERT INTO controller.tenant_act
                    (tenant, number, at, kind, actor, sentence, detail, previous_hash, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                tenant,
                link.number(),
                Times.of(Instant.ofEpochMilli(link.atMs())),
                link.kind(),
                link.actor(),
                link.sentence(),
                link.detail(),
                link.previousHash(),
                link.hash());
        sql.updateOne(
                "UPDATE controller.tenant_head SET number = ?, hash = ? WHERE tenant = ?",
                link.number(),
                link.hash(),
                tenant);
    }

    static List<Stored> all(Sql sql, String tenant) throws SQLException {
        return sql.list(
                "SELECT * FROM controller.tenant_act WHERE tenant = ? ORDER BY number",
                row -> stored(tenant, row),
                tenant);
    }

    private static Stored stored(String tenant, ResultSet row) throws SQLException {
        return new Stored(
                new ChainLink(
                        chain(tenant),
                        row.getLong("number"),
                        Times.get(row, "at").toEpochMilli(),
                        row.getString("kind"),
                        row.getString("actor"),
                        0,
                        0,
                        0,
                        row.getString("sentence"),
                        row.getString("detail"),
                        row.getString("previous_hash")),
                row.getString("hash"));
    }
}
