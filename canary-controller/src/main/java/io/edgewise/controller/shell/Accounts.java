// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/// What was sent and what became of it, over all spools.
final class Accounts {
    private Accounts() {}

    static Map<String, Long> sums(Sql sql, String tenant) throws SQLException {
        Map<String, Long> sums = new LinkedHashMap<>();
        if (!EvidenceRows.exists(sql, "evaluator.published_account")) {
            throw Problem.missing("the evaluator's account", "it is there once a server with the role evaluator ran");
        }
        add(sql, tenant, "observation", "", sums);
        add(sql, tenant, "feedback", "feedback", sums);
        return sums;
    }

    private static void add(Sql sql, String tenant, String kind, String prefix, Map<String, Long> into)
            throws SQLException {
        String[] names = {
            "lastSeq", "counted", "late", "rejected", "dropped", "lost", "duplicates", "openGaps", "imbalance"
        };
        sql.first(
                """
                SELECT coalesce(sum(last_seq), 0)::bigint, coalesce(sum(counted), 0)::bigint,
                       coalesce(sum(late), 0)::bigint, coalesce(sum(rejected), 0)::bigint,
                       coalesce(sum(dropped), 0)::bigint, coalesce(sum(lost), 0)::bigint,
                       coalesce(sum(duplicates), 0)::bigint, coalesce(sum(open_gaps), 0)::bigint,
                       coalesce(sum(imbalance), 0)::bigint
                FROM evaluator.published_account WHERE tenant = ? AND kind = ?
                """,
                row -> {
                    for (int i = 0; i < names.length; i++) {
                        into.put(named(prefix, names[i]), row.getLong(i + 1));
                    }
                    return into;
                },
                tenant,
                kind);
    }

    private static String named(String prefix, String name) {
        return prefix.isEmpty() ? name : prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
