// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// Hears of new evidence. Hearing is a convenience: whoever misses a call looks a little later.
final class Notifications {
    static final String CHANNEL = "edgewise_evidence";

    private final DataSource source;
    private @Nullable Connection listening;

    Notifications(DataSource source) {
        this.source = source;
    }

    /// Waits at most so long; returns the rollouts that were named.
    Set<String> await(int millis) throws SQLException {
        PGNotification[] heard = connection().unwrap(PGConnection.class).getNotifications(Math.max(1, millis));
        Set<String> rollouts = new HashSet<>();
        for (PGNotification notification : heard == null ? new PGNotification[0] : heard) {
            for (String rollout : notification.getParameter().split(",")) {
                if (!rollout.isBlank()) {
                    rollouts.add(rollout.strip());
                }
            }
        }
        return rollouts;
    }

    /// Whoever listens looks at these soon.
    static boolean call(Sql sql, List<String> rollouts) throws SQLException {
        for (String rollout : rollouts) {
            sql.list("SELECT pg_notify(?, ?)", row -> true, CHANNEL, rollout);
        }
        return !rollouts.isEmpty();
    }

    private Connection connection() throws SQLException {
        Connection open = listening;
        if (open == null) {
            open = source.getConnection();
            listening = open;
            open.setAutoCommit(true);
            try (Statement statement = open.createStatement()) {
                statement.execute("LISTEN " + CHANNEL);
            }
        }
        return open;
    }

    void close() {
        Connection open = listening;
        listening = null;
        if (open == null) {
            return;
        }
        try (open;
                Statement statement = open.createStatement()) {
            statement.execute("UNLISTEN *");
        } catch (SQLException e) {
            // The connection is broken, so nobody listens on it any more.
            return;
        }
    }
}
