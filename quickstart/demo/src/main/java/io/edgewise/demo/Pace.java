// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How much of the wanted traffic is sent. It begins gently, for a young process is slow, and grows while requests are
/// answered as fast as they come. Where they are not, half of it is taken back and it grows slowly from then on: a
/// backlog would be measured as latency for long, and its timeouts tell of the machine, not of the models.
///
/// @param share of the full rate, at most 1
/// @param perSecond what the share grows by
/// @param atNanos when it last changed
public record Pace(double share, double perSecond, long atNanos) {
    /// From the first request to the full rate, on a machine that keeps pace.
    public static final Duration LENGTH = Duration.ofSeconds(6);

    private static final double FIRST = 0.1;
    private static final double QUICK = (1 - FIRST) / LENGTH.toSeconds();
    private static final double SLOW = QUICK / 4;
    private static final long HALVED_AT_MOST_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Requests under way, in seconds of traffic, up to which a fleet keeps pace: several times the network's median.
    private static final double CALM_SECONDS = 0.5;

    public static Pace begin(long nowNanos) {
        return new Pace(FIRST, QUICK, nowNanos);
    }

    /// What it is now, with so many requests that have no answer yet.
    public Pace at(long nowNanos, long underWay, double ratePerSecond) {
        double seconds = (double) (nowNanos - atNanos) / TimeUnit.SECONDS.toNanos(1);
        if (isKept(underWay, ratePerSecond)) {
            return new Pace(Math.min(1, share + perSecond * seconds), perSecond, nowNanos);
        }
        return nowNanos - atNanos < HALVED_AT_MOST_EVERY_NANOS
                ? this
                : new Pace(Math.max(FIRST, share / 2), SLOW, nowNanos);
    }

    /// Whether requests are answered as fast as they come.
    static boolean isKept(long underWay, double ratePerSecond) {
        return underWay <= Math.max(1, ratePerSecond * CALM_SECONDS);
    }
}
