// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Optional;

/// How long a stored window is. A window of one level is the sum of the windows of the level below that it covers.
public enum Level {
    MINUTE(1, KeptTable.WINDOW_MINUTE),
    HOUR(60, KeptTable.WINDOW_HOUR),
    DAY(24 * 60, KeptTable.WINDOW_DAY);

    private final int minutes;
    private final KeptTable table;

    Level(int minutes, KeptTable table) {
        this.minutes = minutes;
        this.table = table;
    }

    public int minutes() {
        return minutes;
    }

    public KeptTable table() {
        return table;
    }

    /// As it is written in the database.
    public String word() {
        return switch (this) {
            case MINUTE -> "minute";
            case HOUR -> "hour";
            case DAY -> "day";
        };
    }

    public static Level of(String word) {
        for (Level level : values()) {
            if (level.word().equals(word)) {
                return level;
            }
        }
        throw new IllegalArgumentException("there is no level \"" + word
                + "\" of windows; was this database written by a newer version of the evaluator?");
    }

    /// Start of the window that holds the minute.
    public long start(long minute) {
        return Math.floorDiv(minute, (long) minutes) * minutes;
    }

    /// Empty for the longest.
    public Optional<Level> above() {
        return switch (this) {
            case MINUTE -> Optional.of(HOUR);
            case HOUR -> Optional.of(DAY);
            case DAY -> Optional.empty();
        };
    }

    /// Empty for the shortest.
    public Optional<Level> below() {
        return switch (this) {
            case MINUTE -> Optional.empty();
            case HOUR -> Optional.of(MINUTE);
            case DAY -> Optional.of(HOUR);
        };
    }
}
