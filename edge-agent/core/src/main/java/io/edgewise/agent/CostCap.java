// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

/// How much may be spent in an hour, in nano-units of a currency. What is under way when the cap is
/// reached is paid for; nothing new begins. Thread-safe.
final class CostCap {
    private static final long HOUR = 3_600_000_000_000L;

    private final long nanosPerHour;
    private long since;
    private long spent;

    CostCap(long nanosPerHour, long now) {
        this.nanosPerHour = nanosPerHour;
        this.since = now;
    }

    synchronized boolean isReached(long now) {
        if (now - since >= HOUR) {
            since = now;
            spent = 0;
        }
        return spent >= nanosPerHour;
    }

    synchronized void spend(long nanos) {
        spent = Math.addExact(spent, Math.max(0, nanos));
    }
}
