// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NeededTest {
    private static final MeanTest CLEAN = new MeanTest(Purpose.SAFE, Side.BELOW, 0.01, 0, 1);

    @Test
    void findsTheVeryObservationThatDecides() {
        long more = Needed.more(CLEAN, Values.binary(0, 100), Math.log(20)).orElseThrow();

        assertThat(CLEAN.logE(Values.binary(0, 100 + more))).isGreaterThanOrEqualTo(Math.log(20));
        assertThat(CLEAN.logE(Values.binary(0, 99 + more))).isLessThan(Math.log(20));
    }

    @Test
    void nothingIsNeededOnceDecided() {
        assertThat(Needed.more(CLEAN, Values.binary(0, 1000), Math.log(20))).hasValue(0);
    }

    @Test
    void neverIsSaidWhereTheStreamPointsTheOtherWay() {
        assertThat(Needed.more(CLEAN, Values.binary(5, 100), Math.log(20))).isEmpty();
        assertThat(Needed.more(CLEAN, Values.empty(), Math.log(20))).isEmpty();
        assertThat(Needed.more(new MeanTest(Purpose.SAFE, Side.ABOVE, 1, 0, 1), Values.binary(9, 9), 3))
                .isEmpty();
    }

    @Test
    void anyAnswerIsTheFirstThatReaches() {
        long seed = 8;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 300; i++) {
            MeanTest test = new MeanTest(Purpose.SAFE, Side.ABOVE, random.nextDouble(0.01, 0.6), 0, 1);
            long n = random.nextLong(10, 1000);
            Values soFar = Values.binary((long) (n * Math.min(1, test.limit() * random.nextDouble(0.8, 2))), n);
            OptionalLong more = Needed.more(test, soFar, 8);
            if (more.isPresent() && more.getAsLong() > 0) {
                assertThat(scaled(test, soFar, more.getAsLong()))
                        .as("seed %d case %d", seed, i)
                        .isGreaterThanOrEqualTo(8);
                assertThat(scaled(test, soFar, more.getAsLong() - 1))
                        .as("seed %d case %d", seed, i)
                        .isLessThan(8);
            } else if (more.isEmpty()) {
                assertThat(soFar.mean()).isLessThan(test.limit() * 1.1);
            }
        }
    }

    private static double scaled(MeanTest test, Values soFar, long more) {
        double[] growth = test.growth(soFar);
        for (int b = 0; b < growth.length; b++) {
            growth[b] *= 1 + (double) more / soFar.n();
        }
        return test.logE(growth);
    }
}
