// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/// One stage of the demo's plan. `gates` names, by guardrail, what has to hold before the next stage. The least numbers
/// of observations and devices are never scaled; only the times are.
public record PlannedStage(
        String name,
        int shareBp,
        Duration atLeast,
        Duration atMost,
        long observations,
        int devices,
        int pairingCanaryBp,
        int pairingControlBp,
        Map<String, String> gates) {
    public PlannedStage {
        gates = Map.copyOf(gates);
    }

    public boolean isShadow() {
        return shareBp == 0;
    }

    /// What happens when the stage's time is over and its gates are not satisfied.
    public String onUndecided() {
        return isShadow() ? "HOLD" : "ROLLBACK";
    }

    /// How many of the fleet's requests per second this stage learns from: all in shadow, the canary's share later.
    double learnsFrom(double requestsPerSecond) {
        return isShadow() ? requestsPerSecond : requestsPerSecond * shareBp / DemoPlan.FULL_SHARE_BP;
    }

    /// What the stage needs, in words, at a measured request rate.
    String needs(double requestsPerSecond) {
        double rate = learnsFrom(requestsPerSecond);
        return "%-6s  at least %s, and %s %s from %d devices: %s"
                .formatted(
                        name,
                        Words.time(atLeast),
                        Words.count(observations),
                        isShadow() ? "pairs" : "canary requests",
                        devices,
                        rate > 0 ? reach(rate) : "no requests arrive");
    }

    private String reach(double rate) {
        Duration time = Duration.ofMillis(Math.round(observations * 1_000 / rate));
        return "at " + String.format(Locale.ROOT, rate < 10 ? "%.1f" : "%.0f", rate) + "/s after " + Words.time(time);
    }
}
