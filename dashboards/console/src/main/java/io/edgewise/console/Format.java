// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalDouble;

/// Numbers and times as people read them.
final class Format {
    static final String NOTHING = "–";
    static final String NOT_ENOUGH = "not enough data";
    private static final String SPACE = "\u00a0";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MONTH_DAY =
            DateTimeFormatter.ofPattern("MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Format() {}

    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /// With one decimal; two where the value is small and not zero.
    static String percent(double share) {
        double percent = Math.rint(share * 1e8) / 1e6;
        if (percent == Math.rint(percent)) {
            return String.format(Locale.ROOT, "%.0f", percent + 0.0) + SPACE + "%";
        }
        String pattern = Math.abs(percent) < 0.1 ? "%.2f" : "%.1f";
        return String.format(Locale.ROOT, pattern, percent) + SPACE + "%";
    }

    static String percent(OptionalDouble share) {
        return share.isPresent() ? percent(share.getAsDouble()) : NOTHING;
    }

    static String share(int basisPoints) {
        String percent = basisPoints % 100 == 0 ? Integer.toString(basisPoints / 100) : plain(basisPoints / 100.0);
        return percent + SPACE + "%";
    }

    static String micros(double us) {
        if (us < 1_000) {
            return String.format(Locale.ROOT, "%.0f", us) + SPACE + "µs";
        }
        if (us < 10_000) {
            return String.format(Locale.ROOT, "%.1f", us / 1_000) + SPACE + "ms";
        }
        if (us < 1_000_000) {
            return String.format(Locale.ROOT, "%.0f", us / 1_000) + SPACE + "ms";
        }
        return String.format(Locale.ROOT, "%.2f", us / 1_000_000) + SPACE + "s";
    }

    static String micros(OptionalDouble us) {
        return us.isPresent() ? micros(us.getAsDouble()) : NOTHING;
    }

    /// A percentile of so many requests: without any it is nothing, with too few it is not known.
    static String percentile(OptionalDouble us, long requests) {
        return us.isPresent() ? micros(us.getAsDouble()) : requests > 0 ? NOT_ENOUGH : NOTHING;
    }

    /// A p-value.
    static String p(double value) {
        return value < 0.001
                ? String.format(Locale.ROOT, "%.0e", value)
                : String.format(Locale.ROOT, value < 0.1 ? "%.3f" : "%.2f", value);
    }

    /// Nano-units of one request, written for a thousand requests in whole units.
    static String perThousand(double nanosPerRequest) {
        return plain(nanosPerRequest / 1_000_000);
    }

    static String perThousand(OptionalDouble nanosPerRequest) {
        return nanosPerRequest.isPresent() ? perThousand(nanosPerRequest.getAsDouble()) : NOTHING;
    }

    /// Three significant digits without an exponent.
    static String plain(double value) {
        double size = Math.abs(value);
        if (size >= 1_000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%.0f", value + 0.0);
        }
        String pattern =
                size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : size >= 0.01 ? "%.3f" : "%.5f";
        String text = String.format(Locale.ROOT, pattern, value);
        return size < 100 ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    /// The two largest units that are not zero; never negative.
    static String duration(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        long minutes = seconds / 60;
        long hours = minutes / 60;
        if (minutes == 0) {
            return seconds + SPACE + "s";
        }
        if (hours == 0) {
            return minutes + SPACE + "min" + pair(seconds % 60, "s");
        }
        if (hours < 24) {
            return hours + SPACE + "h" + pair(minutes % 60, "min");
        }
        return hours / 24 + SPACE + "d" + pair(hours % 24, "h");
    }

    private static String pair(long amount, String unit) {
        return amount == 0 ? "" : " " + amount + SPACE + unit;
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    static String day(Instant at) {
        return DAY.format(at) + " UTC";
    }

    static String minute(long epochMinute) {
        return MINUTE.format(Instant.ofEpochSecond(Math.multiplyExact(epochMinute, 60L)));
    }

    static String monthDay(long epochMinute) {
        return MONTH_DAY.format(Instant.ofEpochSecond(Math.multiplyExact(epochMinute, 60L)));
    }

    static String dayMinute(long epochMinute) {
        return monthDay(epochMinute) + " " + minute(epochMinute);
    }

    static String words(String constant) {
        String text = constant.replace('_', ' ').replace('-', ' ').strip().toLowerCase(Locale.ROOT);
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
