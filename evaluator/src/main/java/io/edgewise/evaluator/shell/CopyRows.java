// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/// Rows in the binary format of COPY, the fastest way into a table.
final class CopyRows {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
    private final DataOutputStream out = new DataOutputStream(bytes);
    private long rows;

    CopyRows() throws IOException {
        out.write(SIGNATURE);
        out.writeInt(0);
        out.writeInt(0);
    }

    CopyRows row(int columns) throws IOException {
        out.writeShort(columns);
        rows++;
        return this;
    }

    CopyRows put(int value) throws IOException {
        out.writeInt(Integer.BYTES);
        out.writeInt(value);
        return this;
    }

    CopyRows put(long value) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(value);
        return this;
    }

    CopyRows put(String value) throws IOException {
        return put(value.getBytes(StandardCharsets.UTF_8));
    }

    CopyRows put(byte[] value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
        return this;
    }

    /// `statement` is "COPY table (columns) FROM STDIN (FORMAT binary)".
    void send(Connection connection, String statement) throws SQLException, IOException {
        if (rows == 0) {
            return;
        }
        out.writeShort(-1);
        long written = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(statement, new ByteArrayInputStream(bytes.toByteArray()));
        if (written != rows) {
            throw new IllegalStateException("expected to copy " + rows + " rows, copied " + written);
        }
    }
}
