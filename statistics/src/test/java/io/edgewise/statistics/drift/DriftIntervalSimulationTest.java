// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.reference.Counting;
import io.edgewise.statistics.reference.Limits;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How often what drift says of the populations is false: SAFE of Kolmogorov-Smirnov at its limit, and the
/// intervals of entropy and of population shares, at most as often as a rate of 5 % in 99 of 100 such series.
class DriftIntervalSimulationTest {
    private static final long SEED = 20_261_124;
    private static final double ALPHA = 0.05;
    private static final int FEW = 100;
    private static final int MANY = 4000;
    private static final String[] NAMES = {"phone", "tablet", "watch", "car", "other"};
    private static final double[] BEFORE = {0.5, 0.25, 0.15, 0.07, 0.03};
    private static final double[] NOW = {0.4, 0.3, 0.15, 0.05, 0.1};

    @Test
    void rarelySpeaksFalselyInAFewRuns() {
        kolmogorovSmirnov(FEW);
        entropy(FEW);
        shares(FEW);
    }

    @Tag("slow")
    @Test
    void kolmogorovSmirnovIsRarelySafeAtTheLimit() {
        kolmogorovSmirnov(MANY);
    }

    @Tag("slow")
    @Test
    void entropyIntervalsHoldTheTrueDifference() {
        entropy(MANY);
    }

    @Tag("slow")
    @Test
    void populationIntervalsHoldTheTrueSharesTogether() {
        shares(MANY);
    }

    /// The populations are exactly the limit apart; a hair less would make SAFE true.
    private static void kolmogorovSmirnov(int runs) {
        double limit = 0.3;
        few("SAFE at the limit", runs, r -> shifted(r, 400, 300, limit).decide(limit, ALPHA) == DriftVerdict.SAFE);
        few(
                "SAFE at the limit, one side small",
                runs,
                r -> shifted(r, 2000, 150, limit).decide(limit, ALPHA) == DriftVerdict.SAFE);
        few(
                "SAFE at the limit, on cells",
                runs,
                r -> KolmogorovSmirnov.ofCells(
                                        Counting.count(uniform(r, 400, 1), LogGrid::cell),
                                        Counting.count(uniform(r, 400, 1 / (1 - limit)), LogGrid::cell))
                                .decide(limit, ALPHA)
                        == DriftVerdict.SAFE);
        assertThat(count(runs, r -> shifted(r, 1000, 1000, 0).decide(limit, ALPHA) == DriftVerdict.SAFE))
                .as("SAFE where nothing changed")
                .isEqualTo(runs);
    }

    private static KolmogorovSmirnov shifted(SplittableRandom random, int n, int m, double by) {
        return KolmogorovSmirnov.of(
                random.doubles(n).toArray(), random.doubles(m).map(u -> u + by).toArray());
    }

    /// Laws of entropy of different spread, one of them skewed.
    private static void entropy(int runs) {
        few(
                "mean entropy, even",
                runs,
                r -> misses(
                        EntropyDrift.of(
                                Counting.count(uniform(r, 200, 2), LogGrid::cell),
                                Counting.count(uniform(r, 300, 3), LogGrid::cell),
                                1 - ALPHA),
                        0.5));
        few(
                "mean entropy, skewed",
                runs,
                r -> misses(
                        EntropyDrift.of(
                                Counting.count(squares(r, 400), LogGrid::cell),
                                Counting.count(uniform(r, 150, 1), LogGrid::cell),
                                1 - ALPHA),
                        0.5 - 1.0 / 3));
        few(
                "distribution of entropy",
                runs,
                r -> EntropyDrift.of(
                                        Counting.count(squares(r, 300), LogGrid::cell),
                                        Counting.count(squares(r, 200), LogGrid::cell),
                                        1 - ALPHA)
                                .distributions()
                                .p()
                        < ALPHA);
    }

    private static boolean misses(EntropyDrift drift, double truth) {
        return !(drift.low() <= truth && truth <= drift.high());
    }

    /// All intervals of a kind read together, each at confidence 1 - α/K: any miss counts.
    private static void shares(int runs) {
        double each = 1 - ALPHA / NAMES.length;
        few(
                "shares",
                runs,
                r -> PopulationShares.of(draw(r, 800, BEFORE), draw(r, 500, NOW), each).categories().stream()
                        .anyMatch(c -> outside(c.reference().interval(), BEFORE[place(c.name())])));
        few(
                "changes",
                runs,
                r -> PopulationShares.of(draw(r, 800, BEFORE), draw(r, 500, NOW), each).categories().stream()
                        .anyMatch(c -> outside(c.changeInterval(), NOW[place(c.name())] - BEFORE[place(c.name())])));
        few(
                "changes where nothing changed",
                runs,
                r -> PopulationShares.of(draw(r, 300, NOW), draw(r, 300, NOW), each).categories().stream()
                        .anyMatch(c -> outside(c.changeInterval(), 0)));
        few(
                "test of the whole",
                runs,
                r -> PopulationShares.of(draw(r, 300, NOW), draw(r, 300, NOW), each)
                                .test()
                                .p()
                        < ALPHA);
    }

    private static boolean outside(Interval interval, double truth) {
        return !(interval.low() <= truth && truth <= interval.high());
    }

    private static int place(String name) {
        for (int i = 0; i < NAMES.length; i++) {
            if (NAMES[i].equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException(name);
    }

    private static Map<String, Long> draw(SplittableRandom random, int n, double[] shares) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < n; i++) {
            double u = random.nextDouble();
            int at = 0;
            while (at < shares.length - 1 && u >= shares[at]) {
                u -= shares[at++];
            }
            counts.merge(NAMES[at], 1L, Long::sum);
        }
        return counts;
    }

    private static double[] uniform(SplittableRandom random, int n, double high) {
        return random.doubles(n).map(u -> u * high).toArray();
    }

    private static double[] squares(SplittableRandom random, int n) {
        return random.doubles(n).map(u -> u * u).toArray();
    }

    private static void few(String what, int runs, Predicate<SplittableRandom> speaksFalsely) {
        assertThat(count(runs, speaksFalsely))
                .as("%s: seed %d, %d runs", what, SEED, runs)
                .isLessThanOrEqualTo(Limits.mostOf(runs, ALPHA));
    }

    private static int count(int runs, Predicate<SplittableRandom> event) {
        SplittableRandom random = new SplittableRandom(SEED);
        int events = 0;
        for (int run = 0; run < runs; run++) {
            events += event.test(random) ? 1 : 0;
        }
        return events;
    }
}
