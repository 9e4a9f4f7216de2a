// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TallyLawTest {
    private static final int CASES = 300;
    private static final String[] NAMES = {"pairs", "latency.user", "drift.feature.tokens", "naïve"};

    @Test
    void mergingIsAssociativeAndCommutative() {
        forAll(random -> {
            Tally a = tally(random);
            Tally b = tally(random);
            Tally c = tally(random);
            assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
            assertThat(a.plus(b)).isEqualTo(b.plus(a));
            assertThat(a.plus(new Tally())).isEqualTo(a);
        });
    }

    @Test
    void subtractingUndoesMerging() {
        forAll(random -> {
            Tally a = tally(random);
            Tally b = tally(random);
            assertThat(a.plus(b).minus(b)).isEqualTo(a);
            assertThat(a.minus(a).isEmpty()).isTrue();
        });
    }

    @Test
    void equalContentHasEqualBytesInWhateverOrderItArrived() {
        forAll(random -> {
            List<int[]> additions = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                additions.add(new int[] {random.nextInt(NAMES.length), bucket(random), random.nextInt(1, 9)});
            }
            Tally one = fill(additions);
            Collections.shuffle(additions, new Random(random.nextLong()));
            assertThat(fill(additions).encode()).isEqualTo(one.encode());
        });
    }

    @Test
    void decodingGivesBackWhatWasEncoded() {
        forAll(random -> {
            Tally tally = tally(random);
            assertThat(Tally.decode(tally.encode())).isEqualTo(tally);
        });
    }

    @Test
    void damagedBytesAreRefusedAndNeverHang() {
        forAll(random -> {
            byte[] bytes = tally(random).encode();
            byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            if (damaged.length > 0) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                Tally.decode(damaged);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("tally");
            }
        });
    }

    @Test
    void measuresAreFoundByHowTheirNamesBegin() {
        Tally tally = new Tally()
                .add("drift.entropy", 1)
                .add("drift.feature.b", 1)
                .add("drift.feature.a", 1)
                .add("drift.featured", 1)
                .add("pairs", 0);

        assertThat(tally.measures("drift.feature.")).containsExactly("drift.feature.a", "drift.feature.b");
        assertThat(tally.measures("wins")).isEmpty();
        assertThat(new Tally().measures("")).isEmpty();
    }

    @Test
    void aSumWithoutRoomIsFullAndStaysSo() {
        Tally tally = new Tally().add("cost.user", 0, Long.MAX_VALUE - 5).add("cost.user", 1, 7);
        assertThat(tally.full()).isZero();

        tally.add("cost.user", 0, 6);

        assertThat(tally.get("cost.user", 0)).isEqualTo(Counts.FULL);
        assertThat(tally.full()).isEqualTo(1);
        assertThat(tally.sum("cost.user")).isEqualTo(Counts.FULL);
        Tally merged = Tally.decode(tally.plus(tally).encode());
        assertThat(merged.get("cost.user", 0)).isEqualTo(Counts.FULL);
        assertThat(merged.get("cost.user", 1)).isEqualTo(14);
    }

    @Test
    void aDifferenceOfFullSumsIsNeverTooSmall() {
        Tally before = new Tally().add("cost.user", 0, Counts.FULL).add("cost.user", 1, 10);
        Tally after = new Tally().add("cost.user", 0, Counts.FULL).add("cost.user", 1, 12);

        Tally difference = after.minus(before);

        assertThat(difference.get("cost.user", 0)).isEqualTo(Counts.FULL);
        assertThat(difference.get("cost.user", 1)).isEqualTo(2);
        assertThat(new Tally().add("pairs", 0, 5).minus(before).get("cost.user", 0))
                .isEqualTo(-Counts.FULL);
    }

    @Test
    void sumsOfWhatIsNotNegativeDoNotDependOnTheirOrderWhereTheyAreFullEither() {
        forAll(random -> {
            Tally a = large(random);
            Tally b = large(random);
            Tally c = large(random);
            assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
            assertThat(a.plus(b)).isEqualTo(b.plus(a));
        });
    }

    @Test
    void theFirstVersionWhichSpelledEveryNameIsStillRead() {
        byte[] first = {1, 5, 'p', 'a', 'i', 'r', 's', 1, 0, 6};

        assertThat(Tally.decode(first)).isEqualTo(new Tally().add("pairs", 0, 3));
        assertThat(Tally.decode(new byte[] {1}).isEmpty()).isTrue();
    }

    @Test
    void aMeasureOfANewerProgramIsRefusedByNumber() {
        assertThatThrownBy(() -> Tally.decode(new byte[] {2, 127, 1, 0, 6}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("measure number 127");
    }

    @Test
    void anotherVersionIsRefusedByName() {
        assertThatThrownBy(() -> Tally.decode(new byte[] {9}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 9");
    }

    @Test
    void blockBucketsKeepSizeAndSum() {
        for (int n = 0; n <= Measures.BLOCK_SIZE; n++) {
            for (int k = -2000; k <= 2000; k += 100) {
                int bucket = Measures.block(n, k);
                assertThat(Measures.blockSize(bucket)).isEqualTo(n);
                assertThat(Measures.blockSum(bucket)).isEqualTo(k);
            }
        }
    }

    private interface Property {
        void check(SplittableRandom random);
    }

    private static void forAll(Property property) {
        for (long seed = 1; seed <= CASES; seed++) {
            try {
                property.check(new SplittableRandom(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("fails for seed " + seed, e);
            }
        }
    }

    private static Tally fill(List<int[]> additions) {
        Tally tally = new Tally();
        additions.forEach(addition -> tally.add(NAMES[addition[0]], addition[1], addition[2]));
        return tally;
    }

    private static Tally tally(SplittableRandom random) {
        Tally tally = new Tally();
        int size = random.nextInt(80);
        for (int i = 0; i < size; i++) {
            tally.add(NAMES[random.nextInt(NAMES.length)], bucket(random), random.nextLong(-1_000_000, 1_000_000));
        }
        return tally;
    }

    /// Sums of a few of these leave 64 bits now and then.
    private static Tally large(SplittableRandom random) {
        Tally tally = new Tally();
        for (int i = random.nextInt(6); i > 0; i--) {
            tally.add(NAMES[random.nextInt(NAMES.length)], random.nextInt(2), random.nextLong(Long.MAX_VALUE));
        }
        return tally;
    }

    private static int bucket(SplittableRandom random) {
        return random.nextBoolean() ? random.nextInt(-20, 20) : random.nextInt(-1_000_100, 1_000_100);
    }
}
