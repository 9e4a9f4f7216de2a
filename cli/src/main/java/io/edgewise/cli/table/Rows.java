// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// A cursor over the rows of a table. A row's values are ranges of one byte array, valid until the next row;
/// nothing is copied and no text is made. Memory is one buffer, whatever the size of the file.
public abstract class Rows implements AutoCloseable {
    /// A longer row is a file with another line end or an open quote, not a row.
    public static final int LONGEST_ROW = 16 << 20;

    static final int MISSING = -1;

    /// A number that the file holds as such: its text is written when somebody asks for it.
    static final int NUMBER = -2;

    /// The line of a row of a file that has none.
    static final long NO_LINES = -1;

    private static final int FIRST_BUFFER = 1 << 18;
    private static final int SHOWN = 40;
    private static final int SHOWN_COLUMNS = 30;

    private final String file;
    private final InputStream in;
    private boolean ended;
    byte[] buffer = new byte[FIRST_BUFFER];
    int position;
    int limit;
    long row;
    long line = 1;
    int[] starts = new int[0];
    int[] ends = new int[0];
    private @Nullable Labels missingWords;

    Rows(String file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /// Moves to the next row; false at the end.
    public abstract boolean next();

    /// Names of the columns, in order.
    public abstract List<String> columns();

    public final byte[] bytes() {
        return buffer;
    }

    /// Where the column's value begins; negative where the row has none. Ask before [#bytes].
    public final int start(int column) {
        return starts[column] == NUMBER ? write(column) : starts[column];
    }

    public final int end(int column) {
        return start(column) < 0 ? MISSING : ends[column];
    }

    /// The value as a number; `numbers` says whether it is one.
    public final double number(int column, Numbers numbers) {
        return starts[column] == NUMBER
                ? numbers.take(own(column))
                : numbers.read(buffer, starts[column], ends[column]);
    }

    /// The number that the file holds.
    double own(int column) {
        throw new IllegalStateException(file + " holds texts, column " + column + " too");
    }

    /// Writes that number as text; returns where it begins.
    int write(int column) {
        throw new IllegalStateException(file + " holds texts, column " + column + " too");
    }

    /// Whether the row has no value here: an empty field, or null.
    public final boolean isMissing(int column) {
        if (starts[column] == NUMBER && missingWords == null) {
            return false;
        }
        int from = start(column);
        return from < 0
                || from == ends[column]
                || missingWords != null && missingWords.find(buffer, from, ends[column]) >= 0;
    }

    /// Takes these values for missing ones too.
    public final void takeAsMissing(List<String> words) {
        if (!words.isEmpty()) {
            Labels labels = new Labels(Labels.ANY_NUMBER);
            words.forEach(labels::id);
            missingWords = labels;
        }
    }

    /// Rows so far; the header is none.
    public final long row() {
        return row;
    }

    public final String file() {
        return file;
    }

    /// The column of this name.
    public final int column(String name) {
        int at = columns().indexOf(name);
        if (at >= 0) {
            return at;
        }
        List<String> names = columns();
        String list = String.join(", ", names.subList(0, Math.min(SHOWN_COLUMNS, names.size())));
        throw new BadInput(file + " has no column \"" + name + "\"; it has " + list
                + (names.size() > SHOWN_COLUMNS ? ", and " + (names.size() - SHOWN_COLUMNS) + " more" : "")
                + ". Check the spelling" + hint() + ".");
    }

    /// What else may be wrong where a column is missing.
    String hint() {
        return "";
    }

    /// A value that cannot be used, for people.
    public final BadInput bad(int column, String what) {
        return new BadInput(where() + ", column \"" + columns().get(column) + "\": " + what);
    }

    /// A value that is no number.
    public final BadInput notANumber(int column, String advice) {
        boolean comma = text(column).strip().matches("[-+]?\\d+,\\d+");
        return bad(
                column,
                shown(column) + " is not a number"
                        + (comma ? ": write a decimal point, as in 0.5, and no comma." : advice));
    }

    public final String where() {
        return where(row, line);
    }

    final String where(long atRow, long atLine) {
        return atLine == NO_LINES
                ? String.format(Locale.ROOT, "%s, row %,d", file, atRow)
                : String.format(Locale.ROOT, "%s, row %,d (line %,d)", file, atRow, atLine);
    }

    /// The value as text; replaced characters stand for bytes that are no UTF-8.
    public final String text(int column) {
        int from = start(column);
        return from < 0 ? "" : new String(buffer, from, ends[column] - from, StandardCharsets.UTF_8);
    }

    /// The value as text, or what is wrong with it: other bytes would be other words.
    public final String strictText(int column) {
        int from = start(column);
        try {
            return from < 0 ? "" : utf8(buffer, from, ends[column]);
        } catch (CharacterCodingException e) {
            throw notUtf8(column);
        }
    }

    /// A value in another encoding.
    final BadInput notUtf8(int column) {
        return bad(
                column,
                shown(column) + " is not UTF-8; the file, or a part of it, has another "
                        + "encoding. Convert it, for example with: iconv -f LATIN1 -t UTF-8");
    }

    /// The value in quotes, cut where it is long.
    public final String shown(int column) {
        return shown(text(column));
    }

    public static String shown(String text) {
        String one = text.replaceAll("\\p{Cntrl}", " ");
        return '"' + (one.length() <= SHOWN ? one : one.substring(0, SHOWN) + "…") + '"';
    }

    static String utf8(byte[] bytes, int from, int to) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, from, to - from))
                .toString();
    }

    /// Brings more bytes behind those from `keep` on, which move to the front. False at the end of the file.
    final boolean fill(int keep) {
        if (ended) {
            return false;
        }
        if (keep > 0) {
            System.arraycopy(buffer, keep, buffer, 0, limit - keep);
            limit -= keep;
            position -= keep;
        } else if (limit == buffer.length) {
            if (buffer.length >= LONGEST_ROW) {
                throw tooLong();
            }
            buffer = Arrays.copyOf(buffer, Math.min(LONGEST_ROW, 2 * buffer.length));
        }
        try {
            int read = in.read(buffer, limit, buffer.length - limit);
            if (read < 0) {
                ended = true;
                return false;
            }
            limit += read;
            return true;
        } catch (EOFException e) {
            throw new BadInput(
                    lastWhole() + " is the last whole one: the compressed data end too early. The file was cut off; "
                            + "fetch or compress it again.",
                    e);
        } catch (ZipException e) {
            throw new BadInput(
                    lastWhole() + " is the last that can be read: the compressed data are damaged (" + e.getMessage()
                            + "). Fetch or compress the file again.",
                    e);
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read after row " + row + ": " + e.getMessage(), e);
        }
    }

    private String lastWhole() {
        return String.format(Locale.ROOT, "%s, row %,d", file, Math.max(0, row));
    }

    /// The row that begins at the start of the buffer does not end.
    BadInput tooLong() {
        return new BadInput((row < 0 ? file + ", line 1" : where(row + 1, line))
                + " is longer than 16 MiB. Are the line ends right? A table has "
                + "one row per line, ended by a line feed.");
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new BadInput(file + " cannot be closed: " + e.getMessage(), e);
        }
    }
}
