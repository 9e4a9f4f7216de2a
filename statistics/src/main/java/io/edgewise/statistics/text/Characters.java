// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import java.lang.Character.UnicodeScript;

/// The classes of code points that [Normaliser] and [Tokeniser] are defined with.
final class Characters {
    private static final int PROLONGED_SOUND_MARK = 0x30FC;

    private Characters() {}

    /// The Unicode property White_Space, and all controls (category Cc): U+0000 to 0020, 007F to 00A0,
    /// 1680, 2000 to 200A, 2028, 2029, 202F, 205F, 3000.
    static boolean isSpace(int c) {
        if (c <= 0xFF) {
            return c <= 0x20 || (c >= 0x7F && c <= 0xA0);
        }
        return switch (c) {
            case 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default -> c >= 0x2000 && c <= 0x200A;
        };
    }

    /// Seen by nobody and said by nobody: soft hyphen, zero width space, word joiner, byte order mark; the
    /// marks, embeddings, overrides and isolates of writing direction (U+061C, 200E, 200F, 202A to 202E,
    /// 2066 to 2069); the choice of text or emoji style (U+FE0E, FE0F). The joiners U+200C and U+200D are
    /// no part of it: they carry meaning.
    static boolean isInvisible(int c) {
        return switch (c) {
            case 0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFE0E, 0xFE0F, 0xFEFF -> true;
            default -> (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        };
    }

    /// The Unicode categories Pc, Pd, Ps, Pe, Pi, Pf, Po, and the ASCII symbols that Python's
    /// `string.punctuation` holds beside them: `$ + < = > ^ \` | ~`. Other symbols (€, ≠, emoji) are no
    /// punctuation.
    static boolean isPunctuation(int c) {
        if (c < 0x80) {
            return c > 0x20 && c < 0x7F && !isAsciiLetterOrDigit(c);
        }
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    /// Of a script that is written without spaces between words: Han, Hiragana, Katakana (with U+30FC,
    /// which Unicode counts as common), Thai, Lao, Khmer, Myanmar. Hangul is not among them: Korean has
    /// spaces.
    static boolean isWrittenWithoutSpaces(int c) {
        if (c < 0x0E00) {
            return false;
        }
        return c == PROLONGED_SOUND_MARK
                || switch (UnicodeScript.of(c)) {
                    case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
                    default -> false;
                };
    }

    /// The Unicode categories Mn, Mc, Me.
    static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    private static boolean isAsciiLetterOrDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
}
