// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import java.nio.charset.StandardCharsets;

/// How a delimited file separates its fields.
///
/// @param quotes whether a field may stand in double quotes, as RFC 4180 has it
public record Dialect(char delimiter, boolean quotes) {
    private static final char[] USUAL = {',', '\t', ';', '|'};
    private static final int LOOKED_AT = 50;

    public Dialect {
        if (delimiter >= 0x80 || delimiter == '\n' || delimiter == '\r' || delimiter == '"') {
            throw new BadInput("the delimiter must be one ASCII character, such as , or ; or | or \\t, and neither a "
                    + "quote nor a line end");
        }
    }

    /// The usual delimiter that gives the first rows the same number of fields, and the most of them.
    public static Dialect detect(byte[] head, boolean quotes) {
        char best = ',';
        int most = 0;
        for (char candidate : USUAL) {
            int fields = fields(head, candidate, quotes);
            if (fields > most) {
                most = fields;
                best = candidate;
            }
        }
        return new Dialect(best, quotes);
    }

    /// As people write it.
    public String shown() {
        return delimiter == '\t' ? "tab" : "\"" + delimiter + '"';
    }

    /// A usual delimiter that is in a name although it does not separate; 0 where there is none.
    static char unused(String name, char used) {
        for (char candidate : USUAL) {
            if (candidate != used && name.indexOf(candidate) >= 0) {
                return candidate;
            }
        }
        return 0;
    }

    /// Fields of the first row, if the next rows agree; the number that most would have had counts half
    /// where they do not.
    private static int fields(byte[] head, char delimiter, boolean quotes) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        int first = -1;
        int at = 0;
        boolean same = true;
        for (int rows = 0; rows < LOOKED_AT && at < text.length(); rows++) {
            int fields = 1;
            boolean start = true;
            boolean quoted = false;
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (quoted) {
                    quoted = c != '"';
                } else if (c == '"' && quotes && (start || text.charAt(at - 2) == '"')) {
                    quoted = true;
                } else if (c == '\n') {
                    break;
                } else if (c == delimiter) {
                    fields++;
                    start = true;
                    continue;
                }
                start = false;
            }
            boolean whole = at < text.length();
            if (first < 0) {
                first = fields;
            } else if (whole && fields != first) {
                same = false;
            }
        }
        return first <= 1 ? 1 : same ? 2 * first : first;
    }
}
