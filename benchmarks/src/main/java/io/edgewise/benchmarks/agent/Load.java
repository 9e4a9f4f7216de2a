// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/// One connection that is kept open, and asks the same way each time at its own pace. A request that its predecessor
/// held
/// up is late from when it was due.
final class Load implements AutoCloseable {
    private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[16 * 1024];

    Load(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(120_000);
        in = socket.getInputStream();
    }

    static byte[] request(String model, String text) {
        String body = "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// Asks so many times, this far apart, from this moment on; the answers' nanoseconds.
    long[] ask(byte[][] requests, int times, long first, long apart) throws IOException {
        long[] nanos = new long[times];
        for (int i = 0; i < times; i++) {
            long due = first + i * apart;
            long now = System.nanoTime();
            boolean isHeldUp = now > due;
            while (now < due) {
                LockSupport.parkNanos(due - now);
                now = System.nanoTime();
            }
            socket.getOutputStream().write(requests[i % requests.length]);
            readAnswer();
            nanos[i] = System.nanoTime() - (isHeldUp && i > 0 ? due : now);
        }
        return nanos;
    }

    private void readAnswer() throws IOException {
        int filled = 0;
        int whole = -1;
        while (whole < 0 || filled < whole) {
            int read = in.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                throw new IOException("the server closed the connection");
            }
            filled += read;
            if (whole < 0) {
                whole = wholeLength(filled);
            }
        }
        if (buffer[9] != '2') {
            throw new IOException("answered " + new String(buffer, 0, filled, StandardCharsets.ISO_8859_1));
        }
    }

    /// The answer's bytes, once its header is there; else -1.
    private int wholeLength(int filled) {
        for (int i = 3; i < filled; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n' && buffer[i - 3] == '\r') {
                return i + 1 + contentLength(i);
            }
        }
        return -1;
    }

    private int contentLength(int end) {
        for (int i = 0; i + LENGTH.length < end; i++) {
            int at = 0;
            while (at < LENGTH.length && (buffer[i + at] | 0x20) == (LENGTH[at] | 0x20)) {
                at++;
            }
            if (at == LENGTH.length) {
                int length = 0;
                for (int j = i + at; buffer[j] >= '0' && buffer[j] <= '9'; j++) {
                    length = length * 10 + buffer[j] - '0';
                }
                return length;
            }
        }
        throw new IllegalStateException("an answer without a length");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
