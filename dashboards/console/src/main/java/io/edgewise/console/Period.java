// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

/// How far back the charts reach, and in what steps.
public enum Period {
    HOUR("1h", "1 h", "minute", 60, 1),
    DAY("24h", "24 h", "hour", 24 * 60, 60),
    FORTNIGHT("14d", "14 days", "hour", 14 * 24 * 60, 60);

    private final String key;
    private final String word;
    private final String unit;
    private final int minutes;
    private final int step;

    Period(String key, String word, String unit, int minutes, int step) {
        this.key = key;
        this.word = word;
        this.unit = unit;
        this.minutes = minutes;
        this.step = step;
    }

    /// An unknown word asks for the last hour.
    public static Period of(String key) {
        for (Period period : values()) {
            if (period.key.equals(key)) {
                return period;
            }
        }
        return HOUR;
    }

    /// As it stands in an address.
    public String key() {
        return key;
    }

    public int minutes() {
        return minutes;
    }

    String word() {
        return word;
    }

    /// What one point stands for.
    String unit() {
        return unit;
    }

    /// Minutes between two points.
    int step() {
        return step;
    }

    /// Below the axis.
    String tick(long minute) {
        return this == FORTNIGHT ? Format.monthDay(minute) : Format.minute(minute);
    }

    /// In a note.
    String time(long minute) {
        return this == HOUR ? Format.minute(minute) : Format.dayMinute(minute);
    }
}
