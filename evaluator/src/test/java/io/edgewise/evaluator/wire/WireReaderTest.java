// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.testkit.SeededCases;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WireReaderTest {
    private static final long NOW = 1_800_000_000_000L;

    private final Words words = new Words();
    private final WireReader reader = new WireReader(words);
    /// Used again and again, as in the evaluator: nothing of an earlier record may shine through.
    private final Request request = new Request();

    private int fast;
    private int sound;
    private int judged;

    /// Both directions of the law, for any bytes.
    private void obeysTheLaw(byte[] bytes) {
        boolean isFast = reader.read(bytes, NOW, request);
        Optional<Observation> message = parsed(bytes);
        boolean isSound =
                message.isPresent() && ObservationFaults.of(message.get(), NOW).isEmpty();
        judged++;
        if (isFast) {
            fast++;
            assertThat(message).as("protobuf reads it, too").isPresent();
            assertThat(ObservationFaults.of(message.get(), NOW)).isEmpty();
            SameContent.check(request, message.get());
        }
        if (isSound && message.get().getKind() != ObservationKind.OBSERVATION_KIND_DROPS) {
            sound++;
            reader.readSound(message.get().toByteArray(), request);
            SameContent.check(request, message.get());
        }
    }

    /// As the slow way decodes.
    private static Optional<Observation> parsed(byte[] bytes) {
        try {
            return Optional.of(
                    DiscardUnknownFieldsParser.wrap(Observation.parser()).parseFrom(ByteString.copyFrom(bytes)));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    @Test
    void whatAgentsSendIsReadTheFastWay() {
        SeededCases.forAll(2_000, random -> {
            byte[] bytes = FleetObservations.next(random, NOW - random.nextInt(100_000))
                    .build()
                    .toByteArray();

            assertThat(reader.read(bytes, NOW, request)).isTrue();
            SameContent.check(request, Observation.parseFrom(bytes));
            byte[] shuffled = new WireDamage(random).shuffled(bytes);
            assertThat(reader.read(shuffled, NOW, request)).isTrue();
            SameContent.check(request, Observation.parseFrom(shuffled));
        });
    }

    @Test
    void observationsOfAnyShapeObeyTheLaw() {
        SeededCases.forAll(
                8_000,
                random ->
                        obeysTheLaw(new RandomObservations(random, 60).next(NOW).toByteArray()));
        SeededCases.forAll(
                2_000,
                random ->
                        obeysTheLaw(new RandomObservations(random, 6).next(NOW).toByteArray()));

        assertThat(fast).as("read fast, of " + judged).isGreaterThan(2_000);
        assertThat(sound - fast).as("sound, but only seen so by a closer look").isGreaterThan(200);
        assertThat(judged - sound).as("with faults").isGreaterThan(2_000);
    }

    @Test
    void rewrittenFieldsObeyTheLaw() {
        SeededCases.forAll(12_000, random -> {
            byte[] bytes = start(random);
            obeysTheLaw(new WireDamage(random).rewritten(bytes));
        });

        assertThat(fast).as("read fast, of " + judged).isGreaterThan(2_000);
        assertThat(sound).isGreaterThan(fast);
        assertThat(sound).isLessThan(judged);
    }

    @Test
    void damagedBytesObeyTheLaw() {
        SeededCases.forAll(8_000, random -> {
            WireDamage damage = new WireDamage(random);
            byte[] bytes = start(random);
            obeysTheLaw(random.nextInt(4) == 0 ? damage.truncated(bytes) : damage.flipped(bytes));
        });

        assertThat(fast).as("read fast, of " + judged).isGreaterThan(1_000);
    }

    private static byte[] start(SplittableRandom random) {
        return random.nextBoolean()
                ? FleetObservations.next(random, NOW).build().toByteArray()
                : new RandomObservations(random, 200).next(NOW).toByteArray();
    }

    @Test
    void randomBytesNeverThrow() {
        SeededCases.forAll(20_000, random -> {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);

            obeysTheLaw(bytes);
            try {
                reader.readSound(bytes, request);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("cannot be read");
            }
        });
    }

    @Test
    void aTextThatIsReplacedMustBeTextToo() {
        byte[] both = behind(new byte[] {1 << 3 | 2, 1, (byte) 0xff});

        assertThat(parsed(both)).isEmpty();
        assertThat(reader.read(both, NOW, request)).isFalse();
    }

    /// protobuf's array reader takes the sign of ten bytes from the ninth.
    @Test
    void aNumberInTenBytesThatNeedsFewerIsLeftToProtobuf() {
        byte[] firstToken = {(byte) 0xc0, 1, -123, -128, -128, -128, -128, -128, -128, -128, -128, 0};
        byte[] both = behind(firstToken);

        assertThat(reader.read(both, NOW, request)).isFalse();
        obeysTheLaw(both);
    }

    private static byte[] behind(byte[] first) {
        byte[] good =
                FleetObservations.next(new SplittableRandom(1), NOW).build().toByteArray();
        byte[] both = Arrays.copyOf(first, first.length + good.length);
        System.arraycopy(good, 0, both, first.length, good.length);
        return both;
    }

    @Test
    void damageInCanonicalBytesIsNamedWithItsPlace() {
        byte[] good =
                FleetObservations.next(new SplittableRandom(1), NOW).build().toByteArray();

        assertThatThrownBy(() -> reader.readSound(Arrays.copyOf(good, good.length - 1), request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of " + (good.length - 1));
    }

    @Test
    void aRecordThatIsTooLargeIsNotRead() {
        byte[] good =
                FleetObservations.next(new SplittableRandom(1), NOW).build().toByteArray();

        assertThat(reader.read(Arrays.copyOf(good, ObservationFaults.MAX_RECORD_BYTES + 1), NOW, request))
                .isFalse();
    }

    @Test
    void equalTextsAreOneObjectUntilThereAreTooMany() {
        Word one = words.of("phone");

        assertThat(words.of("phone")).isSameAs(one);
        assertThat(words.of("")).isSameAs(Word.EMPTY);
        for (int i = 0; i < 40_000; i++) {
            assertThat(words.of("value-" + i).text()).isEqualTo("value-" + i);
        }
        assertThat(words.of("phone")).isEqualTo(one).isNotSameAs(one).hasSameHashCodeAs(one);
    }

    @Test
    void longTextsAreNotKept() {
        String longest = "x".repeat(Words.LONGEST_KEPT);

        assertThat(words.of(longest)).isSameAs(words.of(longest));
        assertThat(words.of(longest + 'x')).isEqualTo(words.of(longest + 'x')).isNotSameAs(words.of(longest + 'x'));
        assertThat(words.of(longest + 'x').text().getBytes(StandardCharsets.UTF_8))
                .hasSize(Words.LONGEST_KEPT + 1);
    }
}
