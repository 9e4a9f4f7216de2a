// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.cli.table.BadInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which column of a validation set holds what.
///
/// @param frontier labels that the frontier has given already
public record SetColumns(
        String text, Optional<String> truth, Optional<String> frontier, List<String> slices, List<String> sensitive) {
    private static final List<String> ROLES = List.of("text", "truth", "frontier", "slice");

    public SetColumns {
        slices = List.copyOf(slices);
        sensitive = List.copyOf(sensitive);
    }

    /// From words such as `text=COL` and `truth=COL`; the text is in the column `text` unless said otherwise.
    public static SetColumns of(List<String> map, List<String> sensitive) {
        Map<String, String> roles = new LinkedHashMap<>();
        List<String> slices = new ArrayList<>();
        for (String word : map) {
            int equals = word.indexOf('=');
            String role = equals < 0 ? word : word.substring(0, equals);
            String column = equals < 0 ? "" : word.substring(equals + 1);
            if (!ROLES.contains(role) || column.isEmpty()) {
                throw new BadInput("--map \"" + word + "\": for a set write ROLE=COLUMN, the role being one of "
                        + String.join(", ", ROLES) + ".");
            }
            if (role.equals("slice")) {
                slices.add(column);
            } else if (roles.put(role, column) != null) {
                throw new BadInput("--map names two columns for " + role + "; give one.");
            }
        }
        return new SetColumns(
                roles.getOrDefault("text", "text"),
                Optional.ofNullable(roles.get("truth")),
                Optional.ofNullable(roles.get("frontier")),
                slices,
                sensitive);
    }

    /// All columns that split the set, each once.
    public List<String> splits() {
        List<String> splits = new ArrayList<>(slices);
        sensitive.stream().filter(name -> !splits.contains(name)).forEach(splits::add);
        return splits;
    }

    /// The columns of the pairs that running the models makes.
    public PairColumns pairs() {
        return new PairColumns(
                "edge",
                "frontier",
                truth,
                Optional.of("confidence"),
                Optional.of("edge-latency"),
                Optional.of("frontier-latency"),
                Optional.empty(),
                Optional.empty(),
                slices,
                sensitive);
    }
}
