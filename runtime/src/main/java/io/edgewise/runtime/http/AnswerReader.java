// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Reads one answer of HTTP/1.1 from a connection that is closed after it. An answer that ends before its announced
/// end is a failure, never a shorter answer.
final class AnswerReader {
    private static final int MOST_HEAD_BYTES = 16 * 1024;
    private static final int MOST_CHUNK_DIGITS = 8;

    private final InputStream in;
    private final int mostBytes;
    private int headLeft = MOST_HEAD_BYTES;

    AnswerReader(InputStream in, int mostBytes) {
        this.in = in;
        this.mostBytes = mostBytes;
    }

    /// Interim answers (1xx) are skipped.
    Post.Answer read() throws IOException {
        while (true) {
            String line = line();
            if (!line.matches("HTTP/1\\.[01] \\d{3}.*")) {
                return new Post.Answer.Failed("the answer is not HTTP/1.1", true);
            }
            int code = Integer.parseInt(line.substring(9, 12));
            if (code >= 200 && mostBytes == 0) {
                return new Post.Answer.Status(code, "");
            }
            Map<String, String> headers = headers();
            if (code >= 200) {
                return new Post.Answer.Status(code, new String(body(headers), StandardCharsets.UTF_8));
            }
        }
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        String coding = headers.getOrDefault("transfer-encoding", "");
        if (coding.equalsIgnoreCase("chunked")) {
            return chunks();
        }
        if (!coding.isEmpty()
                || !headers.getOrDefault("content-encoding", "identity").equalsIgnoreCase("identity")) {
            throw new IOException("the answer has a coding that was not asked for");
        }
        String length = headers.get("content-length");
        if (length == null) {
            byte[] rest = in.readNBytes(mostBytes + 1);
            requireRoom(rest.length);
            return rest;
        }
        if (!length.matches("\\d{1,9}")) {
            throw new IOException("the answer's Content-Length is no number");
        }
        return exactly(Integer.parseInt(length));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            String size = line().replaceFirst(";.*", "").strip();
            if (!size.matches("[0-9a-fA-F]{1," + MOST_CHUNK_DIGITS + "}")) {
                throw new IOException("the answer's chunks cannot be read");
            }
            long bytes = Long.parseLong(size, 16);
            if (bytes == 0) {
                return all.toByteArray();
            }
            requireRoom(all.size() + bytes);
            all.write(exactly((int) bytes));
            if (!line().isEmpty()) {
                throw new IOException("the answer's chunks cannot be read");
            }
        }
    }

    private byte[] exactly(int bytes) throws IOException {
        requireRoom(bytes);
        byte[] read = in.readNBytes(bytes);
        if (read.length < bytes) {
            throw new IOException("the connection ended after " + read.length + " of " + bytes + " bytes");
        }
        return read;
    }

    private void requireRoom(long bytes) throws IOException {
        if (bytes > mostBytes) {
            throw new IOException("the answer is longer than " + mostBytes + " bytes");
        }
    }

    /// Lines of the head, and those between chunks.
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended before an answer came");
            }
            if (headLeft-- <= 0) {
                throw new IOException("the answer's head is longer than " + MOST_HEAD_BYTES + " bytes");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }
}
