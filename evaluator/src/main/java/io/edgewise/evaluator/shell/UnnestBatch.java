// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.runtime.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Rows on their way into one statement, as one array per column: "FROM unnest(?, ?) AS fresh(a, b)".
final class UnnestBatch {
    private final String[] types;
    private final List<List<Object>> columns = new ArrayList<>();

    UnnestBatch(String... types) {
        this.types = types;
        for (int i = 0; i < types.length; i++) {
            columns.add(new ArrayList<>());
        }
    }

    void add(Object... values) {
        if (values.length != types.length) {
            throw new IllegalArgumentException(values.length + " values for " + types.length + " columns");
        }
        for (int i = 0; i < values.length; i++) {
            columns.get(i).add(values[i]);
        }
    }

    int size() {
        return columns.getFirst().size();
    }

    boolean isEmpty() {
        return size() == 0;
    }

    Object[] arrays(Connection connection) throws SQLException {
        Object[] arrays = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            List<Object> column = columns.get(i);
            Object[] values = types[i].equals("bytea") ? column.toArray(new byte[0][]) : column.toArray();
            arrays[i] = connection.createArrayOf(types[i], values);
        }
        return arrays;
    }

    /// Writes all rows; anything but one row written for each is a bug.
    void write(Sql sql, String statement) throws SQLException {
        if (isEmpty()) {
            return;
        }
        int written = sql.update(statement, arrays(sql.connection()));
        if (written != size()) {
            throw new IllegalStateException(
                    "expected to write " + size() + " rows, wrote " + written + " by: " + statement);
        }
    }
}
