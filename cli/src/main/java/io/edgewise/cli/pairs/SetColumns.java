// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import java.util.ArrayList;
import java.util.List;
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
        RoleMap roles = RoleMap.of("a set", ROLES, map);
        return new SetColumns(
                roles.column("text").orElse("text"),
                roles.column("truth"),
                roles.column("frontier"),
                roles.slices(),
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
                Optional.empty(),
                slices,
                sensitive);
    }
}
