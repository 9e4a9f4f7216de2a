// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.cli.table.BadInput;
import java.util.List;
import java.util.Optional;

/// Which column of a file of logged pairs holds what.
///
/// @param confidence of the edge model in its label, in [0, 1]
/// @param escalated whether the request met the frontier because the edge answer was not trusted
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
        Optional<String> escalated,
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
            "frontier-refusal",
            "escalated");

    public PairColumns {
        slices = List.copyOf(slices);
        sensitive = List.copyOf(sensitive);
    }

    /// From words such as `edge=COL` and `slice=COL`; `slice` may be said several times.
    public static PairColumns of(List<String> map, List<String> sensitive) {
        RoleMap roles = RoleMap.of("pairs", ROLES, map);
        return new PairColumns(
                needed(roles, "edge"),
                needed(roles, "frontier"),
                roles.column("truth"),
                roles.column("confidence"),
                roles.column("edge-latency"),
                roles.column("frontier-latency"),
                roles.column("edge-refusal"),
                roles.column("frontier-refusal"),
                roles.column("escalated"),
                roles.slices(),
                sensitive);
    }

    private static String needed(RoleMap roles, String role) {
        return roles.column(role)
                .orElseThrow(() -> new BadInput(
                        "--map names no column for " + role + "; pairs need edge=COLUMN and frontier=COLUMN."));
    }
}
