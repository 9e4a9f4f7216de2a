// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/// Rows in the binary format of COPY, the fastest way into a table.
final class CopyRows {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(8192);
    private long rows;

    CopyRows() {
        out.writeBytes(SIGNATURE);
        integer(0);
        integer(0);
    }

    CopyRows row(int columns) {
        out.writeBytes(
                ByteBuffer.allocate(Short.BYTES).putShort((short) columns).array());
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
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
        return this;
    }

    CopyRows put(String value) {
        return put(value.getBytes(StandardCharsets.UTF_8));
    }

    CopyRows put(byte[] value) {
        integer(value.length);
        out.writeBytes(value);
        return this;
    }

    private void integer(int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
    }

    /// `statement` is "COPY table (columns) FROM STDIN (FORMAT binary)".
    void send(Connection connection, String statement) throws SQLException {
        if (rows == 0) {
            return;
        }
        out.writeBytes(ByteBuffer.allocate(Short.BYTES).putShort((short) -1).array());
        try {
            long written = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(statement, new ByteArrayInputStream(out.toByteArray()));
            if (written != rows) {
                throw new IllegalStateException("expected to copy " + rows + " rows, copied " + written);
            }
        } catch (IOException e) {
            throw new SQLException("cannot copy rows to the database by: " + statement, e);
        }
    }
}
