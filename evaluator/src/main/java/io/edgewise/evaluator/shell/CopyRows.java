// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Rows in the binary format of COPY, the fastest way into a table.
final class CopyRows {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int NULL = -1;
    private static final int TEXT = 25;
    private static final int BYTEA = 17;
    private static final int INT8 = 20;
    /// What is sent at once.
    private static final int PIECE = 1 << 16;

    /// The most bytes that all rows may have.
    static final int MOST = Integer.MAX_VALUE - 16;

    private byte[] out;
    private int size;
    private long rows;

    CopyRows() {
        this(8_192);
    }

    /// With room for so many bytes; it grows beyond.
    CopyRows(int size) {
        out = new byte[size];
        bytes(SIGNATURE);
        integer(0);
        integer(0);
    }

    CopyRows row(int columns) {
        room(Short.BYTES);
        out[size++] = (byte) (columns >>> 8);
        out[size++] = (byte) columns;
        rows++;
        return this;
    }

    CopyRows put(int value) {
        integer(Integer.BYTES);
        integer(value);
        return this;
    }

    CopyRows put(long value) {
        integer(Long.BYTES);
        number(value);
        return this;
    }

    CopyRows put(boolean value) {
        integer(1);
        room(1);
        out[size++] = (byte) (value ? 1 : 0);
        return this;
    }

    CopyRows put(String value) {
        return put(value.getBytes(StandardCharsets.UTF_8));
    }

    CopyRows put(byte[] value) {
        integer(value.length);
        bytes(value);
        return this;
    }

    CopyRows putNull() {
        integer(NULL);
        return this;
    }

    CopyRows putTexts(List<String> values) {
        return putArray(
                TEXT,
                values.stream()
                        .map(value -> value.getBytes(StandardCharsets.UTF_8))
                        .toList());
    }

    CopyRows putAll(List<byte[]> values) {
        return putArray(BYTEA, values);
    }

    CopyRows putNumbers(List<Long> values) {
        int start = beginArray(INT8, values.size());
        for (long value : values) {
            put(value);
        }
        return endArray(start);
    }

    private CopyRows putArray(int type, List<byte[]> values) {
        int start = beginArray(type, values.size());
        for (byte[] value : values) {
            put(value);
        }
        return endArray(start);
    }

    /// Leaves room for the length; returns where.
    private int beginArray(int type, int length) {
        int start = size;
        integer(0);
        integer(length == 0 ? 0 : 1);
        integer(0);
        integer(type);
        if (length > 0) {
            integer(length);
            integer(1);
        }
        return start;
    }

    private CopyRows endArray(int start) {
        int end = size;
        size = start;
        integer(end - start - Integer.BYTES);
        size = end;
        return this;
    }

    private void integer(int value) {
        room(Integer.BYTES);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out[size++] = (byte) (value >>> shift);
        }
    }

    private void number(long value) {
        integer((int) (value >>> 32));
        integer((int) value);
    }

    private void bytes(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, out, size, value.length);
        size += value.length;
    }

    private void room(int more) {
        if (out.length - size < more) {
            out = Arrays.copyOf(out, Math.max(Math.addExact(size, more), (int) Math.min(2L * out.length, MOST)));
        }
    }

    /// Sends rows while the next ones are made, so that the database works meanwhile. Returns how many there were.
    /// `statement` is "COPY table (columns) FROM STDIN (FORMAT binary)".
    static <T> long stream(Connection connection, String statement, Iterable<T> values, BiConsumer<CopyRows, T> add)
            throws SQLException {
        Iterator<T> each = values.iterator();
        if (!each.hasNext()) {
            return 0;
        }
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
        try {
            CopyRows rows = new CopyRows(2 * PIECE);
            while (each.hasNext()) {
                add.accept(rows, each.next());
                if (rows.size >= PIECE) {
                    copy.writeToCopy(rows.out, 0, rows.size);
                    rows.size = 0;
                }
            }
            rows.end();
            copy.writeToCopy(rows.out, 0, rows.size);
            requireAll(rows.rows, copy.endCopy());
            return rows.rows;
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void end() {
        room(Short.BYTES);
        out[size++] = -1;
        out[size++] = -1;
    }

    private static void requireAll(long rows, long written) {
        if (written != rows) {
            throw new IllegalStateException("expected to copy " + rows + " rows, copied " + written);
        }
    }

    /// `statement` is "COPY table (columns) FROM STDIN (FORMAT binary)".
    void send(Connection connection, String statement) throws SQLException {
        if (rows == 0) {
            return;
        }
        end();
        try {
            long written = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(statement, new ByteArrayInputStream(out, 0, size));
            requireAll(rows, written);
        } catch (IOException e) {
            throw new SQLException("cannot copy rows to the database by: " + statement, e);
        }
    }
}
