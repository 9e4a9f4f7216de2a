// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.SliceAdmission;
import io.edgewise.runtime.jdbc.Database;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/// Slice values are admitted once, for all instances. Asked only for a value that was not seen before in an attribute
/// that still has room.
final class StoredSlices implements SliceAdmission {
    private final Database database;
    private final int cap;

    StoredSlices(Database database, int cap) {
        this.database = database;
        this.cap = cap;
    }

    @Override
    public Set<String> admit(String tenant, String rollout, String attribute, String value) {
        try {
            return database.transact(sql -> {
                sql.list(
                        "SELECT pg_advisory_xact_lock(hashtextextended('edgewise slice ' || ?, 0))",
                        row -> true,
                        tenant + '/' + rollout + '/' + attribute);
                sql.update("""
                        INSERT INTO evaluator.slice_value (tenant, rollout, attribute, value)
                        SELECT ?, ?, ?, ?
                         WHERE (SELECT count(*) FROM evaluator.slice_value
                                 WHERE tenant = ? AND rollout = ? AND attribute = ?) < ?
                            ON CONFLICT DO NOTHING
                        """, tenant, rollout, attribute, value, tenant, rollout, attribute, cap);
                return new HashSet<>(sql.list("""
                        SELECT value FROM evaluator.slice_value
                         WHERE tenant = ? AND rollout = ? AND attribute = ?
                        """, row -> row.getString(1), tenant, rollout, attribute));
            });
        } catch (SQLException e) {
            throw new DatabaseTrouble("cannot admit a value of slice attribute " + attribute, e);
        }
    }
}
