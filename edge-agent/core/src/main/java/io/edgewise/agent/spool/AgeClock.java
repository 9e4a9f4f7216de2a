// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.time.Duration;

/// The spool's own time, in milliseconds since it was created, by which records grow old. While the
/// process runs it follows the monotonic clock, so that no jump of the wall clock makes a record old; of
/// the time between two lives it believes the wall clock half of the age bound at most, so that one wrong
/// clock cannot expire what is new.
final class AgeClock {
    private final Surroundings surroundings;
    private final long baseMs;
    private final long startNanos;

    /// Where it stood when it was last written down, and the wall clock then.
    record Mark(long ageMs, long wallMs) {}

    AgeClock(Surroundings surroundings, Mark last, Duration age) {
        this.surroundings = surroundings;
        this.startNanos = surroundings.nanos().getAsLong();
        long away = surroundings.wallMs().getAsLong() - last.wallMs();
        this.baseMs = last.ageMs() + Math.clamp(away, 0, age.toMillis() / 2);
    }

    long nowMs() {
        return baseMs + Math.max(0, surroundings.nanos().getAsLong() - startNanos) / 1_000_000;
    }

    Mark mark() {
        return new Mark(nowMs(), surroundings.wallMs().getAsLong());
    }
}
