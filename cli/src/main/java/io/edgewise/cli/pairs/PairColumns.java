// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.cli.table.BadInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which column of a file of logged pairs holds what.
///
/// @param confidence of the edge model in its label, in [0, 1]
/// @param slices columns that split the traffic
/// @param sensitive columns whose groups must fare alike
public record PairColumns(
        String edge,
        String frontier,
        Optional<String> truth,
        Optional<String> confidence,
        Optional<String> edgeLatency,
        Optional<String> frontierLatency,
        Optional<String> edgeRefusal,
        Optional<String> frontierRefusal,
        List<String> slices,
        List<String> sensitive) {
    static final List<String> ROLES = List.of(
            "edge",
            "frontier",
            "truth",
            "slice",
            "confidence",
            "edge-latency",
            "frontier-latency",
            "edge-refusal",
            "frontier-refusal");

    public PairColumns {
        slices = List.copyOf(slices);
        sensitive = List.copyOf(sensitive);
    }

    /// From words such as `edge=COL` and `slice=COL`; `slice` may be said several times.
    public static PairColumns of(List<String> map, List<String> sensitive) {
        Map<String, String> roles = new LinkedHashMap<>();
        List<String> slices = new ArrayList<>();
        for (String word : map) {
            int equals = word.indexOf('=');
            String role = equals < 0 ? word : word.substring(0, equals);
            String column = equals < 0 ? "" : word.substring(equals + 1);
            if (!ROLES.contains(role) || column.isEmpty()) {
                throw new BadInput("--map \"" + word + "\": write ROLE=COLUMN, the role being one of "
                        + String.join(", ", ROLES) + ".");
            }
            if (role.equals("slice")) {
                slices.add(column);
            } else if (roles.put(role, column) != null) {
                throw new BadInput("--map names two columns for " + role + "; give one.");
            }
        }
        for (String needed : List.of("edge", "frontier")) {
            if (!roles.containsKey(needed)) {
                throw new BadInput(
                        "--map names no column for " + needed + "; pairs need edge=COLUMN and " + "frontier=COLUMN.");
            }
        }
        return new PairColumns(
                roles.getOrDefault("edge", ""),
                roles.getOrDefault("frontier", ""),
                Optional.ofNullable(roles.get("truth")),
                Optional.ofNullable(roles.get("confidence")),
                Optional.ofNullable(roles.get("edge-latency")),
                Optional.ofNullable(roles.get("frontier-latency")),
                Optional.ofNullable(roles.get("edge-refusal")),
                Optional.ofNullable(roles.get("frontier-refusal")),
                slices,
                sensitive);
    }
}
