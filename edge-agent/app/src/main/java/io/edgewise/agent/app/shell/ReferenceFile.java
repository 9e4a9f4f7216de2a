// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// A signed reference set as it lies on the device.
final class ReferenceFile {
    private ReferenceFile() {}

    /// Hands it to whoever says whether it may be believed; all that is wrong is one sentence.
    static void read(Path file, Consumer<Signed> believer) throws IOException {
        try {
            believer.accept(Signed.parseFrom(Files.readAllBytes(file)));
        } catch (InvalidProtocolBufferException e) {
            throw new IOException(
                    "edge.reference: " + file + " is no signed reference set; make it with: edgewise reference", e);
        } catch (IllegalArgumentException e) {
            throw new IOException("edge.reference: " + file + ": " + e.getMessage(), e);
        }
    }
}
