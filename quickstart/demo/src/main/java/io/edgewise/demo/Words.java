// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Numbers as people read them, the same on every machine.
public final class Words {
    private static final double NANOS_PER_MICRO = 1_000;

    private Words() {}

    /// 12,345
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /// 0.5, 2, 1.25
    public static String decimal(double number) {
        String text = String.format(Locale.ROOT, "%.2f", number);
        return text.replaceAll("\\.?0+$", "");
    }

    /// 93.4 %
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    /// Basis points: 1 %, 0.5 %
    public static String share(int basisPoints) {
        return decimal(basisPoints / 100.0) + " %";
    }

    /// Microseconds: 850 µs, 4.2 ms, 182 ms, 1.25 s
    public static String latency(double micros) {
        if (micros < 1_000) {
            return Math.round(micros) + " µs";
        }
        double millis = micros / 1_000;
        if (millis < 10) {
            return String.format(Locale.ROOT, "%.1f ms", millis);
        }
        return millis < 1_000 ? Math.round(millis) + " ms" : String.format(Locale.ROOT, "%.2f s", millis / 1_000);
    }

    /// Nano-units of a currency, as millionths: 400 µUSD. Small prices stay readable.
    public static String price(double nanos, String currency) {
        double micros = nanos / NANOS_PER_MICRO;
        String pattern = micros < 10 ? "%.1f µ%s" : "%,.0f µ%s";
        return String.format(Locale.ROOT, pattern, micros, currency);
    }

    /// 7 s, 1 min 05 s
    public static String time(Duration duration) {
        long seconds = Math.max(0, duration.plusMillis(500).toSeconds());
        return seconds < 60 ? seconds + " s" : String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
    }

    /// At most `width` characters, with a mark where something was cut.
    public static String cut(String text, int width) {
        if (width <= 0) {
            return "";
        }
        return text.codePointCount(0, text.length()) <= width
                ? text
                : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }

    /// At most `lines` lines of at most `width` characters, broken at spaces; what is left over is cut.
    public static List<String> wrap(String text, int width, int lines) {
        List<String> wrapped = new ArrayList<>();
        String rest = text.strip();
        while (wrapped.size() < lines - 1 && rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int end = space > 0 ? space : width;
            wrapped.add(rest.substring(0, end));
            rest = rest.substring(end).strip();
        }
        wrapped.add(cut(rest, width));
        return List.copyOf(wrapped);
    }
}
