// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

/// When to flush: usually every quarter of a second, later where flushes take long or keepers fall behind, at
/// once where much waits. Times are from one hand-over to the next.
final class FlushPace {
    private static final long SHARE = 8;
    private static final long FRESH_MS = 600;
    private static final long SLOW_FLUSH_MS = 200;
    private static final long LONGEST_PAUSE_MS = 2_000;
    private static final int STEADY_AFTER = 4;

    /// Keepers stop resting well before that ([WindowKeeper]); if it does not help, they get fewer and fuller parts.
    private static final long BEHIND_MS = 30_000;

    private static final int MOST_UNSTORED = 200_000;
    private static final int MOST_REJECTED = 500;
    private static final int MOST_SAMPLED_BYTES = 16 << 20;

    private final long intervalMs;
    private long lastMs;
    private long pauseMs;
    private final long[] tookBeforeMs = new long[STEADY_AFTER - 1];
    private int flushes;
    private boolean isKeeperBehind;
    private int unstored;

    FlushPace(long intervalMs) {
        this.intervalMs = intervalMs;
        this.pauseMs = intervalMs;
    }

    void folded(int records) {
        unstored += records;
    }

    /// Everything in memory was thrown away: what is read again is stored at once.
    void forget() {
        unstored = 0;
        lastMs = 0;
    }

    void began(long nowMs) {
        unstored = 0;
        lastMs = nowMs;
    }

    /// How long the last one took. A database is slow when four in a row were: one or two that met a
    /// checkpoint, a busy processor or the end of a minute hold back no counts.
    void took(long ms) {
        long steady = ms;
        for (long before : tookBeforeMs) {
            steady = Math.min(steady, before);
        }
        long pause = pauseAfter(ms, steady, intervalMs);
        pauseMs = isKeeperBehind ? Math.max(LONGEST_PAUSE_MS, pause) : pause;
        tookBeforeMs[flushes++ % tookBeforeMs.length] = ms;
    }

    /// How long ago keepers had added up all that flushes appended. What one part costs them hardly depends
    /// on how much is in it.
    void keeperLags(long ms) {
        isKeeperBehind = ms >= BEHIND_MS;
    }

    boolean isDue(long nowMs) {
        long since = nowMs - lastMs;
        return since < 0 || since >= pauseMs;
    }

    /// As much waits as may be held back.
    boolean isFull(long sampledBytes, int rejected) {
        return unstored >= MOST_UNSTORED || sampledBytes >= MOST_SAMPLED_BYTES || rejected >= MOST_REJECTED;
    }

    /// How long the next poll may wait for records.
    long untilDue(long nowMs, long longestMs) {
        return unstored == 0 ? longestMs : Math.clamp(lastMs + pauseMs - nowMs, 0, longestMs);
    }

    /// Flushes take an eighth of another thread's time as long as counts are fresh within a second; a database
    /// that is slow is asked less often than that, and counts are never held back for long all the same.
    ///
    /// @param steadyMs what the shortest of the last four took
    static long pauseAfter(long tookMs, long steadyMs, long intervalMs) {
        long eighth = Math.min(FRESH_MS, SHARE * tookMs);
        long slow = steadyMs > SLOW_FLUSH_MS ? Math.min(LONGEST_PAUSE_MS, 2 * steadyMs) : 0;
        return Math.max(intervalMs, Math.max(eighth, slow));
    }
}
