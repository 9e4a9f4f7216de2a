// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import io.edgewise.cli.table.BadInput;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// Figures as people read them.
final class Words {
    static final String NONE = "–";
    private static final double SMALLEST_P = 1e-300;

    private Words() {}

    static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /// A share with this many decimals of a percent.
    static String percent(double share, int decimals) {
        return Double.isNaN(share) ? NONE : String.format(Locale.ROOT, "%." + decimals + "f %%", 100 * share);
    }

    static String percent(double share) {
        return percent(share, 1);
    }

    static String fixed(double value, int decimals) {
        return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    static String p(double p) {
        if (Double.isNaN(p)) {
            return NONE;
        }
        if (p < SMALLEST_P) {
            return "< 1e-300";
        }
        return p < 0.001 ? String.format(Locale.ROOT, "%.1e", p) : String.format(Locale.ROOT, "%.3f", p);
    }

    static String interval(double low, double high, int decimals) {
        return String.format(Locale.ROOT, "[%." + decimals + "f, %." + decimals + "f]", 100 * low, 100 * high);
    }

    /// Four digits, whatever the size.
    static String number(double value) {
        if (Double.isNaN(value)) {
            return NONE;
        }
        if (Math.abs(value) < 1e9 && (value == Math.rint(value) || Math.abs(value) >= 1e3)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        String text = String.format(Locale.ROOT, "%.4g", value);
        return text.contains("e") || !text.contains(".")
                ? text
                : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    static String number(OptionalDouble value) {
        return value.isPresent() ? number(value.getAsDouble()) : NONE;
    }

    /// One line without what a terminal takes for orders: names come from files of anybody.
    static String plain(String text) {
        return BadInput.plain(text);
    }

    /// The same, so many characters at most.
    static String cut(String text, int longest) {
        String one = plain(text);
        return one.codePointCount(0, one.length()) <= longest
                ? one
                : one.substring(0, one.offsetByCodePoints(0, longest - 1)) + "…";
    }

    /// "a", "a and b", "a, b and c".
    static String list(List<String> parts) {
        if (parts.size() < 2) {
            return String.join("", parts);
        }
        return String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.getLast();
    }

    /// "1 column is", "2 columns are".
    static String are(long n, String one, String many) {
        return n == 1 ? "1 " + one + " is" : count(n) + " " + many + " are";
    }
}
