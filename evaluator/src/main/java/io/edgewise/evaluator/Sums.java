// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Tally;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Additions to windows, summed per window of the level where they are stored.
public final class Sums {
    private final Horizons horizons;
    private final Map<Level, Map<PeriodKey, Tally>> sums = new EnumMap<>(Level.class);
    private long expired;

    public Sums(Horizons horizons) {
        this.horizons = horizons;
    }

    /// `minute.start()` is a minute.
    public void add(PeriodKey minute, byte[] tally) {
        Optional<Level> level = horizons.levelOf(minute.start());
        if (level.isEmpty()) {
            expired++;
        } else {
            add(level.get(), minute, tally);
        }
    }

    /// To a level of the caller's choice, whatever was dropped.
    public void add(Level level, PeriodKey part, byte[] tally) {
        Tally sum = sums.computeIfAbsent(level, unseen -> new LinkedHashMap<>())
                .computeIfAbsent(part.at(level.start(part.start())), unseen -> new Tally());
        LabelCap.merge(sum, Tally.decode(tally));
    }

    public Map<PeriodKey, Tally> of(Level level) {
        return sums.getOrDefault(level, Map.of());
    }

    /// Windows of all levels.
    public int size() {
        return sums.values().stream().mapToInt(Map::size).sum();
    }

    /// Additions to days that are gone: in no window any more.
    public long expired() {
        return expired;
    }
}
