// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import java.util.regex.Pattern;

/// Versions as numbers between dots; what follows them counts for nothing.
final class Versions {
    private static final Pattern DOT = Pattern.compile("\\.");
    private static final int MOST_DIGITS = 9;

    private Versions() {}

    static int compare(String one, String other) {
        String[] ones = DOT.split(one);
        String[] others = DOT.split(other);
        for (int i = 0; i < Math.max(ones.length, others.length); i++) {
            int order = Integer.compare(number(ones, i), number(others, i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int number(String[] parts, int at) {
        if (at >= parts.length) {
            return 0;
        }
        int end = 0;
        while (end < parts[at].length() && end < MOST_DIGITS && Character.isDigit(parts[at].charAt(end))) {
            end++;
        }
        return end == 0 ? 0 : Integer.parseInt(parts[at].substring(0, end));
    }
}
