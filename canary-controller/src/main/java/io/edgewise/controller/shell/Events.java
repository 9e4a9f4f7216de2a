// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.controller.Rollout;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Decisions in the order in which they can be followed: complete, without repetition, from any place on.
final class Events {
    private Events() {}

    /// `place` is where to go on from.
    record Event(String place, String rollout, long number, String at, String kind, String body) {}

    static void append(Sql sql, Rollout.Identity rollout, ChainLink link, Instant now) throws SQLException {
        Map<String, Object> body = new TreeMap<>();
        body.put("workload", rollout.workload());
        body.put("rollout", link.rollout());
        body.put("number", link.number());
        body.put("at", now.toString());
        body.put("kind", link.kind());
        body.put("actor", link.actor());
        body.put("stage", link.stage());
        body.put("shareBp", link.shareBp());
        body.put("revision", link.revision());
        body.put("sentence", link.sentence());
        sql.updateOne(
                """
                INSERT INTO controller.event (tenant, rollout, number, at, kind, body) VALUES (?, ?, ?, ?, ?, ?)
                """, rollout.tenant(), link.rollout(), link.number(), Times.of(now), link.kind(), Json.write(body));
    }

    /// `after` is a place, or empty for the beginning.
    static List<Event> after(Sql sql, String tenant, String after, int most) throws SQLException {
        long xid = 0;
        long id = 0;
        if (!after.isEmpty()) {
            try {
                int dash = after.indexOf('-');
                xid = Long.parseLong(after.substring(0, dash));
                id = Long.parseLong(after.substring(dash + 1));
            } catch (RuntimeException e) {
                throw Problem.invalid("the place", "\"" + after + "\" is none that was given out; leave it empty");
            }
        }
        return sql.list(
                """
                SELECT xid::text || '-' || id AS place, rollout, number, at, kind, body FROM controller.event
                WHERE tenant = ? AND (xid, id) > (?::text::xid8, ?)
                  AND xid < pg_snapshot_xmin(pg_current_snapshot())
                ORDER BY xid, id LIMIT ?
                """,
                row -> new Event(
                        row.getString("place"),
                        row.getString("rollout"),
                        row.getLong("number"),
                        Times.get(row, "at").toString(),
                        row.getString("kind"),
                        row.getString("body")),
                tenant,
                Long.toString(xid),
                id,
                most);
    }

    /// Where the newest one stands.
    static String newest(Sql sql, String tenant) throws SQLException {
        return sql.first("""
                        SELECT xid::text || '-' || id AS place FROM controller.event
                        WHERE tenant = ? AND xid < pg_snapshot_xmin(pg_current_snapshot())
                        ORDER BY xid DESC, id DESC LIMIT 1
                        """, row -> row.getString(1), tenant).orElse("");
    }
}
