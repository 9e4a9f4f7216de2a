// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Runs work in transactions on connections of a data source.
public final class Database {
    private final DataSource source;

    public Database(DataSource source) {
        this.source = source;
    }

    /// Work on one connection.
    @FunctionalInterface
    public interface Work<T> {
        T run(Sql sql) throws SQLException;
    }

    /// Commits what the work did, or nothing. A failed roll-back never hides the first failure.
    public <T> T transact(Work<T> work) throws SQLException {
        try (Connection connection = source.getConnection()) {
            boolean auto = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                T result = work.run(new Sql(connection));
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollBack(connection, e);
                throw e;
            } finally {
                restore(connection, auto);
            }
        }
    }

    /// For reads of several statements that must see the same: what is committed meanwhile is in none of them.
    public <T> T snapshot(Work<T> work) throws SQLException {
        return transact(sql -> {
            sql.update("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            return work.run(sql);
        });
    }

    /// For reads: one statement or a few that need no common snapshot.
    public <T> T read(Work<T> work) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return work.run(new Sql(connection));
        }
    }

    public DataSource source() {
        return source;
    }

    private static void rollBack(Connection connection, Throwable first) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            first.addSuppressed(e);
        }
    }

    private static void restore(Connection connection, boolean auto) {
        try {
            connection.setAutoCommit(auto);
        } catch (SQLException e) {
            // The connection is broken; the pool throws it away when it is closed.
            return;
        }
    }
}
