// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.SliceAdmission;
import io.edgewise.evaluator.Slices;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/// Slice attributes and values are admitted once, for all instances. Asked only for one that was not seen before where
/// there still may be room.
final class StoredSlices implements SliceAdmission {
    private static final String STATEMENT_MS = "2000";
    private static final String LOCK_MS = "1000";
    private static final String IDLE_MS = "5000";

    private final Database database;
    private final int cap;

    StoredSlices(Database database, int cap) {
        this.database = database;
        this.cap = cap;
    }

    @Override
    public Admitted admit(String tenant, String rollout, String attribute, String value) {
        try {
            return database.transact(sql -> {
                limitTime(sql);
                sql.list(
                        "SELECT pg_advisory_xact_lock(hashtextextended('edgewise slice ' || ?, 0))",
                        row -> true,
                        tenant + '/' + rollout);
                Set<String> attributes =
                        new HashSet<>(sql.list("""
                        SELECT DISTINCT attribute FROM evaluator.slice_value
                         WHERE tenant = ? AND rollout = ? AND attribute <> ?
                        """, row -> row.getString(1), tenant, rollout, Slices.DEVICE_CLASS));
                Set<String> values =
                        new HashSet<>(sql.list("""
                        SELECT value FROM evaluator.slice_value
                         WHERE tenant = ? AND rollout = ? AND attribute = ? AND value <> ?
                        """, row -> row.getString(1), tenant, rollout, attribute, Slices.OTHER));
                boolean declared = !attribute.equals(Slices.DEVICE_CLASS);
                boolean attributeFits =
                        !declared || attributes.contains(attribute) || attributes.size() < Slices.MOST_ATTRIBUTES;
                boolean isOther = value.equals(Slices.OTHER);
                if (attributeFits && (isOther || values.size() < cap)) {
                    // The row of "other" keeps the place of an attribute that has no value by name.
                    sql.update("""
                            INSERT INTO evaluator.slice_value (tenant, rollout, attribute, value) VALUES (?, ?, ?, ?)
                                ON CONFLICT DO NOTHING
                            """, tenant, rollout, attribute, value);
                    if (declared) {
                        attributes.add(attribute);
                    }
                    if (!isOther) {
                        values.add(value);
                    }
                }
                return new Admitted(attributes, values);
            });
        } catch (SQLException e) {
            throw new DatabaseTrouble("cannot admit a value of slice attribute " + attribute, e);
        }
    }

    /// The consumer waits meanwhile.
    private static void limitTime(Sql sql) throws SQLException {
        sql.list("""
                SELECT set_config('statement_timeout', ?, true), set_config('lock_timeout', ?, true),
                       set_config('idle_in_transaction_session_timeout', ?, true)
                """, row -> row.getString(1), STATEMENT_MS, LOCK_MS, IDLE_MS);
    }
}
