// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// CSV and its relatives as RFC 4180 has them: the first row is the header, a field in quotes may hold
/// delimiters, line ends and doubled quotes. A byte order mark is skipped; so are empty lines.
public final class Delimited extends Rows {
    private static final int MOST_FIELDS = 100_000;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long LINE_ENDS = '\n' * ONES;

    private final Dialect dialect;
    private final Table.Header kind;
    /// The first row is a row, and was parsed already.
    private boolean pending;

    private final byte delimiter;
    private final long delimiters;
    private List<String> columns = List.of();

    /// Fields of this row, and which of them hold doubled quotes.
    private int fields;

    private boolean[] doubled = new boolean[16];
    private boolean anyDoubled;
    /// The field whose quote was still open where the buffer ended, or -1.
    private int open = -1;

    private long newLines;
    private long nextLine = 1;

    public Delimited(String file, InputStream in, Dialect dialect, Table.Header kind) {
        super(file, in);
        this.dialect = dialect;
        this.kind = kind;
        this.delimiter = (byte) dialect.delimiter();
        this.delimiters = dialect.delimiter() * ONES;
        starts = new int[16];
        ends = new int[16];
        row = -1;
        this.columns = header();
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public boolean next() {
        if (pending) {
            pending = false;
            row++;
            return true;
        }
        do {
            if (!parse()) {
                return false;
            }
        } while (fields == 1 && columns.size() > 1 && starts[0] == ends[0]);
        row++;
        if (fields != columns.size()) {
            throw new BadInput(where() + " has " + fields + (fields == 1 ? " field" : " fields")
                    + " where the header has "
                    + columns.size() + ": " + (fields > columns.size() ? "the surplus begins at " : "it ends with ")
                    + shown(Math.min(fields - 1, columns.size()))
                    + ". Is a field that holds " + dialect.shown()
                    + " or a line end without quotes? Correct the row, or "
                    + "say what separates the fields with --delimiter.");
        }
        return true;
    }

    private List<String> header() {
        if (!parse()) {
            throw new BadInput(file() + " is empty; its first line must name the columns.");
        }
        requireDelimiter();
        if (kind == Table.Header.NO) {
            pending = true;
            row = 0;
            return IntStream.rangeClosed(1, fields)
                    .mapToObj(Delimited::numbered)
                    .toList();
        }
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < fields; i++) {
            String name = name(i);
            if (name.indexOf('\r') >= 0) {
                throw new BadInput(
                        file() + ", line 1, column " + (i + 1) + ": the name holds a carriage return. Lines end "
                                + "with a line feed; where they end with carriage returns alone, convert the file, for example "
                                + "with: tr '\\r' '\\n'");
            }
            if (name.isEmpty()) {
                name = numbered(i + 1);
            }
            if (!seen.add(name)) {
                throw new BadInput(file() + ", line 1: two columns are called \"" + name + "\" ("
                        + (names.indexOf(name) + 1) + " and " + (i + 1) + "); give every column its own name.");
            }
            names.add(name);
        }
        row = 0;
        if (kind == Table.Header.LIKELY && names.stream().allMatch(Delimited::isNumber)) {
            throw new BadInput(file() + ", line 1 holds only numbers, " + shown(String.join(", ", names))
                    + ": it looks like data. Put a first line with the columns' names above it, or say --header no "
                    + "(the columns are then \"column 1\", \"column 2\", …) or --header yes.");
        }
        return List.copyOf(names);
    }

    private static String numbered(int column) {
        return "column " + column;
    }

    private void requireDelimiter() {
        String first = fields == 1 ? name(0) : "";
        char other = Dialect.unused(first, dialect.delimiter());
        if (fields == 1 && other != 0) {
            throw new BadInput(file() + ", line 1 is one single column " + shown(first) + " when separated by "
                    + dialect.shown() + "; give the delimiter, perhaps --delimiter "
                    + (other == '\t' ? "tab" : "'" + other + "'") + ".");
        }
    }

    private String name(int field) {
        try {
            return utf8(buffer, starts[field], ends[field]).strip();
        } catch (CharacterCodingException e) {
            throw new BadInput(
                    file() + ", line 1, column " + (field + 1) + ": the name is not UTF-8. Convert the file, for "
                            + "example with: iconv -f LATIN1 -t UTF-8",
                    e);
        }
    }

    private static boolean isNumber(String name) {
        return name.matches("[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?");
    }

    @Override
    String hint() {
        return columns.size() == 1 ? ", and the delimiter (--delimiter; it is " + dialect.shown() + " now)" : "";
    }

    /// Finds the fields of the next record. A record is parsed again from its start where the buffer ended
    /// within it: seldom, and nothing is changed before the record is whole.
    private boolean parse() {
        line = nextLine;
        while (true) {
            int end = record();
            if (end >= 0) {
                if (anyDoubled) {
                    joinQuotes();
                }
                position = end;
                nextLine = line + newLines;
                return true;
            }
            if (!fill(position)) {
                return position < limit && last();
            }
        }
    }

