// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Cuts a text into words at white space and controls. Where a script is written without spaces (Han,
/// Hiragana, Katakana, Thai, Lao, Khmer, Myanmar) each character with the combining marks that follow it
/// is a word of its own: "Java言語" gives "Java", "言", "語".
public final class Tokeniser {
    public static final String DEFINITION = "words-or-characters/1";

    private Tokeniser() {}

    public static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean single = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean space = Characters.isSpace(c);
            boolean joins = !word.isEmpty() && Characters.isMark(c);
            boolean alone = !space && !joins && Characters.isWrittenWithoutSpaces(c);
            if (space || alone || (single && !joins)) {
                flush(word, words);
                single = false;
            }
            if (!space) {
                word.appendCodePoint(c);
                single |= alone;
            }
        }
        flush(word, words);
        return words;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    /// The words as numbers, equal where the words are.
    static int[] numbered(List<String> words, Map<String, Integer> numbers) {
        return words.stream()
                .mapToInt(word -> numbers.computeIfAbsent(word, _ -> numbers.size()))
                .toArray();
    }

    /// Two texts as words, numbered alike.
    @SuppressWarnings("ArrayRecordComponent") // lives within one call
    record Pair(int[] reference, int[] answer) {
        static Pair of(String reference, String answer) {
            Map<String, Integer> numbers = new HashMap<>();
            return new Pair(numbered(words(reference), numbers), numbered(words(answer), numbers));
        }
    }
}
