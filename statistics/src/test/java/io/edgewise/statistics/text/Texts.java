// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import java.util.SplittableRandom;

/// Texts that try the edges of the definitions.
final class Texts {
    private static final int[] ALPHABET = "aAbBcC  \t.,-'$+Σςßİ語ラーหี่e\u0301é\u200D\u00ADﬁ²½\u3099か😀\uD83D"
            .codePoints()
            .toArray();

    private Texts() {}

    static String random(SplittableRandom random, int longest) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(longest + 1);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(ALPHABET[random.nextInt(ALPHABET.length)]);
        }
        return text.toString();
    }

    /// Words of a small vocabulary, so that texts share many.
    static String words(SplittableRandom random, int longest) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(longest + 1);
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(4))).append(' ');
        }
        return text.toString();
    }
}
