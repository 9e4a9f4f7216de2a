// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// A request's bytes, read and unpacked without ever holding more than the limits allow.
final class BoundedBody {
    static final int WIRE_LIMIT = 4 << 20;
    static final int UNPACKED_LIMIT = 16 << 20;
    static final int RATIO_LIMIT = 100;

    /// Small bodies of few different bytes pack well and harm nobody.
    private static final int RATIO_MATTERS_ABOVE = 1 << 16;

    private static final int PIECE = 1 << 14;

    /// Binary logarithm of what zstd may ask for to look back in: 8 MiB, as much as its RFC bids everybody support.
    private static final int LARGEST_WINDOW = 23;

    private BoundedBody() {}

    /// Says whether so many more bytes may be held, or refuses.
    @FunctionalInterface
    interface Arrival {
        void more(int bytes) throws Problem;
    }

    /// What a device sends, as it comes. `arrival` is asked after each piece.
    static byte[] receive(InputStream wire, Arrival arrival) throws Problem, IOException {
        return pull(
                wire,
                WIRE_LIMIT,
                "a batch has at most " + WIRE_LIMIT + " bytes on the wire; send it in parts",
                arrival);
    }

    private static byte[] pull(InputStream from, int most, String otherwise, Arrival arrival)
            throws Problem, IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
            if (all.size() + read > most) {
                throw Problem.tooLarge(otherwise);
            }
            arrival.more(read);
            all.write(piece, 0, read);
        }
        return all.toByteArray();
    }

    static byte[] unpacked(byte[] sent, @Nullable String encoding, Arrival arrival) throws Problem {
        if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
            return sent;
        }
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "gzip" -> unpack("gzip", sent, GZIPInputStream::new, arrival);
            case "zstd" ->
                unpack("zstd", sent, packed -> new ZstdInputStream(packed).setLongMax(LARGEST_WINDOW), arrival);
            default ->
                throw Problem.unsupported(
                        "Content-Encoding \"" + encoding + "\" is not known here; use gzip, zstd or none");
        };
    }

    private interface Unpacking {
        InputStream of(InputStream packed) throws IOException;
    }

    private static byte[] unpack(String name, byte[] sent, Unpacking how, Arrival arrival) throws Problem {
        long allowed = Math.min(UNPACKED_LIMIT, Math.max(RATIO_MATTERS_ABOVE, (long) sent.length * RATIO_LIMIT));
        try (InputStream unpacking = how.of(new ByteArrayInputStream(sent))) {
            return pull(
                    unpacking,
                    (int) allowed,
                    "unpacked, a batch has at most " + UNPACKED_LIMIT + " bytes and " + RATIO_LIMIT
                            + " times its packed size; send it in parts",
                    arrival);
        } catch (IOException e) {
            throw Problem.malformed("the body says " + name + " and cannot be unpacked: " + e.getMessage());
        }
    }
}
