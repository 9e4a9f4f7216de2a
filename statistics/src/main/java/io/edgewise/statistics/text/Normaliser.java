// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import java.text.Normalizer.Form;
import java.util.Set;

/// Makes texts comparable that differ only in writing. In this order:
///
/// 1. NFKC (full-width letters, ligatures, superscripts become plain), of the stream-safe text: where
///    more than 30 combining marks follow each other, U+034F comes between ([StreamSafe]).
/// 2. With `lowerCase`: the full Unicode lower case of the root locale, then ς (U+03C2) becomes σ
///    (U+03C3), so that a letter does not depend on its neighbours. Not case folding: ß stays ß.
/// 3. Soft hyphens, zero width spaces, word joiners, byte order marks, marks of writing direction and
///    variation selectors 15 and 16 are dropped.
/// 4. Punctuation (categories P*, and the ASCII symbols of Python's `string.punctuation`) is kept,
///    dropped, or becomes a space.
/// 5. Runs of white space and controls become one space; none is left at the ends.
/// 6. With `dropArticles`: the words a, an, the go (English only).
/// 7. NFKC again, as in 1, since dropping can bring letters and accents together.
///
/// [#ANSWER] is `normalize_answer` of SQuAD's official script (Rajpurkar et al. 2016, evaluate-v1.1.py)
/// with NFKC and all Unicode punctuation; articles stay, since texts come in many languages. Like there,
/// "10.5" becomes "105" and "-5" becomes "5": where signs and points decide, compare fields instead.
public record Normaliser(boolean lowerCase, Punctuation punctuation, boolean dropArticles) {
    public static final String DEFINITION = "text-normaliser/1";

    public enum Punctuation {
        KEPT,
        DROPPED,
        SEPARATES
    }

    /// Lower case, punctuation dropped ("don't" is one word "dont"), articles kept.
    public static final Normaliser ANSWER = new Normaliser(true, Punctuation.DROPPED, false);

    /// As [#ANSWER] without a, an, the: SQuAD's own convention.
    public static final Normaliser ENGLISH_ANSWER = new Normaliser(true, Punctuation.DROPPED, true);

    /// Lower case, punctuation separates words ("don't" is "don", "t"): the convention of rouge-score.
    public static final Normaliser WORDS = new Normaliser(true, Punctuation.SEPARATES, false);

    /// White space only; letters and punctuation as they stand: the default of jiwer.
    public static final Normaliser SPACING = new Normaliser(false, Punctuation.KEPT, false);

    private static final Set<String> ARTICLES = Set.of("a", "an", "the");

    /// Applying it twice changes nothing more.
    public String apply(String text) {
        String plain = StreamSafe.normalised(text, Form.NFKC);
        String spaced = spaced(lowerCase ? lowerCase(plain) : plain);
        return StreamSafe.normalised(dropArticles ? withoutArticles(spaced) : spaced, Form.NFKC);
    }

    /// `String.toLowerCase` looks around every Σ for the end of its word, which takes the square of the
    /// length. Here no letter depends on its neighbours, and İ is the only one that becomes two.
    static String lowerCase(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case 'İ' -> lower.append("i\u0307");
                case 'ς' -> lower.append('σ');
                default -> lower.appendCodePoint(Character.toLowerCase(c));
            }
        }
        return lower.toString();
    }

    private String spaced(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        boolean apart = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean mark = punctuation != Punctuation.KEPT && Characters.isPunctuation(c);
            if (Characters.isSpace(c) || (mark && punctuation == Punctuation.SEPARATES)) {
                apart = true;
            } else if (!mark && !Characters.isInvisible(c)) {
                if (apart && !kept.isEmpty()) {
                    kept.append(' ');
                }
                apart = false;
                kept.appendCodePoint(c);
            }
        }
        return kept.toString();
    }

    private static String withoutArticles(String spaced) {
        StringBuilder kept = new StringBuilder(spaced.length());
        for (String word : spaced.split(" ", -1)) {
            if (!ARTICLES.contains(word)) {
                kept.append(kept.isEmpty() ? "" : " ").append(word);
            }
        }
        return kept.toString();
    }

    /// NFC of the stream-safe text, without white space and controls at the ends; nothing else changes.
    static String trimmed(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && Characters.isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && Characters.isSpace(text.charAt(end - 1))) {
            end--;
        }
        return StreamSafe.normalised(text.substring(start, end), Form.NFC);
    }
}
