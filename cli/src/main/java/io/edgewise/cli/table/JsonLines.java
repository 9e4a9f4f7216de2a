// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One JSON object per line. A member of a nested object is a column named `outer.inner`; an array is one
/// value, its text; null and an absent member are missing. The columns are those of the first rows: a member
/// that only later rows have is left out.
public final class JsonLines extends Rows {
    private static final int DEEPEST = 64;

    private final Labels names;
    private final List<String> columns = new ArrayList<>();
    private final byte[] path = new byte[1 << 12];

    /// Whether new members become columns.
    private boolean learning;

    private int at;
    private int lineEnd;
    private int depth;

    /// With the columns of an earlier look at the first rows.
    public JsonLines(String file, InputStream in, List<String> columns) {
        super(file, in);
        this.names = new Labels(Labels.ANY_NUMBER);
        columns.forEach(this::learn);
        this.learning = columns.isEmpty();
        line = 0;
    }

    private int learn(String name) {
        int id = names.id(name);
        columns.add(name);
        starts = Arrays.copyOf(starts, columns.size());
        ends = Arrays.copyOf(ends, columns.size());
        starts[id] = MISSING;
        return id;
    }

    @Override
    public List<String> columns() {
        return List.copyOf(columns);
    }

    @Override
    String hint() {
        return " (columns are the members of the first rows)";
    }

    @Override
    public boolean next() {
        Arrays.fill(starts, MISSING);
        while (true) {
            int end = endOfLine();
            if (end == position && position == limit) {
                return false;
            }
            int from = position;
            line++;
            lineEnd = end > from && buffer[end - 1] == '\r' ? end - 1 : end;
            position = Math.min(limit, end + 1);
            at = from;
            space();
            if (at < lineEnd) {
                row++;
                depth = 0;
                object(0);
                space();
                if (at < lineEnd) {
                    throw broken("something stands behind the object; write one object per line");
                }
                return true;
            }
        }
    }

    /// The line end, or the limit at the end of the file.
    private int endOfLine() {
        int p = position;
        while (true) {
            while (p < limit && buffer[p] != '\n') {
                p++;
            }
            if (p < limit) {
                return p;
            }
            int read = p - position;
            if (!fill(position)) {
                return limit;
            }
            p = position + read;
        }
    }

    @Override
    BadInput tooLong() {
        line++;
        return super.tooLong();
    }

    private void object(int prefix) {
        expect('{', "an object {…}");
        if (++depth > DEEPEST) {
            throw broken("objects are nested more than " + DEEPEST + " deep");
        }
        space();
        if (peek() == '}') {
            at++;
            depth--;
            return;
        }
        while (true) {
            space();
            int length = member(prefix);
            space();
            expect(':', "a colon behind the member's name");
            space();
            value(length);
            space();
            if (peek() == '}') {
                at++;
                depth--;
                return;
            }
            expect(',', "a comma or } behind the value");
        }
    }

    /// Appends the member's name to the path; the path's new length.
    private int member(int prefix) {
        expect('"', "a member's name in quotes");
        int from = at;
        int to = string();
        int length = prefix;
        if (length + (to - from) + 1 > path.length) {
            throw broken("a name is longer than " + path.length + " bytes");
        }
        if (length > 0) {
            path[length++] = '.';
        }
        System.arraycopy(buffer, from, path, length, to - from);
        return length + to - from;
    }

    private void value(int name) {
        byte first = peek();
        if (first == '{') {
            object(name);
            return;
        }
        int from = at;
        int to;
        if (first == '"') {
            from = ++at;
            to = string();
        } else if (first == '[') {
            array();
            to = at;
        } else {
            to = plain();
        }
        int column = column(name);
        if (column < 0) {
            return;
        }
        if (starts[column] != MISSING) {
            throw bad(column, "the row has this member twice; keep one of them");
        }
        boolean isNull = first == 'n' && to - from == 4;
        starts[column] = isNull ? MISSING : from;
        ends[column] = to;
    }

