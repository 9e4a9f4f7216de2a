// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// Lines as bytes, each with its end.
final class LineReader {
    private static final int LONGEST = 64 << 20;

    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LineReader(InputStream in) {
        this.in = in;
    }

    /// Empty at the end; without an end of line where the stream ended within it.
    byte[] next() throws IOException {
        line.reset();
        int one = in.read();
        while (one >= 0) {
            line.write(one);
            if (one == '\n') {
                return line.toByteArray();
            }
            if (line.size() > LONGEST) {
                throw new IOException("a line of more than 64 MiB; is this an Edgewise server?");
            }
            one = in.read();
        }
        return line.toByteArray();
    }
}
