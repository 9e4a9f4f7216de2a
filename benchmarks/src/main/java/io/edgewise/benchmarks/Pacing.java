// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.edgewise.controller.shell.ControllerConfig;

/// The controller's settings, with those of a server where nothing else is said.
public record Pacing(long lookMillis, long idleLookMillis, long showMillis) implements ControllerConfig {
    public static final Pacing USUAL = new Pacing(500, 10_000, 1_000);

    @Override
    public String tenant() {
        return "default";
    }

    @Override
    public long restMillis() {
        return 250;
    }

    @Override
    public long outboxMillis() {
        return 250;
    }

    @Override
    public long silentSeconds() {
        return 300;
    }

    @Override
    public int keepDevicesDays() {
        return 30;
    }

    @Override
    public int checkpointMinutes() {
        return 60;
    }
}
