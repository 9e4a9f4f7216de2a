// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// Numbers of JSON as the decimals that they were written as: a double or float stands for the shortest
/// decimal that reads back as it, so 0.1 is a tenth whether a parser made a double or a `BigDecimal` of
/// it.
final class Numbers {
    /// Beyond so many digits, before or after the point, a number equals only its own value: tolerances
    /// would need differences of any length.
    private static final int MOST_DIGITS = 1000;

    private Numbers() {}

    /// |x - y| <= max(absolute, relative · max(|x|, |y|)), without rounding. False for NaN and
    /// infinities.
    static boolean close(Number x, Number y, double relative, double absolute) {
        BigDecimal left = decimal(x);
        BigDecimal right = decimal(y);
        if (left == null || right == null) {
            return false;
        }
        if (left.compareTo(right) == 0) {
            return true;
        }
        if (isLong(left) || isLong(right)) {
            return false;
        }
        BigDecimal difference = left.subtract(right).abs();
        BigDecimal largest = left.abs().max(right.abs());
        return difference.compareTo(BigDecimal.valueOf(absolute)) <= 0
                || difference.compareTo(largest.multiply(BigDecimal.valueOf(relative))) <= 0;
    }

    private static boolean isLong(BigDecimal value) {
        return value.signum() != 0 && (value.precision() > MOST_DIGITS || Math.abs((long) value.scale()) > MOST_DIGITS);
    }

    private static @Nullable BigDecimal decimal(Number number) {
        return switch (number) {
            case BigDecimal value -> value.signum() == 0 ? BigDecimal.ZERO : value;
            case BigInteger value -> new BigDecimal(value);
            case Double value -> Double.isFinite(value) ? BigDecimal.valueOf(value) : null;
            case Float value -> Float.isFinite(value) ? new BigDecimal(value.toString()) : null;
            case Byte value -> BigDecimal.valueOf(value);
            case Short value -> BigDecimal.valueOf(value);
            case Integer value -> BigDecimal.valueOf(value);
            case Long value -> BigDecimal.valueOf(value);
            default ->
                throw new IllegalArgumentException("JsonFields: a number is a "
                        + number.getClass().getName() + "; pass the number types of java.lang and java.math.");
        };
    }
}
