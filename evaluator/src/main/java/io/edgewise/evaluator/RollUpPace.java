// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// When hours and days are made again from their parts: now and then while they last, so that long charts are current;
/// soon after their end; and a little after late data came, so that much of it is taken at once.
public record RollUpPace(long graceMs) {
    private static final long SETTLE_MS = 60_000;
    private static final long HOUR_EVERY_MS = 5 * 60_000;
    private static final long DAY_EVERY_MS = 30 * 60_000;
    private static final long LATE_MS = 30_000;

    /// For a window of the level whose parts changed now.
    public long dueMs(Level level, long start, long nowMs) {
        long settledMs = (start + level.minutes()) * WindowKey.MINUTE_MS + graceMs + settle(level);
        long every = level == Level.DAY ? DAY_EVERY_MS : HOUR_EVERY_MS;
        return nowMs < settledMs ? Math.min(nowMs + every, settledMs) : nowMs + LATE_MS;
    }

    /// A day waits for its last hour.
    private static long settle(Level level) {
        return level == Level.DAY ? 3 * SETTLE_MS : SETTLE_MS;
    }
}
