// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.testkit.SeededCases;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a window says, beside a sort of the very values and sums in plain numbers, for values that are made to hurt.
class ExactFiguresTest {
    private static final int[] PERMILLE = {500, 900, 950, 990, 999};
    private static final String[] NAMES = {"p50", "p90", "p95", "p99", "p999"};
    private static final long HOUR_US = 3_600_000_000L;
    private static final long NOW = 1_800_000_000_000L;
    private static final int BINS = 15;

    /// Latencies from a microsecond to an hour.
    private enum Law {
        CONSTANT,
        TWO_SPIKES,
        MANY_SPIKES,
        HEAVY_TAIL,
        WIDE,
        EDGES_OF_CELLS,
        SMALL_NUMBERS;

        long[] draw(int n, SplittableRandom random) {
            long base = latency(StrictMath.exp(random.nextDouble() * 22));
            long other = latency(StrictMath.exp(random.nextDouble() * 22));
            double tail = 0.2 + random.nextDouble();
            double share = random.nextDouble();
            return random.longs(n)
                    .map(seed -> {
                        SplittableRandom each = new SplittableRandom(seed);
                        return switch (this) {
                            case CONSTANT -> base;
                            case TWO_SPIKES -> each.nextDouble() < share ? base : other;
                            case MANY_SPIKES -> latency((double) base * (1 + each.nextInt(5)));
                            case HEAVY_TAIL -> latency(100 * StrictMath.pow(1 - each.nextDouble(), -1 / tail));
                            case WIDE -> latency(StrictMath.exp(each.nextDouble() * 22));
                            case EDGES_OF_CELLS ->
                                latency(LogGrid.lower(LogGrid.cell((double) base) + each.nextInt(3))
                                        + each.nextInt(3)
                                        - 1);
                            case SMALL_NUMBERS -> 1 + each.nextInt(40);
                        };
                    })
                    .toArray();
        }

        private static long latency(double value) {
            return Math.clamp(Math.round(value), 1, HOUR_US);
        }
    }

    @Test
    void percentilesAreWithinOnePercentOfASort() {
        percentiles(4_000);
    }

    @Test
    @Tag("slow")
    void percentilesOfManyMoreSamplesAreWithinOnePercentOfASort() {
        percentiles(100_000);
    }

    private static void percentiles(int cases) {
        SeededCases.forAll(cases, random -> {
            Law law = Law.values()[random.nextInt(Law.values().length)];
            int n = random.nextInt(4) == 0 ? 1_000 + random.nextInt(1_000) : 1 + random.nextInt(300);
            long[] latencies = law.draw(n, random);
            Tally window = new Tally();
            for (long latency : latencies) {
                window.add(Measures.USER_LATENCY, LogGrid.cell((double) latency));
            }
            Map<String, Double> figures = WindowFigures.of(window);
            Arrays.sort(latencies);
            for (int i = 0; i < PERMILLE.length; i++) {
                Double shown = figures.get("latency_user_" + NAMES[i] + "_us");
                if (n < 20 || n * (1_000 - PERMILLE[i]) < 1_000) {
                    assertThat(shown).as("%s of %d", NAMES[i], n).isNull();
                } else {
                    double exact = latencies[(n * PERMILLE[i] + 999) / 1_000 - 1];
                    assertThat(shown)
                            .as("%s of %d, %s", NAMES[i], n, law)
                            .isNotNull()
                            .isBetween(exact * 0.99, exact * 1.01);
                }
            }
        });
    }

    @Test
    void agreementAndItsCalibrationAreThoseOfThePairs() {
        pairs(1_000);
    }

    @Test
    @Tag("slow")
    void agreementAndItsCalibrationOfManyMorePairs() {
        pairs(100_000);
    }

    private static void pairs(int cases) {
        SeededCases.forAll(cases, random -> {
            int n = 1 + random.nextInt(60);
            int kind = random.nextInt(4);
            double one = random.nextDouble();
            double agreeing = random.nextInt(5) / 4.0;
            LaneTools tools = Benches.tools(3);
            Book book = Benches.book(tools);
            Lane lane = Benches.lane(Inlet.OBSERVATIONS, tools, book);
            long agreed = 0;
            double[] gaps = new double[BINS];
            for (int i = 1; i <= n; i++) {
                double confidence = switch (kind) {
                    case 0 -> one;
                    case 1 -> random.nextInt(BINS + 1) / (double) BINS;
                    case 2 -> random.nextInt(2);
                    default -> random.nextDouble();
                };
                boolean agrees = random.nextDouble() < agreeing;
                agreed += agrees ? 1 : 0;
                gaps[Reliability.bin(confidence)] += confidence - (agrees ? 1 : 0);
                lane.accept(Samples.inbound(
                        i,
                        NOW,
                        Samples.pair("device-" + i % 3, i, NOW)
                                .setArms(1, Samples.challenger(agrees ? "balance" : "transfer", confidence))
                                .setComparison(Samples.agreement(agrees))
                                .build()));
            }
            Map<String, Double> figures = WindowFigures.of(window(book));

            assertThat(figures.get("agreement_share")).isEqualTo((double) agreed / n);
            assertThat(figures.get("agreement_ece"))
                    .isNotNull()
                    .isCloseTo(Arrays.stream(gaps).map(Math::abs).sum() / n, within(1e-9));
            assertThat(figures.get("agreement_ece_n")).isEqualTo(n);
        });
    }

    private static Tally window(Book book) {
        PartSums sums = new PartSums();
        book.changes().parts().forEach(sums::add);
        return sums.windows().entrySet().stream()
                .filter(entry -> entry.getKey().slice().equals("all"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
    }
}
