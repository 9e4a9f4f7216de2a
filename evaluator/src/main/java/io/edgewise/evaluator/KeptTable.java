// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Optional;

/// The tables that grow with time. They are cut into partitions by time, and lose whole partitions, never rows.
public enum KeptTable {
    /// A partition per UTC day.
    WINDOW_MINUTE("window_minute", "minute"),
    /// A partition per 30 days, counted from 1970.
    WINDOW_HOUR("window_hour", "hour"),
    /// A partition per UTC year.
    WINDOW_DAY("window_day", "day"),
    /// A partition per UTC day.
    DISAGREEMENT("disagreement", "");

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final int DAYS_IN_BLOCK = 30;
    private static final long MINUTES_IN_DAY = 24 * 60;

    private final String table;
    private final String level;

    KeptTable(String table, String level) {
        this.table = table;
        this.level = level;
    }

    /// One partition: its minutes since 1970 from `from` (in it) to `to` (not in it).
    public record Part(String name, long from, long to) {}

    /// Without the schema.
    public String table() {
        return table;
    }

    /// Empty for a table that holds no windows.
    public Optional<Level> level() {
        return level.isEmpty() ? Optional.empty() : Optional.of(Level.of(level));
    }

    /// The partition that a minute belongs to.
    public Part part(long minute) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(minute, MINUTES_IN_DAY));
        return switch (this) {
            case WINDOW_MINUTE, DISAGREEMENT -> part(DAY.format(day), day, day.plusDays(1));
            case WINDOW_HOUR -> {
                long block = Math.floorDiv(day.toEpochDay(), (long) DAYS_IN_BLOCK) * DAYS_IN_BLOCK;
                LocalDate first = LocalDate.ofEpochDay(block);
                yield part(DAY.format(first), first, first.plusDays(DAYS_IN_BLOCK));
            }
            case WINDOW_DAY -> {
                LocalDate first = day.withDayOfYear(1);
                yield part(String.valueOf(first.getYear()), first, first.plusYears(1));
            }
        };
    }

    /// The partition of this name; empty when no partition of ours is called so.
    public Optional<Part> named(String name) {
        String prefix = table + '_';
        if (!name.startsWith(prefix)) {
            return Optional.empty();
        }
        String suffix = name.substring(prefix.length());
        try {
            LocalDate first = this == WINDOW_DAY
                    ? LocalDate.ofYearDay(ChronoField.YEAR.checkValidIntValue(Long.parseLong(suffix)), 1)
                    : LocalDate.parse(suffix, DAY);
            Part part = part(first.toEpochDay() * MINUTES_IN_DAY);
            return part.name().equals(name) ? Optional.of(part) : Optional.empty();
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Part part(String suffix, LocalDate first, LocalDate after) {
        return new Part(table + '_' + suffix, first.toEpochDay() * MINUTES_IN_DAY, after.toEpochDay() * MINUTES_IN_DAY);
    }
}
