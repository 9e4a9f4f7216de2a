// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.nio.file.Path;

/// What the user asked for. `speed` scales the request rate and the plan's times, never a clock, window, lease or
/// latency. `temperature` is the frontier's: 0 always gives its first choice.
public record DemoOptions(
        Scenario scenario,
        int devices,
        double speed,
        double temperature,
        int port,
        Path data,
        boolean headless,
        boolean ephemeral,
        boolean browser) {
    public static final int DEVICES = 64;
    public static final int USERS_PER_DEVICE = 50;
    public static final double REQUESTS_PER_SECOND = 300;
    public static final int PORT = 8080;

    /// Two answers of the frontier to one request of the demo then differ in 2.4 of 100 cases (measured).
    public static final double TEMPERATURE = 0.3;

    /// Below this many devices, no verdict on the requests served is ever SAFE.
    public static final int DEVICES_TO_PROMOTE = 30;

    static DemoOptions defaults() {
        return new DemoOptions(
                Scenario.PROMOTE, DEVICES, 1, TEMPERATURE, PORT, Path.of(".edgewise", "demo"), false, false, true);
    }

    public double rate() {
        return REQUESTS_PER_SECOND * speed;
    }
}
