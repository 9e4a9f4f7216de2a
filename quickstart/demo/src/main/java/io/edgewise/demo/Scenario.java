// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is shown: which build challenges the frontier, and how that has to end.
public enum Scenario {
    PROMOTE("promote", "edge-intent-int4", "a good INT4 build earns its way to 100 %"),
    BAD_QUANTIZATION("bad-quantization", "edge-intent-bad-int4", "a badly quantized build is rolled back by itself");

    private final String title;
    private final String challenger;
    private final String promise;

    Scenario(String title, String challenger, String promise) {
        this.title = title;
        this.challenger = challenger;
        this.promise = promise;
    }

    public static Optional<Scenario> named(String name) {
        return Arrays.stream(values())
                .filter(scenario -> scenario.title.equals(name))
                .findFirst();
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(Scenario::title).toList();
    }

    /// The name on the command line.
    public String title() {
        return title;
    }

    public String challenger() {
        return challenger;
    }

    public String promise() {
        return promise;
    }

    /// Whether a rollout that ended like this, by this last decision, did what the scenario shows: the controller by
    /// itself promotes, or rolls back because of a breach. `highestShareBp` is the largest share that the
    /// challenger ever had.
    public boolean endedWell(Ending ending, int highestShareBp, Optional<Decision> last) {
        return switch (this) {
            case PROMOTE ->
                ending == Ending.COMPLETED
                        && highestShareBp == DemoPlan.FULL_SHARE_BP
                        && last.filter(decision -> decision.isOwn("completed")).isPresent();
            case BAD_QUANTIZATION ->
                ending == Ending.ROLLED_BACK
                        && highestShareBp <= DemoPlan.FIRST_SHARE_BP
                        && last.filter(decision -> decision.isOwn("rolled_back")
                                        && !decision.breached().isEmpty())
                                .isPresent();
        };
    }
}
