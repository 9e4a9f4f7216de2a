// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.runtime.jdbc.Database;
import java.sql.SQLException;
import java.time.LocalDate;

/// Keeps the judge within its daily cap, also over crashes and several processes: what a question may cost at most is
/// taken before it is asked.
final class Spending {
    private final Database database;
    private final String tenant;
    private final String currency;
    private final long cap;

    Spending(Database database, String tenant, String currency, long cap) {
        this.database = database;
        this.tenant = tenant;
        this.currency = currency;
        this.cap = cap;
    }

    /// False when the cap would be exceeded; nothing is taken then.
    boolean reserve(String workload, LocalDate day, long most) throws SQLException {
        return database.transact(sql -> {
            sql.update("""
                    INSERT INTO evaluator.judge_spending (tenant, workload, day, currency, cost_nanos)
                    VALUES (?, ?, ?, ?, 0) ON CONFLICT DO NOTHING""", tenant, workload, day, currency);
            return sql.update("""
                            UPDATE evaluator.judge_spending SET cost_nanos = cost_nanos + ?
                             WHERE tenant = ? AND workload = ? AND day = ? AND currency = ? AND cost_nanos + ? <= ?""", most, tenant, workload, day, currency, most, cap) == 1;
        });
    }

    /// What was reserved cost this in the end, which may be more where a judge counts more tokens than there are bytes.
    void settle(String workload, LocalDate day, long reserved, long cost) throws SQLException {
        database.transact(sql -> sql.update("""
                UPDATE evaluator.judge_spending SET cost_nanos = cost_nanos + ?
                 WHERE tenant = ? AND workload = ? AND day = ? AND currency = ?""", cost - reserved, tenant, workload, day, currency));
    }
}
