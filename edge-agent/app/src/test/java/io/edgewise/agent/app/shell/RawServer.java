// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// Answers every HTTP request with these very bytes, headers and all.
final class RawServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final byte[] answer;

    RawServer(String... lines) throws IOException {
        answer = (String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    private void accept() {
        while (!socket.isClosed()) {
            answerOne();
        }
    }

    private void answerOne() {
        try (Socket near = socket.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(near.getInputStream(), StandardCharsets.ISO_8859_1))) {
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            near.getOutputStream().write(answer);
        } catch (IOException e) {
            // Closed, or one that left.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
