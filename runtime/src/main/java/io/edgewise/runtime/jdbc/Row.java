// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/// Maps the present row of a result.
@FunctionalInterface
public interface Row<T> {
    T map(ResultSet result) throws SQLException;
}
