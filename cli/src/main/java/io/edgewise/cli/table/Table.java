// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import dev.hardwood.InputFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/// A table that was opened: what it is was found out from its first bytes, which also serve as a sample.
public final class Table {
    /// How many bytes are looked at to tell format, delimiter and the kinds of columns.
    static final int HEAD = 1 << 20;

    private static final int GZIP_BUFFER = 1 << 16;

    /// Rows of a Parquet file that are a sample of it.
    private static final long SAMPLE_ROWS = 10_000;

    /// Whether the first row of CSV and TSV names the columns.
    public enum Header {
        YES,
        NO,
        /// Yes, but one of numbers alone is refused: it looks like data.
        LIKELY
    }

    /// What the user knows better than the first bytes.
    public record Options(Optional<Character> delimiter, boolean quotes, Header header) {
        public static final Options NONE = new Options(Optional.empty(), true, Header.LIKELY);
    }

    private final String file;
    private final Rows rows;
    private final Supplier<Rows> sample;

    private Table(String file, Rows rows, Supplier<Rows> sample) {
        this.file = file;
        this.rows = rows;
        this.sample = sample;
    }

    /// Whether the bytes are the first of a Parquet file, which is read by place and not from a stream.
    public static boolean isParquet(byte[] first) {
        return starts(first, 'P', 'A', 'R', '1');
    }

    /// @param again opens the same file once more
    public static Table parquet(String file, InputFile whole, Supplier<InputFile> again) {
        return new Table(
                file,
                new ParquetRows(file, whole, Long.MAX_VALUE),
                () -> new ParquetRows(file, again.get(), SAMPLE_ROWS));
    }

    /// @param file its name, for messages
    public static Table open(String file, InputStream raw, Options options) {
        InputStream in = unpacked(file, raw);
        Head head = head(in);
        int skip = mark(file, head.bytes());
        byte[] content = Arrays.copyOfRange(head.bytes(), skip, head.bytes().length);
        requireText(file, content, head.rest());
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(content), head.rest());
        if (firstByte(content) == '[' && !file.contains(".csv") && !file.contains(".tsv")) {
            throw new BadInput(file + " begins with [, as a JSON array does; write one object per line, for example "
                    + "with: jq -c '.[]'");
        }
        if (firstByte(content) == '{') {
            List<String> columns = jsonColumns(file, content);
            return new Table(
                    file, new JsonLines(file, whole, columns), () -> new JsonLines(file, first(content), columns));
        }
        Dialect dialect = options.delimiter()
                .map(delimiter -> new Dialect(delimiter, options.quotes()))
                .orElseGet(() -> Dialect.detect(sampleOf(content), options.quotes()));
        return new Table(
                file,
                new Delimited(file, whole, dialect, options.header()),
                () -> new Delimited(file, first(content), dialect, options.header()));
    }

    private static InputStream first(byte[] head) {
        return new ByteArrayInputStream(sampleOf(head));
    }

    /// All rows; there is one cursor.
    public Rows rows() {
        return rows;
    }

    public String file() {
        return file;
    }

    /// The first whole rows once more, in a cursor of their own.
    public Rows sample() {
        return sample.get();
    }

    private static byte[] sampleOf(byte[] head) {
        if (head.length < HEAD) {
            return head;
        }
        int end = head.length;
        while (end > 0 && head[end - 1] != '\n') {
            end--;
        }
        return Arrays.copyOf(head, end == 0 ? head.length : end);
    }

    private static List<String> jsonColumns(String file, byte[] head) {
        JsonLines rows = new JsonLines(file, new ByteArrayInputStream(sampleOf(head)), List.of());
        boolean more = true;
        while (more) {
            more = rows.next();
        }
        if (rows.columns().isEmpty()) {
            throw new BadInput(file + ": the first rows are objects without members, so there are no columns.");
        }
        return rows.columns();
    }

    private static InputStream unpacked(String file, InputStream raw) {
        BufferedInputStream in = new BufferedInputStream(raw, GZIP_BUFFER);
        try {
            in.mark(4);
            byte[] magic = in.readNBytes(4);
            in.reset();
            if (starts(magic, 0x1f, 0x8b)) {
                return new GZIPInputStream(in, GZIP_BUFFER);
            }
            refuse(file, magic);
            return in;
        } catch (EOFException e) {
            throw new BadInput(
                    file + " is compressed, but ends within its header; it was cut off: fetch or compress it again.",
                    e);
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void refuse(String file, byte[] magic) {
        if (isParquet(magic)) {
            throw new BadInput(file + " is Parquet, which is read from a file and not from a stream; give its name.");
        }
        if (starts(magic, 'P', 'K', 3, 4)) {
            throw new BadInput(file + " is a ZIP archive (or a spreadsheet); unpack it, or save it as CSV.");
        }
        if (starts(magic, 0x28, 0xb5, 0x2f, 0xfd) || starts(magic, 'B', 'Z', 'h')) {
            throw new BadInput(file + " is compressed in a way that is not read; unpack it, or use gzip.");
        }
    }

    /// The first bytes, and the stream of the others; a failure within the first bytes is left for the reader of
    /// the rows, which can say where.
    @SuppressWarnings("ArrayRecordComponent") // lives within one call
    private record Head(byte[] bytes, InputStream rest) {}

    private static Head head(InputStream in) {
        byte[] bytes = new byte[HEAD];
        int length = 0;
        try {
            int read = 0;
            while (read >= 0 && length < HEAD) {
                length += read;
                read = in.read(bytes, length, HEAD - length);
            }
            return new Head(Arrays.copyOf(bytes, length), in);
        } catch (IOException e) {
            return new Head(Arrays.copyOf(bytes, length), new Broken(e));
        }
    }

    /// Fails as another stream did.
    private static final class Broken extends InputStream {
        private final IOException failure;

        Broken(IOException failure) {
            this.failure = failure;
        }

        @Override
        public int read() throws IOException {
            throw failure;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            throw failure;
        }
    }

    /// Bytes of the byte order mark.
    private static int mark(String file, byte[] head) {
        if (starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff)) {
            throw new BadInput(file + " is UTF-16; convert it, for example with: iconv -f UTF-16 -t UTF-8");
        }
        return starts(head, 0xef, 0xbb, 0xbf) ? 3 : 0;
    }

    private static void requireText(String file, byte[] head, InputStream rest) {
        if (head.length == 0 && rest instanceof Broken broken) {
            throw new BadInput(
                    file + " cannot be read from its first bytes on: the compressed data are damaged or end too early ("
                            + broken.failure.getMessage() + "). Fetch or compress the file again.",
                    broken.failure);
        }
        if (firstByte(head) == 0) {
            throw new BadInput(file + " is empty; its first line must name the columns.");
        }
        for (int i = 0; i < head.length; i++) {
            if (head[i] == 0) {
                throw new BadInput(file + " has a zero byte at " + i + ": it is not text in UTF-8. Tables are CSV, TSV "
                        + "or JSON lines, each also compressed with gzip.");
            }
        }
    }

    private static int firstByte(byte[] content) {
        String start = new String(content, 0, Math.min(content.length, GZIP_BUFFER), StandardCharsets.ISO_8859_1);
        String stripped = start.stripLeading();
        return stripped.isEmpty() ? 0 : stripped.charAt(0);
    }

    private static boolean starts(byte[] bytes, int... magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
