// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;
import org.junit.jupiter.api.Test;

class RankingTest {
    private static final List<String> NONE = List.of();

    @Test
    void topKCountsSharedItems() {
        assertThat(TopK.overlap(letters("abcd"), letters("dcxy"), 4)).isEqualTo(0.5);
        assertThat(TopK.overlap(letters("abcd"), letters("bacd"), 2)).isEqualTo(1);
        assertThat(TopK.overlap(letters("abcd"), letters("cdab"), 2)).isZero();
    }

    @Test
    void shortRankingsAreComparedToTheLengthOfTheLongerOne() {
        assertThat(TopK.overlap(letters("abc"), letters("cba"), 10)).isEqualTo(1);
        assertThat(TopK.overlap(letters("ab"), letters("abcd"), 10)).isEqualTo(0.5);
        assertThat(TopK.overlap(NONE, NONE, 10)).isEqualTo(1);
        assertThat(TopK.overlap(NONE, letters("a"), 10)).isZero();
        assertThat(TopK.averageOverlap(NONE, NONE, 10)).isEqualTo(1);
        assertThat(TopK.averageOverlap(letters("a"), NONE, 10)).isZero();
    }

    @Test
    void repeatedItemsCountOnce() {
        assertThat(TopK.overlap(letters("abcd"), letters("aaaa"), 4)).isEqualTo(0.25);
        assertThat(TopK.averageOverlap(letters("ab"), letters("aa"), 2)).isEqualTo(0.75);
        assertThat(Ndcg.agreement(letters("abc"), letters("aaa"), 3))
                .isLessThan(Ndcg.agreement(letters("abc"), letters("abx"), 3));
        assertThat(KendallTau.agreement(letters("abc"), letters("abbac"))).isEqualTo(1);
    }

    /// The rankings that Webber, Moffat and Zobel 2010 explain average overlap with, depths 1 to 7.
    @Test
    void averageOverlapsEqualTheirPublication() {
        double[] expected = {0, 0, 0.222, 0.292, 0.313, 0.317, 0.312};
        for (int k = 1; k <= 7; k++) {
            assertThat(TopK.averageOverlap(letters("abcdefg"), letters("zcavwxy"), k))
                    .as("depth %d", k)
                    .isCloseTo(expected[k - 1], within(0.0005));
        }
    }

    /// The examples in the documentation of scikit-learn's `ndcg_score`: 0.69, 0.49, and 0.35 at k = 4; more digits by
    /// the formula.
    @Test
    void ndcgEqualsScikitLearn() {
        Map<String, Double> relevance = Map.of("a", 10.0, "b", 0.0, "c", 0.0, "d", 1.0, "e", 5.0);

        assertThat(Ndcg.score(relevance, letters("edcba"), 5)).isCloseTo(0.6956940443813076, within(1e-14));
        assertThat(Ndcg.score(relevance, letters("bcdae"), 5)).isCloseTo(0.4936802, within(1e-6));
        assertThat(Ndcg.score(relevance, letters("bcdae"), 4)).isCloseTo(0.35202411006344886, within(1e-14));
        assertThat(Ndcg.score(relevance, letters("aedbc"), 4)).isEqualTo(1);
    }

    /// The common textbook example (Wikipedia, "Discounted cumulative gain"): relevances 3, 2, 3, 0, 1, 2 give a
    /// DCG of 6.861; the best order of the same six gives 7.141.
    @Test
    void ndcgEqualsTheTextbook() {
        Map<String, Double> relevance = Map.of("a", 3.0, "b", 2.0, "c", 3.0, "d", 0.0, "e", 1.0, "f", 2.0);
        assertThat(Ndcg.score(relevance, letters("abcdef"), 6)).isCloseTo(6.861 / 7.141, within(0.0002));
    }

    @Test
    void ndcgIsNotDefinedWithoutRelevantItems() {
        assertThat(Ndcg.score(Map.of("a", 0.0), letters("a"), 1)).isNaN();
        assertThat(Ndcg.score(Map.<String, Double>of(), letters("a"), 1)).isNaN();
        assertThat(Ndcg.score(Map.of("a", 1e308, "b", 1e308), letters("ab"), 2)).isEqualTo(1);
        assertThatThrownBy(() -> Ndcg.score(Map.of("a", -1.0), letters("a"), 1))
                .hasMessageContaining("item a has relevance -1.0");
        assertThatThrownBy(() -> Ndcg.score(Map.of("a", Double.NaN), letters("a"), 1))
                .hasMessageContaining("NaN");
    }

