// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Reads numbers from bytes: the double nearest to the decimal, as [Double#parseDouble] gives it, mostly
/// without its cost.
///
/// Up to 18 digits and a power of ten up to 22 are one division or multiplication of two numbers that doubles
/// hold, with what rounding lost added back; where that sum lies too near to the middle of two doubles, and
/// for everything longer, the library decides.
public final class Numbers {
    /// What pandas takes for a missing number.
    private static final Set<String> MISSING = Set.of(
            "",
            "NA",
            "N/A",
            "#N/A",
            "#N/A N/A",
            "n/a",
            "<NA>",
            "NaN",
            "nan",
            "-NaN",
            "-nan",
            "#NA",
            "NULL",
            "null",
            "None",
            "1.#IND",
            "1.#QNAN",
            "-1.#IND",
            "-1.#QNAN");
    private static final Set<String> INFINITE = Set.of("inf", "Inf", "INF", "infinity", "Infinity");
    private static final double[] TENS = new double[23];
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int DIGITS = 18;
    private static final int LONGEST = 400;

    /// How far the small correction itself may be off, relative to it.
    private static final double SLACK = 0x1p-45;

    static {
        double ten = 1;
        for (int i = 0; i < TENS.length; i++) {
            TENS[i] = ten;
            ten *= 10;
        }
    }

    private boolean isNumber;

    /// Whether the last text read was a number, or said that there is none.
    public boolean isNumber() {
        return isNumber;
    }

    /// A number that needs no reading.
    double take(double number) {
        isNumber = true;
        return number;
    }

    /// The number; NaN where it is missing, or where the text is no number.
    public double read(byte[] b, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && b[from] == ' ') {
            from++;
        }
        while (from < to && b[to - 1] == ' ') {
            to--;
        }
        isNumber = true;
        int p = from;
        boolean negative = p < to && b[p] == '-';
        p += negative || p < to && b[p] == '+' ? 1 : 0;
        long digits = 0;
        int first = p;
        while (p < to && isDigit(b[p])) {
            digits = 10 * digits + (b[p++] - '0');
        }
        int count = p - first;
        int scale = 0;
        if (p < to && b[p] == '.') {
            int point = ++p;
            while (to - p >= Long.BYTES && areDigits((long) LONGS.get(b, p))) {
                digits = 100_000_000 * digits + value((long) LONGS.get(b, p));
                p += Long.BYTES;
            }
            while (p < to && isDigit(b[p])) {
                digits = 10 * digits + (b[p++] - '0');
            }
            scale = point - p;
            count -= scale;
        }
        if (count == 0 || count > DIGITS) {
            return slow(b, from, to);
        }
        if (p < to && (b[p] == 'e' || b[p] == 'E')) {
            int exponent = exponent(b, p + 1, to);
            if (exponent == Integer.MIN_VALUE) {
                return slow(b, from, to);
            }
            scale += exponent;
            p = to;
        }
        if (p < to || scale < -22 || scale > 22) {
            return slow(b, from, to);
        }
        double value = scale == 0 ? digits : scaled(digits, scale);
        if (Double.isNaN(value)) {
            return slow(b, from, to);
        }
        return negative ? -value : value;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /// Whether eight bytes are digits: their high halves are all 3, also after adding 6 to the low ones.
    private static boolean areDigits(long eight) {
        return (eight & 0xF0F0F0F0F0F0F0F0L) == 0x3030303030303030L
                && (eight + 0x0606060606060606L & 0xF0F0F0F0F0F0F0F0L) == 0x3030303030303030L;
    }

    /// The number that eight digits write, the first in the lowest byte: neighbours are joined to pairs, pairs to
    /// fours, fours to the whole.
    private static long value(long eight) {
        long pairs = (eight & 0x0F0F0F0F0F0F0F0FL) * 2561 >>> 8;
        long fours = (pairs & 0x00FF00FF00FF00FFL) * 6553601 >>> 16;
        return (fours & 0x0000FFFF0000FFFFL) * 42949672960001L >>> 32;
    }

    /// digits · 10^scale, or NaN where the nearest double is in doubt.
    private static double scaled(long digits, int scale) {
        double high = digits;
        double low = digits - (long) high;
        double rough;
        double rest;
        if (scale < 0) {
            double ten = TENS[-scale];
            rough = high / ten;
            rest = (Math.fma(-rough, ten, high) + low) / ten;
        } else {
            double ten = TENS[scale];
            rough = high * ten;
            rest = Math.fma(high, ten, -rough) + low * ten;
        }
        double doubt = Math.abs(rest) * SLACK;
        double value = rough + rest;
        return rough + (rest - doubt) == value && rough + (rest + doubt) == value ? value : Double.NaN;
    }

    private static int exponent(byte[] b, int from, int to) {
        int p = from;
        boolean negative = p < to && b[p] == '-';
        p += negative || p < to && b[p] == '+' ? 1 : 0;
        if (p == to || to - p > 3) {
            return Integer.MIN_VALUE;
        }
        int exponent = 0;
        while (p < to) {
            if (b[p] < '0' || b[p] > '9') {
                return Integer.MIN_VALUE;
            }
            exponent = 10 * exponent + (b[p++] - '0');
        }
        return negative ? -exponent : exponent;
    }

    private double slow(byte[] b, int from, int to) {
        if (to - from > LONGEST) {
            return none();
        }
        String text = new String(b, from, to - from, StandardCharsets.ISO_8859_1);
        if (MISSING.contains(text)) {
            return Double.NaN;
        }
        String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (INFINITE.contains(unsigned)) {
            return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        for (int i = 0; i < text.length(); i++) {
            if ("+-.0123456789eE".indexOf(text.charAt(i)) < 0) {
                return none();
            }
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return none();
        }
    }

    private double none() {
        isNumber = false;
        return Double.NaN;
    }
}