    /// The last record, without a line end behind it.
    private boolean last() {
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, limit + 1);
        }
        buffer[limit] = '\n';
        limit++;
        int end = record();
        if (end < 0) {
            throw openQuote("is never closed");
        }
        if (anyDoubled) {
            joinQuotes();
        }
        position = end;
        return true;
    }

    /// The position behind the record, or -1 where the buffer ends before it does.
    private int record() {
        byte[] b = buffer;
        int n = limit;
        int p = position;
        boolean quotes = dialect.quotes();
        int field = 0;
        newLines = 1;
        open = -1;
        anyDoubled = false;
        while (true) {
            if (field == starts.length) {
                grow();
            }
            int from = p;
            if (quotes && p < n && b[p] == '"') {
                p = quoted(field, p + 1);
                if (p < 0) {
                    open = field;
                    return -1;
                }
            } else {
                p = endOfField(b, p, n);
                if (p == n) {
                    return -1;
                }
                starts[field] = from;
                ends[field] = b[p] == '\n' && p > from && b[p - 1] == '\r' ? p - 1 : p;
            }
            field++;
            if (b[p] == '\n') {
                fields = field;
                return p + 1;
            }
            p++;
        }
    }

    /// The next delimiter or line end, or n: eight bytes at a time. A byte equals the one looked for where their
    /// difference in bits is 0; subtracting 1 then borrows into its high bit, the lowest such one being right.
    private int endOfField(byte[] b, int from, int n) {
        int p = from;
        while (n - p >= Long.BYTES) {
            long eight = (long) LONGS.get(b, p);
            long one = eight ^ delimiters;
            long other = eight ^ LINE_ENDS;
            long found = (one - ONES & ~one | other - ONES & ~other) & HIGHS;
            if (found != 0) {
                return p + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            p += Long.BYTES;
        }
        while (p < n && b[p] != delimiter && b[p] != '\n') {
            p++;
        }
        return p;
    }

    /// A field in quotes, from behind its opening one: the position of what ends it, or -1.
    private int quoted(int field, int from) {
        byte[] b = buffer;
        int n = limit;
        int p = from;
        boolean hasDoubled = false;
        while (true) {
            while (p < n && b[p] != '"') {
                newLines += b[p] == '\n' ? 1 : 0;
                p++;
            }
            if (p + 1 >= n) {
                return -1;
            }
            if (b[p + 1] != '"') {
                break;
            }
            hasDoubled = true;
            p += 2;
        }
        starts[field] = from;
        ends[field] = p;
        doubled[field] = hasDoubled;
        anyDoubled |= hasDoubled;
        int after = p + 1;
        if (b[after] == '\r') {
            if (after + 1 >= n) {
                return -1;
            }
            after++;
        }
        if (b[after] != '\n' && b[after] != delimiter) {
            throw new BadInput(where(row + 1, line) + ", field " + (field + 1) + ": "
                    + shown(String.valueOf((char) (b[after] & 0xff)))
                    + " stands behind a closing quote. Quotes inside a quoted field are doubled (\"\"); if quotes mean "
                    + "nothing in this file, say --no-quotes.");
        }
        return after;
    }

    /// Halves doubled quotes, in place.
    private void joinQuotes() {
        for (int field = 0; field < fields; field++) {
            if (doubled[field]) {
                int to = starts[field];
                for (int from = starts[field]; from < ends[field]; from++) {
                    buffer[to++] = buffer[from];
                    from += buffer[from] == '"' ? 1 : 0;
                }
                ends[field] = to;
            }
        }
        Arrays.fill(doubled, false);
    }

    private void grow() {
        if (starts.length >= MOST_FIELDS) {
            throw new BadInput(where(row + 1, line) + " has more than " + MOST_FIELDS + " fields; is the delimiter "
                    + dialect.shown() + " right, and are the line ends?");
        }
        starts = Arrays.copyOf(starts, 2 * starts.length);
        ends = Arrays.copyOf(ends, starts.length);
        doubled = Arrays.copyOf(doubled, starts.length);
    }

    private BadInput openQuote(String what) {
        String column = open < columns.size() ? "\"" + columns.get(open) + '"' : String.valueOf(open + 1);
        return new BadInput(where(row + 1, line) + ", column " + column + ": the quote that opens here " + what
                + ". Close it, double quotes that belong to the text (\"\"), or say --no-quotes if quotes mean nothing "
                + "in this file.");
    }

    @Override
    BadInput tooLong() {
        return open >= 0 ? openQuote("is not closed within 16 MiB") : super.tooLong();
    }
}
