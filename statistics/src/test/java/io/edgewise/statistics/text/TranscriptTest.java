// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscriptTest {
    /// jiwer's tests/test_measures.py (`test_known_values` from Morris et al. 2004) and docs/usage.md.
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
        X, X, 0
        X, X X Y Y, 3
        X Y X, X Z, 0.6666666666666666
        X, Y, 1
        X, Y Z, 2
        This is a test, This test, 0.5
        hello world, hello duck, 0.5
        hello this sentence is fractured, this sentence, 0.6
        i am a short ground truth, i am a considerably longer and very much incorrect hypothesis, 1.1666666666666667
        this is a test, this is a, 0.25
        """)
    void wordErrorRatesEqualThoseOfJiwer(String reference, String transcript, double expected) {
        assertThat(Transcript.words(reference, transcript, Normaliser.SPACING).rate())
                .isCloseTo(expected, within(1e-15));
        assertThat(Transcript.words(reference, transcript).rate()).isCloseTo(expected, within(1e-15));
    }

    /// jiwer's tests/test_cer.py.
    @ParameterizedTest
    @CsvSource(textBlock = """
        X, X, 0
        X, X X Y Y, 6
        X Y X, X Z, 0.6
        X, Y, 1
        X, Y Z, 3
        This is a test, This test, 0.35714285714285715
        """)
    void characterErrorRatesEqualThoseOfJiwer(String reference, String transcript, double expected) {
        assertThat(Transcript.characters(reference, transcript, Normaliser.SPACING)
                        .rate())
                .isCloseTo(expected, within(1e-15));
    }

    /// jiwer's tests/test_alignment.py: S 3, D 5, I 0, hits 1, WER 88.89 %; S 1, I 1, D 2; and those of one kind.
    @Test
    void countsEqualThoseOfJiwer() {
        Edits many = Transcript.words("this test will  have a high word error rate", "no it will not");
        assertThat(many).isEqualTo(new Edits(1, 3, 5, 0, true));
        assertThat(many.rate()).isCloseTo(8.0 / 9, within(1e-15));
        assertThat(Transcript.words("this is a test of skill", "this was a messy test"))
                .isEqualTo(new Edits(3, 1, 2, 1, true));
        assertThat(Transcript.words("this is a", "this is a test")).isEqualTo(new Edits(3, 0, 0, 1, true));
        assertThat(Transcript.words("this is a test", "this is a")).isEqualTo(new Edits(3, 0, 1, 0, true));
        assertThat(Transcript.words("this is a test", "this was a test")).isEqualTo(new Edits(3, 1, 0, 0, true));
    }

    /// jiwer's `test_return_dict`, docs/usage.md and `test_multiple_one_empty_ref`.
    @Test
    void aCorpusHasTheRateOfItsSums() {
        Edits corpus = Transcript.characters("i", "i am").plus(Transcript.characters("am i good", "y good"));
        assertThat(corpus).isEqualTo(new Edits(6, 1, 3, 3, true));
        assertThat(corpus.rate()).isEqualTo(0.7);

        Edits usage = Transcript.words("hello world", "hello duck")
                .plus(Transcript.words("i like monthy python", "i like python"));
        assertThat(usage.rate()).isCloseTo(2.0 / 6, within(1e-15));
        Edits silent = Transcript.words("hello world", "hello world").plus(Transcript.words("", "done"));
        assertThat(silent.rate()).isEqualTo(0.5);
    }

    /// jiwer's tests/test_empty_ref.py.
    @Test
    void anEmptyReferenceCountsAsOneUnit() {
        assertThat(Transcript.words("", "").rate()).isZero();
        assertThat(Transcript.words("", "").agreement()).isEqualTo(1);
        assertThat(Transcript.words("", "hello").rate()).isEqualTo(1);
        assertThat(Transcript.words("", "0 1 2").rate()).isEqualTo(3);
        assertThat(Transcript.words("", "0 1 2").agreement()).isZero();
        assertThat(Transcript.characters("", "abd").rate()).isEqualTo(3);
        assertThat(Transcript.characters("abc", "").rate()).isEqualTo(1);
        assertThat(Transcript.words("hello", "").agreement()).isZero();
    }

    @Test
    void caseAndPunctuationAreNotSpoken() {
        assertThat(Transcript.words("Turn on the lights!", "turn on the lights").errors())
                .isZero();
        assertThat(Transcript.words("Turn on!", "turn on", Normaliser.SPACING).errors())
                .isEqualTo(2);
        assertThat(Transcript.words("...", "").agreement()).isZero();
    }

    @Test
    void charactersAreCodePoints() {
        assertThat(Transcript.characters("a😀", "a😁")).isEqualTo(new Edits(1, 1, 0, 0, true));
        assertThat(Transcript.characters("cafe\u0301", "café").errors()).isZero();
        assertThat(Transcript.words("東京都", "東京")).isEqualTo(new Edits(2, 0, 1, 0, true));
    }

    @Test
    void agreementIsTheBoundedComplementOfTheRate() {
        assertThat(Transcript.words("a b c d", "a b c x").agreement()).isEqualTo(0.75);
        assertThat(Transcript.words("a", "x y z").agreement()).isZero();
    }

    /// All alignments of short sequences, by brute force: fewest errors, then fewest substitutions.
    @Test
    void theCountsAreThoseOfTheBestAlignment() {
        for (int seed = 0; seed < 1000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int[] x = random.ints(random.nextInt(6), 0, 3).toArray();
            int[] y = random.ints(random.nextInt(6), 0, 3).toArray();
            Edits edits = Edits.between(x, y);
            int[] best = best(x, y, 0, 0);

            assertThat(edits.errors()).as("seed %d", seed).isEqualTo(best[0]);
            assertThat(edits.substitutions()).as("seed %d", seed).isEqualTo(best[1]);
            assertThat(edits.reference()).as("seed %d", seed).isEqualTo(x.length);
            assertThat(edits.hits() + edits.substitutions() + edits.insertions())
                    .as("seed %d", seed)
                    .isEqualTo(y.length);
            Edits back = Edits.between(y, x);
            assertThat(back.hits()).as("seed %d", seed).isEqualTo(edits.hits());
            assertThat(back.deletions()).as("seed %d", seed).isEqualTo(edits.insertions());
            assertThat(back.insertions()).as("seed %d", seed).isEqualTo(edits.deletions());
        }
    }

    private static int[] best(int[] x, int[] y, int i, int j) {
        if (i == x.length || j == y.length) {
            return new int[] {x.length - i + y.length - j, 0};
        }
        int[] aligned = best(x, y, i + 1, j + 1);
        int replaced = x[i] == y[j] ? 0 : 1;
        int[] least = {aligned[0] + replaced, aligned[1] + replaced};
        for (int[] other : new int[][] {best(x, y, i + 1, j), best(x, y, i, j + 1)}) {
            if (other[0] + 1 < least[0] || (other[0] + 1 == least[0] && other[1] < least[1])) {
                least = new int[] {other[0] + 1, other[1]};
            }
        }
        return least;
    }

    @Test
    void sequencesTooLongToAlignHaveAtLeastTheTrueErrors() {
        int[] x = IntStream.range(0, 6000).toArray();
        int[] y = IntStream.range(-1, 6002).toArray();
        Edits shifted = Edits.between(x, IntStream.range(-1, 6000).toArray());
        assertThat(shifted).isEqualTo(new Edits(6000, 0, 0, 1, true));

        Edits bound = Edits.between(x, y);
        assertThat(bound.exact()).isFalse();
        assertThat(bound.reference()).isEqualTo(6000);
        assertThat(bound.hits() + bound.substitutions() + bound.insertions()).isEqualTo(6003);
        assertThat(bound.errors()).isBetween(3L, 6003L);
        assertThat(Edits.between(y, x).errors()).isEqualTo(bound.errors());

        int[] replaced = x.clone();
        replaced[0] = -5;
        replaced[5999] = -6;
        assertThat(Edits.between(x, replaced)).isEqualTo(new Edits(5998, 2, 0, 0, false));
    }

    @Test
    void oneLongSideIsCutToo() {
        int[] x = IntStream.range(0, 100_000).toArray();
        int[] y = IntStream.range(200_000, 200_300).toArray();
        assertThat(Edits.between(x, y)).isEqualTo(new Edits(0, 300, 99_700, 0, false));
        assertThat(Edits.between(y, x)).isEqualTo(new Edits(0, 300, 0, 99_700, false));
    }

    @Test
    void countsCannotBeNegative() {
        assertThatThrownBy(() -> new Edits(1, -1, 0, 0, true)).hasMessageContaining("cannot be negative");
    }

    @Test
    void textsWithoutAnyWordAreComparedAsTheyStand() {
        for (Agreement agreement : Agreement.all().toList()) {
            if (agreement instanceof Agreement.OfText measure) {
                assertThat(measure.score("!!!", "")).as(measure.definition()).isZero();
                assertThat(measure.score("", "!!!")).as(measure.definition()).isZero();
                assertThat(measure.score("+", "-")).as(measure.definition()).isZero();
                assertThat(measure.score("!!!", "!!!")).as(measure.definition()).isEqualTo(1);
                assertThat(measure.score("", "")).as(measure.definition()).isEqualTo(1);
            }
        }
        assertThat(Transcript.words("", " ")).isEqualTo(new Edits(0, 0, 0, 0, true));
        assertThat(Transcript.words("!!!", "")).isEqualTo(new Edits(0, 0, 1, 0, true));
        assertThat(Transcript.words("", "!!!")).isEqualTo(new Edits(0, 0, 0, 1, true));
        assertThat(Transcript.characters("+", "-")).isEqualTo(new Edits(0, 1, 0, 0, true));
        assertThat(Transcript.characters("?!", " ?!")).isEqualTo(new Edits(1, 0, 0, 0, true));
    }
}
