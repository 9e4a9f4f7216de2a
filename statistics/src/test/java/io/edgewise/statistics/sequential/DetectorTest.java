// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DetectorTest {
    private static final MeanTest TEST = new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1);

    @Test
    void startsFromNothing() {
        assertThat(Detector.start(TEST).logValue()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Detector.start(TEST).logM()).hasSize(16);
    }

    @Test
    void theFirstBlockCountsAsItsEvidence() {
        double[] growth = TEST.growth(Values.binary(5, 20));

        assertThat(Detector.start(TEST).next(growth).logValue()).isCloseTo(TEST.logE(growth), within(1e-12));
        assertThat(Detector.start(TEST).peek(growth))
                .isEqualTo(Detector.start(TEST).next(growth).logValue());
    }

    @Test
    void blocksWithoutObservationsCountAsTime() {
        Detector detector = Detector.start(TEST);
        for (int i = 0; i < 50; i++) {
            detector = detector.next(TEST.growth(Values.empty()));
        }
        assertThat(Math.exp(detector.logValue())).isCloseTo(50, within(1e-9));
    }

    @Test
    void findsARegressionThatBeginsLate() {
        Detector detector = Detector.start(TEST);
        double[] good = TEST.growth(Values.binary(1, 20));
        double[] bad = TEST.growth(Values.binary(6, 20));
        for (int i = 0; i < 100_000; i++) {
            detector = detector.next(good);
        }
        assertThat(detector.logValue()).isLessThan(Math.log(1e5));
        int blocks = 0;
        while (detector.logValue() < Math.log(1e7)) {
            detector = detector.next(bad);
            blocks++;
        }
        assertThat(blocks).isBetween(2, 8);
    }

    @Test
    void staysFiniteUnderOverwhelmingEvidence() {
        Detector detector = Detector.start(TEST);
        double[] growth = TEST.growth(Values.binary(1_000_000, 1_000_000));
        for (int i = 0; i < 100; i++) {
            detector = detector.next(growth);
        }
        assertThat(detector.logValue()).isFinite().isGreaterThan(1e8);
    }

    /// The recursion itself, on plain numbers: M = (M + 1) · factor, weighted.
    @Test
    void equalsTheRecursionOnPlainNumbers() {
        SplittableRandom random = new SplittableRandom(5);
        Detector detector = Detector.start(TEST);
        double[] m = new double[16];
        double[] weights = TEST.weights();
        for (int block = 0; block < 500; block++) {
            double[] growth = TEST.growth(Values.binary(random.nextInt(0, 4), 20));
            double value = 0;
            for (int b = 0; b < m.length; b++) {
                m[b] = (m[b] + 1) * Math.exp(growth[b]);
                value += weights[b] * m[b];
            }
            detector = detector.next(growth);
            assertThat(detector.logValue()).as("block %d", block).isCloseTo(Math.log(value), within(1e-9));
            assertThat(detector.crosses(5)).isEqualTo(detector.logValue() >= 5);
        }
    }

    @Test
    void looksInsideAnOpenBlockStepByStep() {
        Detector.Open open =
                Detector.start(TEST).next(TEST.growth(Values.binary(3, 20))).open();
        double[] held = open.staked();
        double[] growth = new double[16];
        for (int i = 1; i <= 60; i++) {
            double[] gains = TEST.gains(i % 3 == 0 ? 1 : 0);
            held = MeanTest.plus(held, gains);
            growth = MeanTest.plus(growth, gains);
            assertThat(open.crosses(held, 2)).isEqualTo(open.logValue(growth) >= 2);
        }
        assertThat(open.close(growth).logValue()).isEqualTo(open.logValue(growth));
    }

    @Test
    void isAValue() {
        double[] state = {0.5, 1};
        Detector detector = new Detector(state);
        state[0] = 9;
        detector.logM()[0] = 9;

        assertThat(detector).isEqualTo(new Detector(new double[] {0.5, 1})).hasToString("Detector[0.5, 1.0]");
        assertThat(detector).hasSameHashCodeAs(new Detector(new double[] {0.5, 1}));
    }

    @Test
    void goesOnFromAKeptState() {
        Detector detector = Detector.start(TEST).next(TEST.growth(Values.binary(3, 20)));
        Detector resumed = Detector.resume(TEST, detector.logM());

        assertThat(resumed).isEqualTo(detector);
        assertThat(resumed.logValue()).isEqualTo(detector.logValue());
        assertThat(resumed).isNotEqualTo(new Detector(detector.logM()));
        assertThatThrownBy(() -> Detector.resume(TEST, new double[2])).hasMessageContaining("state of 2 bets");
    }

    @Test
    void refusesWhatIsNoState() {
        assertThatThrownBy(() -> new Detector(new double[0])).hasMessageContaining("Detector.start");
        assertThatThrownBy(() -> new Detector(new double[] {Double.NaN})).hasMessageContaining("logarithms");
        assertThatThrownBy(() -> Detector.start(TEST).next(new double[2])).hasMessageContaining("growth of 2 bets");
    }
}
