// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A rollout's way through a stage: when it entered, how long it stayed, and the decision that brought it there. The
/// last one is its end.
public record Passage(int stage, int shareBp, Duration entered, Duration stayed, String why) {
    private static final Set<String> ENDS = Set.of("completed", "rolled_back", "aborted");

    /// The way through the stages that a decision log tells, oldest first. A decision that changes neither stage nor
    /// share and ends nothing belongs to the passage it was made in.
    public static List<Passage> of(List<Decision> decisions, Instant begun, Instant end) {
        List<Decision> changes = new ArrayList<>();
        for (Decision decision : decisions) {
            if (changes.isEmpty()
                    || ENDS.contains(decision.kind())
                    || changes.getLast().stage() != decision.stage()
                    || changes.getLast().shareBp() != decision.shareBp()) {
                changes.add(decision);
            }
        }
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            Decision change = changes.get(i);
            Instant left = i + 1 < changes.size() ? changes.get(i + 1).at() : end;
            passages.add(new Passage(
                    change.stage(),
                    change.shareBp(),
                    Duration.between(begun, change.at()),
                    Duration.between(change.at(), left),
                    change.sentence()));
        }
        return List.copyOf(passages);
    }

    public static int highestShareBp(List<Passage> passages) {
        return passages.stream().mapToInt(Passage::shareBp).max().orElse(0);
    }
}
