// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.TreeSet;

/// A time of the week in which the share does not rise: from a time of day, on these days, until the next such time of
/// day `until`, which may be on the day after. Equal times mean the whole day.
public record Blackout(Set<DayOfWeek> days, LocalTime from, LocalTime until, ZoneId zone) {
    public Blackout {
        days = java.util.Collections.unmodifiableSet(new TreeSet<>(days.isEmpty() ? Set.of(DayOfWeek.values()) : days));
    }

    boolean covers(Instant now) {
        ZonedDateTime local = now.atZone(zone);
        LocalTime time = local.toLocalTime();
        DayOfWeek today = local.getDayOfWeek();
        if (from.equals(until)) {
            return days.contains(today);
        }
        if (from.isBefore(until)) {
            return days.contains(today) && !time.isBefore(from) && time.isBefore(until);
        }
        return days.contains(today) && !time.isBefore(from) || days.contains(today.minus(1)) && time.isBefore(until);
    }

    String words() {
        String on = days.size() == 7
                ? "every day"
                : String.join(", ", days.stream().map(DayOfWeek::name).toList());
        return on + " " + from + " to " + until + " " + zone;
    }
}
