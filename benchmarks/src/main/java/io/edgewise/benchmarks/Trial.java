// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.edgewise.controller.shell.RolloutDesk;

/// Rollouts to measure on: of a workload of their own, in shadow for two days.
public final class Trial {
    private static final String PLAN = """
            {"stages": [
               {"shareBp": 0, "minSeconds": 172800, "maxSeconds": 259200, "minObservations": 1000},
               {"shareBp": 10000, "minSeconds": 86400, "maxSeconds": 172800, "minObservations": 1000}]}
            """;

    private Trial() {}

    /// Returns its id.
    public static String start(RolloutDesk desk, String workload) {
        desk.define(workload, "{\"prices\": {\"cloud\": 5000, \"edge\": 1000}}");
        desk.register(
                workload + "-int4",
                "{\"workload\": \"" + workload + "\", \"artifacts\": {\"any\": \"" + "a".repeat(64) + "\"}}");
        return desk.start("{\"workload\": \"" + workload + "\", \"champion\": {\"frontier\": \"cloud\"},"
                        + " \"challenger\": \"" + workload + "-int4\", \"plan\": " + PLAN + "}")
                .rollout();
    }
}
