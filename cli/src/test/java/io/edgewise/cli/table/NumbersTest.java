// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumbersTest {
    private static final int CASES = 300_000;

    private final Numbers numbers = new Numbers();

    @Test
    void readsTheSameDoubleAsTheLibraryFromEveryDecimal() {
        long seed = Long.getLong("edgewise.seed", 20);
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            String text = decimal(random);
            assertThat(read(text)).as(text + ", seed " + seed).isEqualTo(Double.parseDouble(text));
            assertThat(numbers.isNumber()).isTrue();
        }
    }

    private static String decimal(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Double.toString(random.nextDouble());
            case 1 -> Double.toString(Double.longBitsToDouble(random.nextLong() & 0x7FEFFFFFFFFFFFFFL));
            case 2 -> Double.toString(random.nextGaussian() * 1e6);
            case 3 -> Long.toString(random.nextLong());
            case 4 -> random.nextInt(100_000) + "." + random.nextInt(1_000_000);
            default -> "-" + random.nextLong(1L << 53) + "e" + (random.nextInt(60) - 30);
        };
    }

    @Test
    void readsNumbersThatLieOnTheMiddleOfTwoDoubles() {
        for (String text : new String[] {
            "9007199254740993",
            "9007199254740993.0",
            "0.50000000000000005551",
            "1.00000000000000011102",
            "9007199254740995e2"
        }) {
            assertThat(read(text)).as(text).isEqualTo(Double.parseDouble(text));
        }
    }

    @Test
    void takesTheUsualWordsForMissingAndInfinite() {
        for (String word : new String[] {"", "NA", "NaN", "null", "None", "#N/A"}) {
            assertThat(read(word)).as(word).isNaN();
            assertThat(numbers.isNumber()).as(word).isTrue();
        }
        assertThat(read("-inf")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(read("Infinity")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(read(" 7 ")).isEqualTo(7);
        assertThat(read("+.5")).isEqualTo(0.5);
    }

    @Test
    void takesNothingElseForANumber() {
        for (String word : new String[] {"x", "1,5", "1f", "0x10", "1d", "--1", "1e", "e5", ".", "1.2.3", "1 2", "-"}) {
            read(word);
            assertThat(numbers.isNumber()).as(word).isFalse();
        }
    }

    private double read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return numbers.read(bytes, 0, bytes.length);
    }
}