    private int column(int length) {
        int known = names.find(path, 0, length);
        if (known >= 0 || !learning) {
            return known;
        }
        try {
            return learn(utf8(path, 0, length));
        } catch (CharacterCodingException e) {
            throw new BadInput(
                    where() + ": a member's name is not UTF-8; convert the file, for example with: "
                            + "iconv -f LATIN1 -t UTF-8",
                    e);
        }
    }

    /// A number, true, false or null: up to what ends it.
    private int plain() {
        int from = at;
        while (at < lineEnd && ",}] \t".indexOf(buffer[at]) < 0) {
            at++;
        }
        byte first = from < lineEnd ? buffer[from] : 0;
        boolean possible = first == '-' || first >= '0' && first <= '9' || isWord(from, at);
        if (!possible) {
            at = from;
            throw broken("expected a value: text in quotes, a number, true, false, null, an object or an array");
        }
        return at;
    }

    private boolean isWord(int from, int to) {
        String word = new String(buffer, from, Math.min(16, to - from), java.nio.charset.StandardCharsets.ISO_8859_1);
        return List.of("true", "false", "null", "NaN", "Infinity").contains(word);
    }

    private void array() {
        int depth = 0;
        while (at < lineEnd) {
            byte c = buffer[at++];
            if (c == '"') {
                skipString();
            } else if (c == '[') {
                depth++;
            } else if (c == ']' && --depth == 0) {
                return;
            }
        }
        throw broken("an array is not closed");
    }

    private void skipString() {
        while (at < lineEnd && buffer[at] != '"') {
            at += buffer[at] == '\\' ? 2 : 1;
        }
        at++;
    }

    /// From behind the opening quote to behind the closing one, escapes resolved in place: the text's end.
    private int string() {
        while (at < lineEnd && buffer[at] != '"' && buffer[at] != '\\') {
            at++;
        }
        int to = at;
        while (at < lineEnd && buffer[at] != '"') {
            if (buffer[at] == '\\') {
                at++;
                to = escape(to);
            } else {
                buffer[to++] = buffer[at++];
            }
        }
        if (at >= lineEnd) {
            throw broken("a text is not closed");
        }
        at++;
        return to;
    }

    private int escape(int to) {
        byte c = peek();
        at++;
        switch (c) {
            case 'n' -> buffer[to] = '\n';
            case 't' -> buffer[to] = '\t';
            case 'r' -> buffer[to] = '\r';
            case 'b' -> buffer[to] = '\b';
            case 'f' -> buffer[to] = '\f';
            case '"', '\\', '/' -> buffer[to] = c;
            case 'u' -> {
                return unicode(to);
            }
            default -> throw broken("there is no escape \\" + (char) c);
        }
        return to + 1;
    }

    private int unicode(int to) {
        int point = hex();
        if (Character.isHighSurrogate((char) point)
                && at + 1 < lineEnd
                && buffer[at] == '\\'
                && buffer[at + 1] == 'u') {
            at += 2;
            point = Character.toCodePoint((char) point, (char) hex());
        }
        byte[] utf8 = Character.toString(point).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, buffer, to, utf8.length);
        return to + utf8.length;
    }

    private int hex() {
        int point = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < lineEnd ? Character.digit(buffer[at++], 16) : -1;
            if (digit < 0) {
                throw broken("four hexadecimal digits must follow \\u");
            }
            point = 16 * point + digit;
        }
        return point;
    }

    private void space() {
        while (at < lineEnd && (buffer[at] == ' ' || buffer[at] == '\t' || buffer[at] == '\r')) {
            at++;
        }
    }

    private byte peek() {
        return at < lineEnd ? buffer[at] : 0;
    }

    private void expect(char c, String what) {
        if (peek() != c) {
            throw broken("expected " + what);
        }
        at++;
    }

    private BadInput broken(String what) {
        int from = Math.max(0, Math.min(at, lineEnd) - 1);
        String rest = new String(
                buffer, from, Math.max(0, Math.min(24, lineEnd - from)), java.nio.charset.StandardCharsets.UTF_8);
        return new BadInput(where() + " is not a JSON object: " + what + ", near " + shown(rest) + ".");
    }
}
