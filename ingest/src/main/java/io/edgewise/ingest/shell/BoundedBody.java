// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// A request's bytes, read and unpacked without ever holding more than the limits allow.
final class BoundedBody {
    static final int WIRE_LIMIT = 4 << 20;
    static final int UNPACKED_LIMIT = 16 << 20;
    static final int RATIO_LIMIT = 100;

    /// Small bodies of few different bytes pack well and harm nobody.
    private static final int RATIO_MATTERS_ABOVE = 1 << 16;

    private BoundedBody() {}

    static byte[] read(InputStream wire, @Nullable String encoding) throws Problem, IOException {
        byte[] sent = wire.readNBytes(WIRE_LIMIT + 1);
        if (sent.length > WIRE_LIMIT) {
            throw Problem.tooLarge("a batch has at most " + WIRE_LIMIT + " bytes on the wire; send it in parts");
        }
        if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
            return sent;
        }
        if (!encoding.equalsIgnoreCase("gzip")) {
            throw Problem.unsupported("Content-Encoding \"" + encoding + "\" is not known here; use gzip or none");
        }
        return unpack(sent);
    }

    private static byte[] unpack(byte[] sent) throws Problem {
        long allowed = Math.min(UNPACKED_LIMIT, Math.max(RATIO_MATTERS_ABOVE, (long) sent.length * RATIO_LIMIT));
        try (GZIPInputStream unpacking = new GZIPInputStream(new ByteArrayInputStream(sent))) {
            byte[] unpacked = unpacking.readNBytes((int) allowed + 1);
            if (unpacked.length > allowed) {
                throw Problem.tooLarge("unpacked, a batch has at most " + UNPACKED_LIMIT + " bytes and " + RATIO_LIMIT
                        + " times its packed size; send it in parts");
            }
            return unpacked;
        } catch (ZipException | java.io.EOFException e) {
            throw Problem.malformed("the body says gzip and is not: " + e.getMessage());
        } catch (IOException e) {
            throw Problem.malformed("the body cannot be unpacked: " + e.getMessage());
        }
    }
}
