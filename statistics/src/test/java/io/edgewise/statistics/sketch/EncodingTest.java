// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EncodingTest {
    static List<Samples<?>> all() {
        return Samples.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    <A extends Accumulator<A>> void whatIsEncodedIsDecodedAndEncodesTheSame(Samples<A> samples) {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            A one = samples.of(random, seed < 3 ? seed : random.nextInt(300));
            Accumulator<?> decoded = Accumulator.decode(one.encode());

            assertThat(decoded).as("seed %s", seed).isEqualTo(one).hasSameClassAs(one);
            assertThat(decoded.encode()).as("seed %s", seed).isEqualTo(one.encode());
            assertThat(decoded).as("seed %s", seed).hasToString(one.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    <A extends Accumulator<A>> void cutOffAndTrailingBytesAreRefused(Samples<A> samples) {
        for (int seed = 0; seed < 20; seed++) {
            byte[] bytes = samples.of(new SplittableRandom(seed), 40).encode();
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> Accumulator.decode(cut))
                        .as("seed %s, %s of %s bytes", seed, length, bytes.length)
                        .isInstanceOf(IllegalArgumentException.class);
            }
            for (int more = 1; more < 20; more++) {
                byte[] trailing = Arrays.copyOf(bytes, bytes.length + more);
                assertThatThrownBy(() -> Accumulator.decode(trailing))
                        .as("seed %s, %s more", seed, more)
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    <A extends Accumulator<A>> void damagedBytesAreRefusedOrAreTheOneFormOfSomethingElse(Samples<A> samples) {
        damage(samples, 500);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("all")
    <A extends Accumulator<A>> void damagedBytesAreRefusedInManyWays(Samples<A> samples) {
        damage(samples, 30_000);
    }

    private static <A extends Accumulator<A>> void damage(Samples<A> samples, int seeds) {
        int refused = 0;
        for (int seed = 0; seed < seeds; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes =
                    samples.of(random, random.nextInt(seed % 2 == 0 ? 5 : 120)).encode();
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                int at = random.nextInt(random.nextBoolean() ? Math.min(40, bytes.length) : bytes.length);
                bytes[at] =
                        random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[at] ^ 1 << random.nextInt(8));
            }
            refused += decodes(bytes, seed) ? 0 : 1;
        }

        assertThat(refused).isPositive();
    }

    @Test
    void randomBytesNeverCrash() {
        random(20_000);
    }

    @Tag("slow")
    @Test
    void manyRandomBytesNeverCrash() {
        random(1_000_000);
    }

    private static void random(int seeds) {
        int decoded = 0;
        for (int seed = 0; seed < seeds; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = new byte[random.nextInt(48)];
            random.nextBytes(bytes);
            boolean small = random.nextBoolean();
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = i == 0 ? (byte) random.nextInt(9) : i == 1 ? 1 : small ? (byte) (bytes[i] & 3) : bytes[i];
            }
            decoded += decodes(bytes, seed) ? 1 : 0;
        }

        assertThat(decoded).isPositive();
    }

    /// Whether the bytes are an encoding; if so it must work, and be the only one.
    private static boolean decodes(byte[] bytes, int seed) {
        Accumulator<?> decoded;
        try {
            decoded = Accumulator.decode(bytes);
        } catch (IllegalArgumentException e) {
            assertThat(e).as("seed %s", seed).hasMessageMatching("(?s)\\w+: .*[.?]");
            return false;
        }
        assertThat(decoded.encode()).as("seed %s: %s", seed, decoded).isEqualTo(bytes);
        use(decoded);
        return true;
    }

    private static void use(Accumulator<?> decoded) {
        switch (decoded) {
            case ExactSum sum -> sum.add(1);
            case Moments moments ->
                assertThat(Double.isNaN(moments.variance(0)) || moments.variance(0) >= 0)
                        .isTrue();
            case QuantileSketch sketch -> sketch.toCells();
            case Distribution distribution -> {
                for (int i = 0; i < 100; i++) {
                    distribution.add(i);
                }
                assertThat(distribution.quantile(1)).isEqualTo(distribution.max());
            }
            case HeavyHitters hitters -> assertThat(hitters.top(3)).allMatch(b -> b.upper() <= hitters.total());
            case Confusion confusion -> assertThat(confusion.diagonal()).isBetween(0L, confusion.total());
            case LabelCounts counts ->
                assertThat(counts.counts())
                        .allSatisfy((label, count) -> assertThat(count).isPositive());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', no bytes",
        "00, kind 0 is unknown",
        "0801, kind 8 is unknown",
        "ff01, kind 255 is unknown",
        "01, the bytes end after 1",
        "0102, version 2 is unknown",
        "0200, version 0 is unknown",
        "01010000000000ff, 1 bytes follow behind the end",
        "0101800000000000, superfluous last byte",
        "0101ffffffffffffffffff0100000000, more than 63 bits",
        "01010000000001000101, the sum is larger than 0 values",
        "0101010000000100020001, shortest form",
        "010101000000010001, the bytes end",
        "0101010000000300, sign 3 is beyond 2",
        "010101000000018f4f0101, zero bytes 10127 is beyond",
        "0101ffffffffffffffff7fffffffffffffffff7f000000, add up to more than",
        "02010000000000010001010101, a sum of squares of no values",
        "0301000000000105000000, cell -3 holds 0",
        "0301000000000180888088080101, cell 1082130944 holds",
        "03010000000005, 5 entries are announced but only 0 bytes follow",
        "03010000000002feff070101, the bytes end",
        "0301000000000180800801, cell 65536 holds 1",
        "050100000000, 0 labels in a capacity of 0",
        "05010105000101610200, 1 bytes follow",
        "050101050101016102, error 1 cannot come of 5 observations with 2",
        "0501020100010161ff01, cannot come of",
        "070102016201016101, \"a\" stands behind \"b\"",
        "070102016101016101, \"a\" stands behind \"a\"",
        "070101016100, never counted",
        "070101018001, not UTF-8",
        "060102000001000001, stands behind a later cell",
        "060101000000, holds nothing",
        "06010101ffffffff0f01, column 4294967295 is beyond",
        "0401, the bytes end",
        "040100, a KLL sketch has at least 8 bytes"
    })
    void saysWhatIsWrong(String hex, String message) {
        assertThatThrownBy(() -> Accumulator.decode(HexFormat.of().parseHex(hex)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void bytesOfAnotherKindAreNamed() {
        assertThatThrownBy(() -> Moments.decode(new ExactSum().encode()))
                .hasMessage("Moments: the bytes hold a ExactSum; decode them as that.");
    }

    /// A change here is a change of the format: raise the version of the kind, and keep reading the old
    /// one.
    @Test
    void theFormatIsWhatItWas() {
        assertHex(new ExactSum(), "01010000000000");
        assertHex(ExactSum.of(1, 1.5, Double.NaN), "010102010000018601010a");
        assertHex(Moments.of(1, -3), "0201020000000286010108018c0201a0c0080000000000003ff0000000000000");
        assertHex(
                QuantileSketch.of(0.5, 100, 100, 0, Double.NaN, Double.POSITIVE_INFINITY), "030101010001027f01e30302");
        Distribution distribution = new Distribution();
        distribution.add(2);
        distribution.add(1);
        assertHex(
                distribution,
                "04010005010f0200080800020000000000000000080100fe070000000000"
                        + "000000f03f0000000000000040000000000000f03f0000000000000040");
        HeavyHitters hitters = new HeavyHitters(2);
        LabelCounts labels = new LabelCounts();
        Confusion confusion = new Confusion();
        for (String label : new String[] {"a", "é", "a", "a", "b"}) {
            hitters.add(label);
            labels.add(label);
            confusion.add(label.length(), label.charAt(0));
        }
        assertHex(hitters, "050102050101016102");
        assertHex(labels, "07010301610301620102c3a901");
        assertHex(confusion, "06010301610300620100e90101");
    }

    private static void assertHex(Accumulator<?> one, String hex) {
        assertThat(HexFormat.of().formatHex(one.encode())).as("%s", one).isEqualTo(hex);
    }
}
