// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import java.text.Normalizer;
import java.text.Normalizer.Form;

/// Unicode normalisation in time that grows with the text only: of the stream-safe text (UAX 15, section
/// 13), in which never more than 30 combining marks follow each other. Ordering a run of marks takes the
/// square of its length, and a text of nothing else is a megabyte.
///
/// The text is decomposed by the form; where a 31st mark (categories Mn, Mc, Me, without what
/// [Characters#isInvisible] names) would follow, U+034F, the combining grapheme joiner, is put before it.
/// No language has such runs: all other texts are normalised as they stand. UAX 15 counts only marks
/// with a combining class, which no text of words tells apart. Applying it twice changes nothing more.
final class StreamSafe {
    private static final int JOINER = 0x034F;
    private static final int MOST = 30;

    /// So many marks in the text, a decomposed letter before them included, are never more than [#MOST].
    private static final int SURELY_FEW = 8;

    private StreamSafe() {}

    static String normalised(String text, Form form) {
        return Normalizer.normalize(longestRun(text) <= SURELY_FEW ? text : safe(text, form), form);
    }

    private static int longestRun(String text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            run = isOrdered(c) ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    /// The decompositions of the single code points, with joiners.
    private static String safe(String text, Form form) {
        Form decomposed = form == Form.NFKC || form == Form.NFKD ? Form.NFKD : Form.NFD;
        StringBuilder safe = new StringBuilder(text.length());
        int run = 0;
        for (int i = 0; i < text.length(); ) {
            int whole = text.codePointAt(i);
            i += Character.charCount(whole);
            String parts = Normalizer.normalize(Character.toString(whole), decomposed);
            for (int j = 0; j < parts.length(); ) {
                int c = parts.codePointAt(j);
                j += Character.charCount(c);
                run = isOrdered(c) ? run + 1 : 0;
                if (run > MOST) {
                    safe.appendCodePoint(JOINER);
                    run = 1;
                }
                safe.appendCodePoint(c);
            }
        }
        return safe.toString();
    }

    private static boolean isOrdered(int c) {
        return c >= 0x0300 && c != JOINER && Characters.isMark(c) && !Characters.isInvisible(c);
    }
}
