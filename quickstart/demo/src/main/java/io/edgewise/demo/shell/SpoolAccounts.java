// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/// How far the server has accounted for each spool, from the view that the evaluator publishes.
final class SpoolAccounts {
    private static final String ACCOUNTS =
            "select device, kind, epoch, through from evaluator.published_account where tenant = ?";
    private static final int QUERY_SECONDS = 5;

    private final DataSource database;

    SpoolAccounts(DataSource database) {
        this.database = database;
    }

    /// A spool's lane, by what identifies it.
    record Lane(String device, String kind, long epoch) {}

    /// Where a spool stands.
    record Mark(Lane lane, long lastSeq) {}

    /// Whether everything up to these marks is accounted for.
    boolean reach(String tenant, Collection<Mark> marks) throws SQLException {
        Map<Lane, Long> through = new HashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ACCOUNTS)) {
            statement.setQueryTimeout(QUERY_SECONDS);
            statement.setString(1, tenant);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    through.put(
                            new Lane(rows.getString("device"), rows.getString("kind"), rows.getLong("epoch")),
                            rows.getLong("through"));
                }
            }
        }
        return reach(through, marks);
    }

    static boolean reach(Map<Lane, Long> through, Collection<Mark> marks) {
        return marks.stream().allMatch(mark -> through.getOrDefault(mark.lane(), 0L) >= mark.lastSeq());
    }
}
