// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextMeasuresTest {
    private static final double ULP = 1e-15;

    @Test
    void exactMatchIgnoresWritingOnly() {
        assertThat(ExactMatch.score("New  York.", "new york")).isEqualTo(1);
        assertThat(ExactMatch.score("New York", "York New")).isZero();
        assertThat(ExactMatch.score("The Denver Broncos", "Denver Broncos")).isZero();
        assertThat(ExactMatch.score("The Denver Broncos", "Denver Broncos", Normaliser.ENGLISH_ANSWER))
                .isEqualTo(1);
    }

    @Test
    void textsWithoutWordsAreComparedAsTheyStand() {
        assertThat(ExactMatch.score("", "  ")).isEqualTo(1);
        assertThat(ExactMatch.score("+", "-")).isZero();
        assertThat(ExactMatch.score("?!", " ?!\n")).isEqualTo(1);
        assertThat(ExactMatch.score("yes", "")).isZero();
        assertThat(TokenF1.score("+", "-")).isZero();
        assertThat(TokenF1.score("...", "...")).isEqualTo(1);
        assertThat(RougeL.of("+", "-").score()).isZero();
        assertThat(RougeL.of("", "")).isEqualTo(new RougeL(1, 1, 1, true));
    }

    /// Worked by hand from `compute_f1` of SQuAD's evaluate-v2.0.py; the last pair is of the metric card of `squad` in
    /// Hugging Face's evaluate.
    @Test
    void tokenF1IsSquads() {
        assertThat(TokenF1.score("Neptune Analytics", "the Neptune Analytics graph", Normaliser.ENGLISH_ANSWER))
                .isEqualTo(0.8);
        assertThat(TokenF1.score("x y", "x y z")).isEqualTo(0.8);
        assertThat(TokenF1.score("a b b", "b b b")).isCloseTo(2.0 / 3, within(ULP));
        assertThat(TokenF1.score("Denver Broncos won", "broncos, DENVER")).isEqualTo(0.8);
        assertThat(TokenF1.score("Paris", "")).isZero();
        assertThat(TokenF1.score("", "")).isEqualTo(1);
        assertThat(TokenF1.score("1976", "1976")).isEqualTo(1);
        assertThat(TokenF1.score("Beyoncé and Bruno Mars", "Beyonce")).isZero();
    }

    @Test
    void tokenF1WorksWithoutSpaces() {
        assertThat(TokenF1.score("東京都", "東京")).isEqualTo(0.8);
    }

    /// The example of rouge-score's README: precision 5/8, recall 5/9, F 0.5882352941176471.
    @Test
    void rougeLEqualsTheReadmeOfRougeScore() {
        RougeL rouge =
                RougeL.of("The quick brown fox jumps over the lazy dog", "The quick brown dog jumps on the log.");

        assertThat(rouge.precision()).isEqualTo(0.625);
        assertThat(rouge.recall()).isEqualTo(0.5555555555555556);
        assertThat(rouge.score()).isCloseTo(0.5882352941176471, within(ULP));
        assertThat(rouge.exact()).isTrue();
    }

    /// `testRougeLConsecutive`, `testRougeLNonConsecutive`, `testRougeEmpty` of rouge-score's rouge_scorer_test.py.
    @Test
    void rougeLEqualsTheTestsOfRougeScore() {
        for (String answer : List.of("testing one", "testing two")) {
            RougeL rouge = RougeL.of("testing one two", answer);
            assertThat(rouge.precision()).isEqualTo(1);
            assertThat(rouge.recall()).isCloseTo(2.0 / 3, within(ULP));
            assertThat(rouge.score()).isCloseTo(4.0 / 5, within(ULP));
        }
        assertThat(RougeL.of("testing one two", "")).isEqualTo(new RougeL(0, 0, 0, true));
    }

    /// Lin 2004, section 3.1; the documentation of tensorflow-text's `rouge_l`; that of torchmetrics' `rouge_score`.
    @Test
    void rougeLEqualsPublishedExamples() {
        assertThat(rouge("police killed the gunman", "police kill the gunman")).isEqualTo(0.75);
        assertThat(rouge("police killed the gunman", "the gunman kill police")).isEqualTo(0.5);
        assertThat(rouge("police killed the gunman", "the gunman police killed"))
                .isEqualTo(0.5);
        assertThat(rouge("delta air lines flight", "captain of the delta flight"))
                .isCloseTo(0.44444444, within(1e-8));
        assertThat(rouge("this concludes the transcript", "the 1990 transcript"))
                .isCloseTo(0.57142854, within(1e-7));
        assertThat(rouge("Is your name John", "My name is John")).isEqualTo(0.5);
    }

    @Test
    void rougeLEqualsACommonSubsequenceByDefinition() {
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String[] x = Texts.words(random, 9).strip().split(" ");
            String[] y = Texts.words(random, 9).strip().split(" ");
            if (x[0].isEmpty() || y[0].isEmpty()) {
                continue;
            }
            double expected = 2.0 * longest(x, y) / (x.length + y.length);
            assertThat(rouge(String.join(" ", x), String.join(" ", y)))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    /// Every subset of the words of x, by brute force.
    private static int longest(String[] x, String[] y) {
        int best = 0;
        for (int subset = 0; subset < 1 << x.length; subset++) {
            int from = 0;
            boolean fits = true;
            for (int i = 0; i < x.length && fits; i++) {
                if ((subset >> i & 1) == 1) {
                    while (from < y.length && !y[from].equals(x[i])) {
                        from++;
                    }
                    fits = from++ < y.length;
                }
            }
            best = fits ? Math.max(best, Integer.bitCount(subset)) : best;
        }
        return best;
    }

    @Test
    void aTextTooLongToAlignScoresAtMostItsTrueValue() {
        String x = numbers(0, 5000);
        String y = "begin " + numbers(0, 5000) + " end";

        RougeL shifted = RougeL.of(x, y);
        assertThat(shifted.exact()).isFalse();
        assertThat(shifted.score()).isGreaterThan(0.81).isLessThan(2.0 * 5000 / 10_002);
        assertThat(RougeL.of(x, x + " end")).isEqualTo(new RougeL(5000.0 / 5001, 1, 10_000.0 / 10_001, true));
        assertThat(RougeL.of(x, x).score()).isEqualTo(1);
        assertThat(RougeL.of(x, y).score()).isEqualTo(RougeL.of(y, x).score());
    }

    private static String numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    private static double rouge(String reference, String answer) {
        return RougeL.of(reference, answer).score();
    }

    @Test
    void everyMeasureLiesInTheUnitIntervalAndIsOneForEqualTexts() {
        for (int seed = 0; seed < 1000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            String x = seed % 2 == 0 ? Texts.random(random, 20) : Texts.words(random, 12);
            String y = seed % 2 == 0 ? Texts.random(random, 20) : Texts.words(random, 12);
            for (Agreement.OfText measure : Agreement.OfText.values()) {
                assertThat(measure.score(x, y)).as("%s, seed %d", measure, seed).isBetween(0.0, 1.0);
                assertThat(measure.score(x, x)).as("%s, seed %d", measure, seed).isEqualTo(1);
                boolean symmetric = measure != Agreement.OfText.WER && measure != Agreement.OfText.CER;
                if (symmetric) {
                    assertThat(measure.score(y, x))
                            .as("%s, seed %d", measure, seed)
                            .isEqualTo(measure.score(x, y));
                }
            }
            assertThat(TokenF1.score(x, y, Normaliser.WORDS))
                    .as("seed %d: order can only cost", seed)
                    .isGreaterThanOrEqualTo(rouge(x, y));
        }
    }

    @Test
    void measuresAreFoundByNameAndByDefinition() {
        assertThat(Agreement.named("token-f1")).isEqualTo(Agreement.OfText.TOKEN_F1);
        assertThat(Agreement.named("json-fields/1")).isEqualTo(Agreement.OfFields.JSON_FIELDS);
        assertThat(Agreement.all().map(Agreement::definition))
                .containsExactly(
                        "exact-label/1",
                        "normalised-exact-match/1",
                        "token-f1/1",
                        "rouge-l/1",
                        "wer/1",
                        "cer/1",
                        "json-fields/1",
                        "top-k/1",
                        "ndcg/1",
                        "kendall/1");
        for (String unknown : List.of("", "token", "token-f1/2", "/1", "TOKEN-F1")) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> Agreement.named(unknown))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there is no \"" + unknown + "\"; there are exact-label/1");
        }
    }

    @Test
    void labelsAreComparedAsTheyStand() {
        assertThat(Agreement.OfText.EXACT_LABEL.score("refund", "refund")).isEqualTo(1);
        assertThat(Agreement.OfText.EXACT_LABEL.score("refund", "Refund")).isZero();
    }

    @Test
    void measuresOfOtherKindsAreReachedByTheRegistry() {
        List<String> ranking = List.of("a", "b", "c");
        for (Agreement.OfRankings measure : Agreement.OfRankings.values()) {
            assertThat(measure.score(ranking, ranking)).as("%s", measure).isEqualTo(1);
            assertThat(measure.score(ranking, List.of("x"))).as("%s", measure).isZero();
        }
        assertThat(Agreement.OfFields.JSON_FIELDS.score(null, null)).isEqualTo(1);
    }
}
