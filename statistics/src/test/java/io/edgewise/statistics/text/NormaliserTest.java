// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.text.Normalizer.Form;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class NormaliserTest {
    private static final List<Normaliser> ALL =
            List.of(Normaliser.ANSWER, Normaliser.ENGLISH_ANSWER, Normaliser.WORDS, Normaliser.SPACING);

    /// By `normalize_answer` of SQuAD's evaluate-v1.1.py, run by hand.
    @Test
    void englishAnswersBecomeWhatSquadMakesOfThem() {
        assertThat(Normaliser.ENGLISH_ANSWER.apply("The 42-MWh, result!")).isEqualTo("42mwh result");
        assertThat(Normaliser.ENGLISH_ANSWER.apply("  A BIG   dog  ")).isEqualTo("big dog");
        assertThat(Normaliser.ENGLISH_ANSWER.apply("Levi's Stadium, an arena")).isEqualTo("levis stadium arena");
        assertThat(Normaliser.ENGLISH_ANSWER.apply("theatre another a.")).isEqualTo("theatre another");
        assertThat(Normaliser.ENGLISH_ANSWER.apply("The")).isEmpty();
    }

    @Test
    void articlesStayByDefault() {
        assertThat(Normaliser.ANSWER.apply("A la carte, the")).isEqualTo("a la carte the");
    }

    @Test
    void compatibilityFormsBecomePlain() {
        assertThat(Normaliser.ANSWER.apply("\uFF21\uFF42\uFF43\uFF01 \uFB01ne \u00B2"))
                .isEqualTo("abc fine 2");
        assertThat(Normaliser.ANSWER.apply("Cafe\u0301")).isEqualTo("caf\u00E9");
    }

    @Test
    void lowerCaseDependsOnNoPlaceAndNoLanguage() {
        assertThat(Normaliser.ANSWER.apply("ΟΔΟΣ ΟΔΟΣ.")).isEqualTo("οδοσ οδοσ");
        assertThat(Normaliser.ANSWER.apply("οδος")).isEqualTo("οδοσ");
        assertThat(Normaliser.ANSWER.apply("TITLE")).isEqualTo("title");
        assertThat(Normaliser.ANSWER.apply("\u0130")).isEqualTo("i\u0307");
        assertThat(Normaliser.ANSWER.apply("STRASSE")).isNotEqualTo(Normaliser.ANSWER.apply("Straße"));
        assertThat(Normaliser.ANSWER.apply("\uD801\uDC00")).isEqualTo("\uD801\uDC28");
    }

    @Test
    void punctuationIsDroppedOrSeparatesOrStays() {
        assertThat(Normaliser.ANSWER.apply("don't — \u201Cstop\u201D…")).isEqualTo("dont stop");
        assertThat(Normaliser.WORDS.apply("don't—stop…")).isEqualTo("don t stop");
        assertThat(Normaliser.SPACING.apply(" Don't\t\n stop! ")).isEqualTo("Don't stop!");
        assertThat(Normaliser.ANSWER.apply("$5 + €7")).isEqualTo("5 €7");
        assertThat(Normaliser.WORDS.apply("...a...")).isEqualTo("a");
    }

    @Test
    void whiteSpaceControlsAndInvisibleCharactersAreDefined() {
        String spaces = "\u0000\t\u001C\u0085\u00A0\u1680\u2000\u200A\u2028\u2029\u202F\u205F\u3000\u007F";
        spaces.chars()
                .forEach(space -> assertThat(Normaliser.SPACING.apply("a" + (char) space + "b"))
                        .as("U+%04X", space)
                        .isEqualTo("a b"));
        assertThat(Normaliser.SPACING.apply("a\u00AD\u200B\u2060\uFEFFb")).isEqualTo("ab");
        assertThat(Normaliser.SPACING.apply("a\u200Db")).isEqualTo("a\u200Db");
    }

    @Test
    void anotherTimeChangesNothing() {
        for (Normaliser normaliser : ALL) {
            for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
                if (!Character.isDefined(c) || Character.getType(c) == Character.PRIVATE_USE) {
                    continue;
                }
                String once = normaliser.apply(Character.toString(c));
                assertThat(normaliser.apply(once)).as("U+%04X", c).isEqualTo(once);
            }
            for (int seed = 0; seed < 300; seed++) {
                String once = normaliser.apply(Texts.random(new SplittableRandom(seed), 40));
                assertThat(normaliser.apply(once)).as("seed %d", seed).isEqualTo(once);
            }
        }
    }

    /// A platform with another Unicode version shows here; the change may need a new version of the definitions.
    @Test
    void theClassesAreThoseOfUnicode16() {
        assertThat(fingerprint(Characters::isPunctuation)).isEqualTo("864 d5f797bc");
        assertThat(fingerprint(Characters::isSpace)).isEqualTo("84 7e461d2b");
        assertThat(fingerprint(Characters::isWrittenWithoutSpaces)).isEqualTo("100291 f1e83d5a");
        assertThat(fingerprint(Characters::isMark)).isEqualTo("2501 a2778198");
    }

    private static String fingerprint(IntPredicate holds) {
        CRC32 sum = new CRC32();
        int[] members =
                IntStream.rangeClosed(0, Character.MAX_CODE_POINT).filter(holds).toArray();
        for (int c : members) {
            sum.update(c >>> 16);
            sum.update(c >>> 8);
            sum.update(c);
        }
        return members.length + " " + Long.toHexString(sum.getValue());
    }

    @Test
    void wordsAreCutAtSpaces() {
        assertThat(Tokeniser.words(" one  two\nthree ")).containsExactly("one", "two", "three");
        assertThat(Tokeniser.words("")).isEmpty();
        assertThat(Tokeniser.words("한국어 문장")).containsExactly("한국어", "문장");
    }

    @Test
    void scriptsWithoutSpacesAreCutIntoCharacters() {
        assertThat(Tokeniser.words("Java言語x")).containsExactly("Java", "言", "語", "x");
        assertThat(Tokeniser.words("ラーメン 𠮷")).containsExactly("ラ", "ー", "メ", "ン", "𠮷");
        assertThat(Tokeniser.words("ที่นี่")).containsExactly("ที่", "นี่");
        assertThat(Tokeniser.words("か\u3099x")).containsExactly("か\u3099", "x");
        assertThat(Tokeniser.words("e\u0301a")).containsExactly("e\u0301a");
    }

    @Test
    void noCodePointIsLostByCutting() {
        for (int seed = 0; seed < 300; seed++) {
            String text = Normaliser.SPACING.apply(Texts.random(new SplittableRandom(seed), 40));
            assertThat(String.join("", Tokeniser.words(text)))
                    .as("seed %d", seed)
                    .isEqualTo(text.replace(" ", ""));
        }
    }

    @Test
    void lowerCaseIsThatOfTheLibraryForEveryCodePoint() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            String text = Character.toString(c);
            assertThat(Normaliser.lowerCase(text))
                    .as("U+%04X", c)
                    .isEqualTo(text.toLowerCase(Locale.ROOT).replace('ς', 'σ'));
        }
    }

    @Test
    void directionAndStyleOfLettersAreNotSeen() {
        String ignored = "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\uFE0E\uFE0F";
        assertThat(Normaliser.ANSWER.apply("a" + ignored + "b")).isEqualTo("ab");
        assertThat(ExactMatch.score("❤\uFE0F", "❤")).isEqualTo(1);
        assertThat(fingerprint(Characters::isInvisible)).isEqualTo("18 34bf050b");
    }

    @Test
    void moreThanThirtyMarksAreKeptApart() {
        String thirty = "\u0301".repeat(30);
        assertThat(StreamSafe.normalised("x" + thirty, Form.NFKC)).isEqualTo("x" + thirty);
        assertThat(StreamSafe.normalised("x" + thirty + "\u0301", Form.NFKC)).isEqualTo("x" + thirty + "\u034F\u0301");
        assertThat(StreamSafe.normalised("\u01E8" + "\u0301".repeat(29), Form.NFC))
                .isEqualTo("\u01E8" + "\u0301".repeat(29));
        assertThat(StreamSafe.normalised("\u01E8" + thirty, Form.NFC))
                .isEqualTo("\u01E8" + "\u0301".repeat(29) + "\u034F\u0301");
    }

    @Test
    void aTextOfMarksIsNormalForGood() {
        int[] some = {0x0301, 0x0323, 0x0344, 0x0F73, 0x01D5, 0x00E9, 0x034F, 0xFE0F, 0x200B, '.', ' ', 'a'};
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 150; i++) {
                text.appendCodePoint(some[random.nextInt(random.nextInt(4) == 0 ? some.length : 4)]);
            }
            for (Normaliser normaliser : ALL) {
                String once = normaliser.apply(text.toString());
                assertThat(normaliser.apply(once)).as("seed %d", seed).isEqualTo(once);
            }
        }
    }

    @Test
    void aMegabyteOfAnythingIsNormalisedAtOnce() {
        for (String text : new String[] {
            "Σ".repeat(500_000),
            "aΣ".repeat(330_000),
            "a" + "\u0323\u0301".repeat(250_000),
            "a" + "\u0301".repeat(250_000) + "\u0323".repeat(250_000),
            "\u0344\u0323".repeat(250_000),
            "\uFDFA".repeat(300_000)
        }) {
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Normaliser.ANSWER.apply(text));
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Normaliser.trimmed(text));
        }
    }
}