    /// Relevances 3, 2, 1: (2 + 3 / log2 3 + 1 / 2) / (3 + 2 / log2 3 + 1 / 2), by hand.
    @Test
    void ndcgAgreementTakesItsRelevancesFromTheReference() {
        assertThat(Ndcg.agreement(letters("abc"), letters("bac"), 3))
                .isCloseTo((2.5 + 3 / 1.584962500721156) / (3.5 + 2 / 1.584962500721156), within(1e-14));
        assertThat(Ndcg.agreement(letters("abcd"), letters("abdc"), 2)).isEqualTo(1);
        assertThat(Ndcg.agreement(letters("abc"), letters("xyz"), 3)).isZero();
        assertThat(Ndcg.agreement(NONE, NONE, 3)).isEqualTo(1);
        assertThat(Ndcg.agreement(NONE, letters("a"), 3)).isZero();
        assertThat(Ndcg.agreement(letters("a"), NONE, 3)).isZero();
    }

    /// The documentation and tests of `scipy.stats.kendalltau`; values of SciPy 1.17.
    @Test
    void kendallEqualsSciPy() {
        assertTau(-0.4714045207910316, "12 2 1 12 2", "1 4 7 1 0");
        assertTau(0.7378647873726218, "1 2 3 4 5", "5 6 7 8 7");
        assertTau(0.31622776601683794, "0 2 1 6 2", "1 4 7 8 0");
        assertTau(0.5111111111111111, "4 10 3 1 9 2 6 7 8 5", "5 8 6 2 10 3 9 4 7 1");
        assertTau(0.5, "1 1 2 2 3 3 4 4", "1 2 1 3 3 4 4 2");
        assertTau(1, "1 2 3 4", "1 2 3 4");
        assertTau(-1, "1 2 3 4", "4 3 2 1");
    }

    @Test
    void kendallIsNotDefinedWithoutOrder() {
        assertThat(KendallTau.tauB(new double[0], new double[0])).isNaN();
        assertThat(KendallTau.tauB(new double[] {1}, new double[] {2})).isNaN();
        assertThat(KendallTau.tauB(new double[] {1, 1}, new double[] {1, 2})).isNaN();
        assertThat(KendallTau.tauB(new double[] {1, 2}, new double[] {2, 2})).isNaN();
        assertThat(KendallTau.tauB(new double[] {1, Double.NaN, 3}, new double[] {1, 2, 3}))
                .isNaN();
        assertThat(KendallTau.tauB(
                        new double[] {Double.NEGATIVE_INFINITY, -0.0, 0.0, Double.POSITIVE_INFINITY},
                        new double[] {1, 2, 2, 3}))
                .isEqualTo(1);
        assertThatThrownBy(() -> KendallTau.tauB(new double[1], new double[2])).hasMessageContaining("1 and 2");
    }

