// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.jdbc.Database;
import java.sql.SQLException;

/// Transactions whose failures are problems that a person can act on.
final class Transactions {
    private static final String STATEMENT_TIMED_OUT = "57014";
    private static final String UNIQUE = "23505";

    private Transactions() {}

    static <T> T run(Database database, Database.Work<T> work) {
        return run(() -> database.transact(work));
    }

    /// Reads that must see the same.
    static <T> T snapshot(Database database, Database.Work<T> work) {
        return run(() -> database.snapshot(work));
    }

    @FunctionalInterface
    private interface Running<T> {
        T run() throws SQLException;
    }

    private static <T> T run(Running<T> running) {
        try {
            return running.run();
        } catch (SQLException e) {
            if (UNIQUE.equals(e.getSQLState())) {
                throw Problem.conflict(
                        "somebody else did the same at this moment", "read the present state and try again");
            }
            throw unavailable(e);
        }
    }

    static Problem unavailable(SQLException e) {
        return Problem.unavailable(
                STATEMENT_TIMED_OUT.equals(e.getSQLState())
                        ? "the rollout is being decided on; try again in a few seconds"
                        : e.getMessage() + "; try again, and look at the server's log if it stays");
    }
}
