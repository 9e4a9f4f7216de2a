// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import java.time.Instant;
import java.util.random.RandomGenerator;

/// ULIDs: 48 bits of time, 80 random bits, in Crockford's base 32; sorting by text sorts by time.
public final class Ulid {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private Ulid() {}

    public static String of(Instant at, RandomGenerator random) {
        char[] text = new char[26];
        long time = at.toEpochMilli();
        for (int i = 9; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (time & 31));
            time >>>= 5;
        }
        for (int i = 10; i < 26; i++) {
            text[i] = ALPHABET.charAt(random.nextInt(32));
        }
        return new String(text);
    }

    public static boolean isValid(String text) {
        return text.length() == 26
                && text.charAt(0) <= '7'
                && text.chars().allMatch(character -> ALPHABET.indexOf(character) >= 0);
    }
}
