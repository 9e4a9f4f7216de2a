// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;

/// Bounds on a transaction, so that a process that stops in the middle cannot hold its locks for long.
final class Limits {
    /// The longest that a statement of a decision runs, waiting for a lock included.
    static final int STATEMENT_SECONDS = 2;

    /// After so long between two statements the server ends a decision's transaction: whoever stopped in between has
    /// lost it, and the next look of another instance decides.
    static final int IDLE_SECONDS = 2;

    /// The longest that a decision's transaction lasts, whatever it does (PostgreSQL 17 and later).
    static final int TRANSACTION_SECONDS = 5;

    private Limits() {}

    /// For transactions that decide.
    static void forDecision(Sql sql) throws SQLException {
        set(sql, STATEMENT_SECONDS, IDLE_SECONDS, TRANSACTION_SECONDS);
    }

    /// For people who want back: they wait for whoever looks at the rollout at this moment, as long as
    /// a look may take.
    static void forTheWayBack(Sql sql) throws SQLException {
        set(sql, 4, 2, 10);
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
