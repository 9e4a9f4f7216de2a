// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.contracts.tally.Measures;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The rules of other tools, against figures that are known of them.
class OthersTest {
    private static final Sample SHAPE = new Sample(Measures.FEATURE + "x", true, new double[0]);

    /// One bin of 10 % that goes empty costs each of them another sum.
    @Test
    void oneBinGoingEmptyCostsWhatIsKnownOfEach() {
        Sample reference =
                SHAPE.of(IntStream.range(0, 10_000).mapToDouble(i -> i % 10).toArray());
        Sample window =
                SHAPE.of(IntStream.range(0, 9_000).mapToDouble(i -> i % 9).toArray());

        // The other nine bins grow from 0.1 to 1/9: 9 (1/9 - 1/10) ln(10/9).
        double others = 0.1 * Math.log(10 / 9.0);
        assertThat(Others.evidentlyPsi(reference, window) - others).isCloseTo(0.69, within(0.005));
        assertThat(Others.decilePsi(reference, window, 1e-4) - others).isCloseTo(0.69, within(0.005));
        assertThat(Others.scouter(reference, window)).isTrue();
    }

    /// Dropping a category from 2 rows to 1 of 10,000 moves the floor.
    @Test
    void theFloorOfEmptySharesJumpsWithTheSmallestShare() {
        double two = Others.evidentlyPsi(rare(1_000, 2), rare(0, 2));
        double one = Others.evidentlyPsi(rare(1_000, 2), rare(0, 1));

        assertThat(one).isGreaterThan(2 * two);
    }

    /// One outlier widens the bins until nothing moves.
    @Test
    void poolingEqualWidthsIsBlindBesideAnOutlier() {
        SplittableRandom random = new SplittableRandom(3);
        Sample shape = new Sample(Measures.FEATURE + "x", false, new double[0]);
        Sample reference =
                shape.of(random.doubles(10_000).map(u -> random.nextGaussian()).toArray());
        double[] moved =
                random.doubles(10_000).map(u -> 0.5 + random.nextGaussian()).toArray();

        assertThat(Others.evidentlyPsi(reference, shape.of(moved))).isCloseTo(0.26, within(0.03));
        double[] outlier = Arrays.copyOf(moved, moved.length);
        outlier[0] = 100;
        assertThat(Others.evidentlyPsi(reference, shape.of(outlier))).isLessThan(0.06);
        assertThat(Others.evidentlyDefault(reference, shape.of(moved))).isTrue();
    }

    /// A rule for one sample alarms far more often than its 5 % where the reference has as few observations.
    @Test
    void theOneSampleRuleAlarmsTooOftenWhereTheReferenceIsSmall() {
        SplittableRandom random = new SplittableRandom(5);
        Sample shape = new Sample(Measures.FEATURE + "x", false, new double[0]);
        int alarms = 0;
        for (int i = 0; i < 200; i++) {
            Sample reference = shape.of(random.doubles(1_000).toArray());
            alarms += Others.scouter(reference, shape.of(random.doubles(1_000).toArray())) ? 1 : 0;
        }
        assertThat(alarms / 200.0).isBetween(0.30, 0.60);
    }

    private static Sample rare(int third, int few) {
        return SHAPE.of(IntStream.range(0, 10_000)
                .mapToDouble(i -> i < few ? 2 : i < few + third ? 1 : 0)
                .toArray());
    }
}
