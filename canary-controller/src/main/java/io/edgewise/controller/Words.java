// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.Locale;

/// Numbers as people read them; the same on every machine.
final class Words {
    private static final double LN_10 = StrictMath.log(10);

    private Words() {}

    /// A measured share, always to a tenth of a percent.
    static String percent(double share) {
        return number(share * 100) + " %";
    }

    /// A share that somebody chose: 85 %, 0.5 %.
    static String chosen(double share) {
        return plain(share * 100) + " %";
    }

    static String points(double difference) {
        return String.format(Locale.ROOT, "%+.1f points", difference * 100);
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    static String plain(double value) {
        String text = number(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String count(long value, String one, String many) {
        return count(value) + " " + (value == 1 ? one : many);
    }

    /// An e-value from its logarithm.
    static String e(double log) {
        if (log == Double.NEGATIVE_INFINITY) {
            return "0";
        }
        double tens = log / LN_10;
        if (tens >= 6 || tens < -3) {
            double exponent = StrictMath.floor(tens);
            double mantissa = StrictMath.exp((tens - exponent) * LN_10);
            return String.format(Locale.ROOT, "%.1fe%d", mantissa, (long) exponent);
        }
        double value = StrictMath.exp(log);
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
    }

    static String seconds(long seconds) {
        if (seconds >= 2 * 86_400) {
            return plain(seconds / 86_400.0) + " days";
        }
        if (seconds >= 2 * 3_600) {
            return plain(seconds / 3_600.0) + " h";
        }
        return seconds >= 300 ? plain(seconds / 60.0) + " min" : seconds + " s";
    }

    static String micros(double micros) {
        return micros >= 10_000
                ? String.format(Locale.ROOT, "%,.0f ms", micros / 1_000)
                : String.format(Locale.ROOT, "%.2f ms", micros / 1_000);
    }

    /// What a request may cost or use up.
    static String amount(GuardrailKind kind, double amount) {
        return kind == GuardrailKind.ENERGY ? String.format(Locale.ROOT, "%,.0f microjoules", amount) : nanos(amount);
    }

    static String nanos(double nanos) {
        return String.format(Locale.ROOT, "%,.0f nano-units", nanos);
    }
}
