// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.time.Duration;

/// How long what is shown to people is kept. Evidence, which decides, is kept with its rollout and is not meant here.
public record Retention(Duration minutes, Duration hours, Duration days, Duration disagreements) {
    // Before DEFAULT, whose making reads it.
    private static final Duration SHORTEST = Duration.ofDays(1);

    public static final Retention DEFAULT =
            new Retention(Duration.ofDays(7), Duration.ofDays(90), Duration.ofDays(5 * 365 + 1), Duration.ofDays(14));

    public Retention {
        requireDay("keep-minutes", minutes);
        requireDay("keep-hours", hours);
        requireDay("keep-days", days);
        requireDay("keep-disagreements", disagreements);
        requireOrder("keep-minutes", minutes, "keep-hours", hours);
        requireOrder("keep-hours", hours, "keep-days", days);
    }

    /// Partitions that end at or before this minute are dropped.
    public long horizon(KeptTable table, long nowMs) {
        return Math.floorDiv(nowMs - kept(table).toMillis(), WindowKey.MINUTE_MS);
    }

    private Duration kept(KeptTable table) {
        return switch (table) {
            case WINDOW_MINUTE -> minutes;
            case WINDOW_HOUR -> hours;
            case WINDOW_DAY -> days;
            case DISAGREEMENT -> disagreements;
        };
    }

    private static void requireDay(String key, Duration value) {
        if (value.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "edgewise.evaluator." + key + " is " + value + "; it must be at least one day (P1D)");
        }
    }

    private static void requireOrder(String shortKey, Duration shorter, String longKey, Duration longer) {
        if (shorter.compareTo(longer) > 0) {
            throw new IllegalArgumentException("edgewise.evaluator." + shortKey + " is " + shorter
                    + ", longer than edgewise.evaluator." + longKey + " (" + longer
                    + "); keep the coarser windows at least as long as the finer ones");
        }
    }
}
