// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.classification.Auroc;
import io.edgewise.statistics.classification.BinnedAuroc;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConfidenceTableTest {
    @Test
    void mergesExactlyInAnyOrder() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] confidence = random.doubles(random.nextInt(1, 400)).toArray();
            boolean[] correct = CalibrationBinsTest.draw(random, confidence);
            int cut = random.nextInt(confidence.length + 1);
            ConfidenceTable whole = count(confidence, correct, 0, confidence.length);
            ConfidenceTable first = count(confidence, correct, 0, cut);
            ConfidenceTable last = count(confidence, correct, cut, confidence.length);
            ConfidenceTable back = count(confidence, correct, cut, confidence.length);
            back.merge(first);
            first.merge(last);
            first.merge(new ConfidenceTable());

            assertThat(first)
                    .as("seed %d", seed)
                    .isEqualTo(whole)
                    .isEqualTo(back)
                    .hasSameHashCodeAs(back);
            assertThat(first.encode())
                    .as("seed %d", seed)
                    .isEqualTo(whole.encode())
                    .isEqualTo(back.encode());
            assertThat(ConfidenceTable.decode(whole.encode()))
                    .as("seed %d", seed)
                    .isEqualTo(whole);
        }
    }

    /// Where every cut lies between cells, the bins are those of the whole sample.
    @Test
    void equalMassEqualsTheExactBinsWhereCutsLieBetweenCells() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int n = random.nextInt(1, 600);
            double[] confidence = random.ints(0, 1024)
                    .distinct()
                    .limit(n)
                    .mapToDouble(c -> (c + 0.25) / 1024)
                    .toArray();
            boolean[] correct = CalibrationBinsTest.draw(random, confidence);
            int bins = random.nextInt(1, 40);

            assertThat(count(confidence, correct, 0, n).equalMass(bins))
                    .as("seed %d", seed)
                    .isEqualTo(CalibrationBins.equalMass(confidence, correct, bins));
        }
    }

    @Test
    void equalMassIsNearTheExactBinsElsewhere() {
        for (long seed = 1; seed <= 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] confidence = random.doubles(20_000).map(u -> 1 - u * u / 2).toArray();
            boolean[] correct = CalibrationBinsTest.draw(random, confidence);
            CalibrationBins cells =
                    count(confidence, correct, 0, confidence.length).equalMass(15);

            assertThat(cells.total()).isEqualTo(20_000);
            assertThat(cells.bins()).isEqualTo(15);
            assertThat(cells.ece())
                    .as("seed %d", seed)
                    .isCloseTo(
                            CalibrationBins.equalMass(confidence, correct, 15).ece(), within(2e-3));
        }
    }

    @Test
    void equalConfidencesAreNeverTornApart() {
        ConfidenceTable table = new ConfidenceTable();
        for (int i = 0; i < 100; i++) {
            table.add(0.9, i % 10 != 0);
        }
        table.add(0.2, false);

        CalibrationBins bins = table.equalMass(15);
        assertThat(bins.n()).containsExactly(101);
        table.merge(table);
        assertThat(table.total()).isEqualTo(202);
    }

    @Test
    void brierIsExactUpToTheVarianceWithinCells() {
        for (long seed = 1; seed <= 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] confidence = random.doubles(500).toArray();
            boolean[] correct = CalibrationBinsTest.draw(random, confidence);
            double exact = Scores.brier(confidence, correct);

            assertThat(count(confidence, correct, 0, 500).brier())
                    .as("seed %d", seed)
                    .isBetween(exact - 2.4e-7 - 2e-9, exact + 2e-9);
        }
        assertThat(new ConfidenceTable().brier()).isNaN();
    }

    @Test
    void aurocOfCellsHoldsTheExactOne() {
        for (long seed = 1; seed <= 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] confidence = random.doubles(300).toArray();
            boolean[] correct = CalibrationBinsTest.draw(random, confidence);
            ConfidenceTable table = count(confidence, correct, 0, 300);
            BinnedAuroc binned = BinnedAuroc.of(table.correct(), table.wrong());
            double exact = Auroc.of(confidence, correct).value();

            assertThat(exact).as("seed %d", seed).isBetween(binned.low() - 1e-12, binned.high() + 1e-12);
            assertThat(binned.high() - binned.low()).as("seed %d", seed).isLessThan(0.005);
        }
    }

    @Test
    void countsTheEdges() {
        ConfidenceTable table = new ConfidenceTable();
        table.add(0, false);
        table.add(1, true);
        table.add(Math.nextDown(1.0), true);
        table.add(-0.0, true);

        assertThat(table.correct()[1023]).isEqualTo(2);
        assertThat(table.wrong()[0]).isEqualTo(1);
        assertThat(ConfidenceTable.decode(table.encode())).isEqualTo(table);
        assertThat(table.toString()).isEqualTo("ConfidenceTable[4 answers, 3 correct]");
        assertThat(ConfidenceTable.decode(new ConfidenceTable().encode())).isEqualTo(new ConfidenceTable());
        assertThat(new ConfidenceTable().encode()).containsExactly('C', 1, 0);
    }

    @Test
    void refusesWhatIsNoConfidence() {
        ConfidenceTable table = new ConfidenceTable();
        for (double bad : new double[] {Double.NaN, -0.1, 1.1, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> table.add(bad, true)).hasMessageContaining("[0, 1]");
        }
        assertThatThrownBy(() -> table.equalMass(0)).hasMessageContaining("at least 1");
    }

    @Test
    void refusesBytesItDidNotWrite() {
        ConfidenceTable table = new ConfidenceTable();
        table.add(0.5, true);
        table.add(0.75, false);
        byte[] bytes = table.encode();

        assertThatThrownBy(() -> ConfidenceTable.decode(new byte[0])).hasMessageContaining("kind");
        assertThatThrownBy(() -> ConfidenceTable.decode(new byte[] {'C', 2, 0})).hasMessageContaining("version 2");
        assertThatThrownBy(() -> ConfidenceTable.decode(new byte[] {'C', 1, (byte) 0x80, 0}))
                .hasMessageContaining("leading zeros");
        byte[] endless = new byte[14];
        Arrays.fill(endless, (byte) 0x80);
        endless[0] = 'C';
        endless[1] = 1;
        assertThatThrownBy(() -> ConfidenceTable.decode(endless)).hasMessageContaining("too long");
        assertThatThrownBy(() -> ConfidenceTable.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .hasMessageContaining("follow its end");
        for (int length = 2; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> ConfidenceTable.decode(cut)).hasMessageContaining("broken");
        }
        assertThatThrownBy(() -> ConfidenceTable.decode(new byte[] {'C', 1, 1, 1, 0, 0, 0, 0}))
                .hasMessageContaining("do not fit");
        assertThatThrownBy(() -> ConfidenceTable.decode(new byte[] {'C', 1, 1, 5, 1, 0, 1, 0}))
                .hasMessageContaining("do not fit");
        assertThatThrownBy(() -> ConfidenceTable.decode(new byte[] {'C', 1, 1, 0, 1, 0, 1, 0}))
                .hasMessageContaining("further");
    }

    /// Counts whose sum wraps around would else be read and not be written again.
    @Test
    void refusesCountsThatNobodyCanHaveCounted() {
        long most = ConfidenceTable.MOST;
        for (long[] counts : new long[][] {{Long.MAX_VALUE, Long.MAX_VALUE}, {most, 1}, {1, most}, {0, most + 1}}) {
            assertThatThrownBy(() -> ConfidenceTable.decode(encoded(counts[0], counts[1], 0, 0)))
                    .as("%s", Arrays.toString(counts))
                    .hasMessageContaining("more than " + most);
        }
        assertThatThrownBy(() -> ConfidenceTable.decode(encoded(0, 1, 0, (1 << 20) + 1)))
                .hasMessageContaining("do not fit");
        assertThatThrownBy(() -> ConfidenceTable.decode(encoded(0, most, 0, (most << 20) + 1)))
                .hasMessageContaining("do not fit");
    }

    @Test
    void whatItReadsItWritesAgain() {
        int read = 0;
        for (long seed = 1; seed <= 2000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] confidence = random.doubles(random.nextInt(1, 5)).toArray();
            byte[] bytes = count(confidence, CalibrationBinsTest.draw(random, confidence), 0, confidence.length)
                    .encode();
            bytes[random.nextInt(2, bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(ConfidenceTable.decode(bytes).encode())
                        .as("seed %d", seed)
                        .isEqualTo(bytes);
                read++;
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageStartingWith("ConfidenceTable: broken");
            }
        }
        assertThat(read).isBetween(1, 1999);
    }

    /// At the largest confidence, the largest number of answers still fits its sums.
    @Test
    void isFullBeforeItOverflowsAndStaysAsItWas() {
        long most = ConfidenceTable.MOST;
        byte[] full = encodedAt(1023, 0, most, 0, most << 30);
        ConfidenceTable table = ConfidenceTable.decode(full);
        ConfidenceTable one = new ConfidenceTable();
        one.add(0.25, false);

        assertThat(table.total()).isEqualTo(most);
        assertThat(table.encode()).isEqualTo(full);
        assertThat(table.brier()).isZero();
        assertThat(table.equalMass(15).ece()).isZero();
        assertThatThrownBy(() -> table.add(1, true)).hasMessageContaining("count shorter periods");
        assertThatThrownBy(() -> table.merge(one)).hasMessageContaining("count shorter periods");
        assertThatThrownBy(() -> one.merge(table)).hasMessageContaining("count shorter periods");
        assertThatThrownBy(() -> table.merge(table)).hasMessageContaining("count shorter periods");
        assertThat(table.encode()).isEqualTo(full);
        assertThat(one.total()).isOne();
        assertThat(one.correct()[1023]).isZero();
    }

    private static byte[] encoded(long wrong, long right, long wrongUnits, long rightUnits) {
        return encodedAt(0, wrong, right, wrongUnits, rightUnits);
    }

    private static byte[] encodedAt(int cell, long wrong, long right, long wrongUnits, long rightUnits) {
        Varints.Writer out = new Varints.Writer((byte) 'C', (byte) 1);
        for (long value : new long[] {1, cell + 1L, wrong, right, wrongUnits, rightUnits}) {
            out.put(value);
        }
        return out.bytes();
    }

    private static ConfidenceTable count(double[] confidence, boolean[] correct, int from, int to) {
        ConfidenceTable table = new ConfidenceTable();
        for (int i = from; i < to; i++) {
            table.add(confidence[i], correct[i]);
        }
        return table;
    }
}