    @Test
    void kendallEqualsItsDefinitionAndCommonsMath() {
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int n = 2 + random.nextInt(30);
            double[] x = random.ints(n, 0, 8).asDoubleStream().toArray();
            double[] y = random.ints(n, 0, 8).asDoubleStream().toArray();
            double tau = KendallTau.tauB(x, y);

            assertThat(KendallTau.tauB(y, x)).as("seed %d", seed).isEqualTo(Double.valueOf(tau));
            if (!Double.isNaN(tau)) {
                assertThat(tau).as("seed %d", seed).isBetween(-1.0, 1.0).isCloseTo(slow(x, y), within(1e-14));
                assertThat(new KendallsCorrelation().correlation(x, y))
                        .as("seed %d", seed)
                        .isCloseTo(tau, within(1e-14));
            }
        }
    }

    private static double slow(double[] x, double[] y) {
        long balance = 0;
        long left = 0;
        long right = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < i; j++) {
                int a = Double.compare(x[i], x[j]);
                int b = Double.compare(y[i], y[j]);
                balance += (long) Integer.signum(a) * Integer.signum(b);
                left += a == 0 ? 0 : 1;
                right += b == 0 ? 0 : 1;
            }
        }
        return balance / StrictMath.sqrt((double) left * right);
    }

    @Test
    void kendallOfAHundredThousandValuesDoesNotOverflow() {
        double[] x = IntStream.range(0, 100_000).asDoubleStream().toArray();
        double[] y = Arrays.stream(x).map(v -> -v).toArray();
        assertThat(KendallTau.tauB(x, x)).isEqualTo(1);
        assertThat(KendallTau.tauB(x, y)).isEqualTo(-1);
    }

    @Test
    void kendallAgreementPaysForItemsThatAreNotShared() {
        assertThat(KendallTau.agreement(letters("abc"), letters("abc"))).isEqualTo(1);
        assertThat(KendallTau.agreement(letters("abc"), letters("cba"))).isZero();
        assertThat(KendallTau.agreement(letters("abc"), letters("xyz"))).isZero();
        assertThat(KendallTau.agreement(letters("abc"), letters("ab"))).isCloseTo(2.0 / 3, within(1e-15));
        assertThat(KendallTau.agreement(letters("abcd"), letters("bacx"))).isCloseTo(2.0 / 3 * 0.6, within(1e-15));
        assertThat(KendallTau.agreement(letters("a"), letters("a"))).isEqualTo(1);
        assertThat(KendallTau.agreement(letters("ab"), letters("bx"))).isCloseTo(1.0 / 3, within(1e-15));
        assertThat(KendallTau.agreement(NONE, NONE)).isEqualTo(1);
        assertThat(KendallTau.agreement(NONE, letters("a"))).isZero();
    }

    @Test
    void everyMeasureIsBoundedAndOneForEqualRankings() {
        for (int seed = 0; seed < 1000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Integer> x = ranking(random);
            List<Integer> y = ranking(random);
            int k = 1 + random.nextInt(6);
            double[] scores = {
                TopK.overlap(x, y, k), TopK.averageOverlap(x, y, k), KendallTau.agreement(x, y), Ndcg.agreement(x, y, k)
            };
            double[] mirrored = {
                TopK.overlap(y, x, k), TopK.averageOverlap(y, x, k), KendallTau.agreement(y, x), scores[3]
            };

            assertThat(scores).as("seed %d", seed).isEqualTo(mirrored);
            for (double score : scores) {
                assertThat(score).as("seed %d", seed).isBetween(0.0, 1.0);
            }
            assertThat(TopK.overlap(x, x, k)).as("seed %d", seed).isEqualTo(1);
            assertThat(TopK.averageOverlap(x, x, k)).as("seed %d", seed).isEqualTo(1);
            assertThat(KendallTau.agreement(x, x)).as("seed %d", seed).isEqualTo(1);
            assertThat(Ndcg.agreement(x, x, k)).as("seed %d", seed).isEqualTo(1);
        }
    }

    @Test
    void refusesRankingsWithoutPlaces() {
        assertThatThrownBy(() -> TopK.overlap(NONE, NONE, 0)).hasMessageContaining("k is 0");
        assertThatThrownBy(() -> TopK.averageOverlap(NONE, NONE, -1)).hasMessageContaining("k is -1");
        assertThatThrownBy(() -> Ndcg.agreement(letters("a"), NONE, 0)).hasMessageContaining("k is 0");
        assertThatThrownBy(() -> Ndcg.agreement(NONE, NONE, 0)).hasMessageContaining("k is 0");
    }

    private static List<Integer> ranking(SplittableRandom random) {
        List<Integer> items = new ArrayList<>();
        for (int item = 0; item < 8; item++) {
            items.add(random.nextInt(items.size() + 1), item);
        }
        return items.subList(0, random.nextInt(9));
    }

    private static List<String> letters(String text) {
        return text.chars().mapToObj(Character::toString).toList();
    }

    private static void assertTau(double expected, String x, String y) {
        assertThat(KendallTau.tauB(numbers(x), numbers(y))).as(x).isCloseTo(expected, within(1e-15));
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void equalRankingsAgreeWhollyWhateverTheyRepeat() {
        for (String ranking : List.of("aa", "aab", "aba", "abcabcabcabcd", "aaaaaaaaaaaaab")) {
            List<String> items = letters(ranking);
            assertThat(TopK.overlap(items, items, 10)).as(ranking).isEqualTo(1);
            assertThat(TopK.averageOverlap(items, items, 10)).as(ranking).isEqualTo(1);
            assertThat(Ndcg.agreement(items, items, 10)).as(ranking).isEqualTo(1);
            assertThat(KendallTau.agreement(items, items)).as(ranking).isEqualTo(1);
        }
        assertThat(Ndcg.agreement(letters("aab"), letters("ab"), 3)).isEqualTo(1);
        assertThat(TopK.overlap(letters("abb"), letters("ab"), 3)).isEqualTo(1);
    }
}
