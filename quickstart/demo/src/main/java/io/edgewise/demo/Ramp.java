// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;

/// Traffic begins gently: a young process is slow, and a backlog made in its first seconds would be measured as
/// latency for long.
public final class Ramp {
    public static final Duration LENGTH = Duration.ofSeconds(6);

    private static final double FIRST = 0.1;

    /// Requests under way, in seconds of traffic, up to which a fleet keeps pace: several times the network's median.
    private static final double CALM_SECONDS = 0.5;

    private Ramp() {}

    /// The share of the full rate this long after the traffic began.
    public static double share(long elapsedNanos) {
        double progress = Math.clamp((double) elapsedNanos / LENGTH.toNanos(), 0, 1);
        return FIRST + (1 - FIRST) * progress;
    }

    /// Whether requests are answered as fast as they come.
    public static boolean keepsPace(long underWay, double ratePerSecond) {
        return underWay <= Math.max(1, ratePerSecond * CALM_SECONDS);
    }
}
