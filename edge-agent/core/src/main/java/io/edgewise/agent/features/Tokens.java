// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.features;

import java.util.ArrayList;
import java.util.List;

/// Normalises and cuts a text into tokens: maximal runs of a-z, 0-9, apostrophe and code points from U+0080 on, after
/// ASCII letters became small, typographic apostrophes plain and no-break spaces spaces.
public final class Tokens {
    private Tokens() {}

    /// A lone surrogate, which no UTF-8 can carry, counts as U+FFFD.
    public static List<String> of(String text) {
        List<String> tokens = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            int normal = normalise(codePoint);
            if (belongs(normal)) {
                current.appendCodePoint(normal);
            } else if (!current.isEmpty()) {
                tokens.add(current.toString());
                current.setLength(0);
            }
        }
        if (!current.isEmpty()) {
            tokens.add(current.toString());
        }
        return tokens;
    }

    private static int normalise(int codePoint) {
        if (codePoint == 0x2018 || codePoint == 0x2019) {
            return '\'';
        }
        if (codePoint == 0xa0) {
            return ' ';
        }
        if (codePoint >= 'A' && codePoint <= 'Z') {
            return codePoint + 0x20;
        }
        return codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
    }

    private static boolean belongs(int codePoint) {
        return codePoint >= 'a' && codePoint <= 'z'
                || codePoint >= '0' && codePoint <= '9'
                || codePoint == '\''
                || codePoint >= 0x80;
    }
}
