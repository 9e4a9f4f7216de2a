// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Map;
import java.util.Optional;

/// The first minute of each level that has not been dropped.
///
/// What belongs to a minute that is gone still counts in its hour, and in its day once the hour is gone. Such an hour
/// is never again made from its minutes, of which only the latest would be there.
public record Horizons(Map<Level, Long> from) {
    public static final Horizons NOTHING_DROPPED =
            new Horizons(Map.of(Level.MINUTE, Long.MIN_VALUE, Level.HOUR, Long.MIN_VALUE, Level.DAY, Long.MIN_VALUE));

    public Horizons {
        from = Map.copyOf(from);
        for (Level level : Level.values()) {
            if (!from.containsKey(level)) {
                throw new IllegalArgumentException("no horizon of level " + level.word()
                        + ": evaluator.window_level lacks its row; restore the row");
            }
        }
    }

    /// Where additions to a minute are stored; empty when even its day is gone.
    public Optional<Level> levelOf(long minute) {
        for (Level level : Level.values()) {
            if (level.start(minute) >= from.getOrDefault(level, 0L)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }
}
