// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.contracts.LabelHash;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// Labels are counted by their hash; the workload's definition says what they are called.
final class CategoryNames {
    private CategoryNames() {}

    /// By cell; empty where no controller publishes the workload.
    static Map<Integer, String> of(Sql sql, Watched rollout) throws SQLException {
        Map<Integer, String> names = new HashMap<>();
        boolean published = sql.first(
                        "SELECT to_regclass('controller.published_workload') IS NOT NULL", row -> row.getBoolean(1))
                .orElse(false);
        if (published) {
            sql.list(
                    """
                    SELECT DISTINCT jsonb_array_elements_text(definition -> 'labels')
                    FROM controller.published_workload WHERE tenant = ? AND workload = ?""",
                    row -> names.put(LabelHash.bucket(row.getString(1)), row.getString(1)),
                    rollout.tenant(),
                    rollout.workload());
        }
        return names;
    }
}
