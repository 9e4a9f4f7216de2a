// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.cli.table.BadInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which column has which role, as the words of `--map` say.
///
/// @param slices the columns of role `slice`, the only one that may be said several times
public record RoleMap(Map<String, String> columns, List<String> slices) {
    /// @param what the file is, for messages
    /// @param known the roles it has
    public static RoleMap of(String what, List<String> known, List<String> map) {
        Map<String, String> columns = new LinkedHashMap<>();
        List<String> slices = new ArrayList<>();
        for (String word : map) {
            int equals = word.indexOf('=');
            String role = equals < 0 ? word : word.substring(0, equals);
            String column = equals < 0 ? "" : word.substring(equals + 1);
            if (!known.contains(role) || column.isEmpty()) {
                throw new BadInput("--map \"" + word + "\": for " + what + " write ROLE=COLUMN, the role being one of "
                        + String.join(", ", known) + ".");
            }
            if (role.equals("slice")) {
                slices.add(column);
            } else if (columns.put(role, column) != null) {
                throw new BadInput("--map names two columns for " + role + "; give one.");
            }
        }
        return new RoleMap(columns, slices);
    }

    public Optional<String> column(String role) {
        return Optional.ofNullable(columns.get(role));
    }
}
