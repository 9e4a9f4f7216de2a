// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Where builds come from. Trusted with nothing: what it gives is checked.
public interface BuildSource {
    /// The signed manifest; empty where there is none of this name.
    Optional<Signed> manifest(String build) throws IOException;

    /// A file from this byte on, by its SHA-256. A source that cannot begin there begins at 0 and says so.
    Part file(String sha256, long from) throws IOException;

    /// The rest of a file, and where it begins.
    record Part(long from, InputStream bytes) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            bytes.close();
        }
    }
}
