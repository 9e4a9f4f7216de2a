// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;

/// Bounds on a transaction, so that a process that stops in the middle cannot hold its locks for long.
final class Limits {
    private Limits() {}

    /// For transactions that decide.
    static void forDecision(Sql sql) throws SQLException {
        set(sql, 2, 2, 5);
    }

    static void set(Sql sql, int statementSeconds, int idleSeconds, int transactionSeconds) throws SQLException {
        sql.list("""
                SELECT set_config('statement_timeout', ?, true),
                       set_config('idle_in_transaction_session_timeout', ?, true),
                       CASE WHEN current_setting('server_version_num')::int >= 170000
                            THEN set_config('transaction_timeout', ?, true) END
                """, row -> true, statementSeconds + "s", idleSeconds + "s", transactionSeconds + "s");
    }
}
