// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell.webhook;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// One HTTP/1.1 POST over one connection, to an address that was looked at: the usual clients resolve a name once
/// more when they connect, and what was allowed a moment ago may stand for something else by then. Redirects are an
/// answer like any other, of the answer only the status is read, and the connection is cut when the time is over,
/// whatever the other side does.
final class Post {
    private static final int MOST_BYTES = 16 * 1024;

    private final SSLSocketFactory tls;
    private final Duration timeout;

    Post(SSLSocketFactory tls, Duration timeout) {
        this.tls = tls;
        this.timeout = timeout;
    }

    /// What came of it.
    sealed interface Answer {
        record Status(int code) implements Answer {}

        record Failed(String why) implements Answer {}
    }

    /// All addresses of the name must be allowed; the first that can be connected to is taken.
    Answer send(Endpoint endpoint, Map<String, String> headers, byte[] body) {
        try {
            InetAddress[] addresses = InetAddress.getAllByName(endpoint.url().getHost());
            for (InetAddress address : addresses) {
                Optional<String> refusal = endpoint.door().refusal(endpoint.url(), address);
                if (refusal.isPresent()) {
                    return new Answer.Failed("refused: " + refusal.get());
                }
            }
            Answer answer = new Answer.Failed(endpoint.url().getHost() + " has no address");
            for (InetAddress address : addresses) {
                try {
                    return exchange(endpoint, address, headers, body);
                } catch (ConnectException | NoRouteToHostException e) {
                    answer = failed(e);
                }
            }
            return answer;
        } catch (IOException e) {
            return failed(e);
        }
    }

    private static Answer failed(IOException e) {
        return new Answer.Failed(e.getClass().getSimpleName() + ": " + e.getMessage());
    }

    private Answer exchange(Endpoint endpoint, InetAddress address, Map<String, String> headers, byte[] body)
            throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        try (Socket plain = new Socket()) {
            Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
            CompletableFuture<Void> deadline = CompletableFuture.runAsync(() -> cut(plain), later);
            try {
                plain.connect(new InetSocketAddress(address, endpoint.port()), millis);
                plain.setSoTimeout(millis);
                try (Socket socket = endpoint.isPlain() ? plain : secured(plain, endpoint)) {
                    write(socket.getOutputStream(), endpoint, headers, body);
                    return status(socket.getInputStream());
                }
            } finally {
                deadline.cancel(false);
            }
        }
    }

    /// The certificate must be of the host that was asked for.
    private Socket secured(Socket plain, Endpoint endpoint) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, endpoint.url().getHost(), endpoint.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static void write(OutputStream out, Endpoint endpoint, Map<String, String> headers, byte[] body)
            throws IOException {
        StringBuilder head =
                new StringBuilder("POST ").append(endpoint.target()).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(endpoint.authority()).append("\r\n");
        head.append("Content-Type: application/json\r\nConnection: close\r\nUser-Agent: edgewise\r\n");
        head.append("Content-Length: ").append(body.length).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
    }

    /// Interim answers (1xx) are skipped.
    private static Answer status(InputStream in) throws IOException {
        int[] left = {MOST_BYTES};
        while (true) {
            String line = line(in, left);
            if (!line.matches("HTTP/1\\.[01] \\d{3}.*")) {
                return new Answer.Failed("the answer is not HTTP/1.1");
            }
            int code = Integer.parseInt(line.substring(9, 12));
            if (code >= 200) {
                return new Answer.Status(code);
            }
            String header = line(in, left);
            while (!header.isEmpty()) {
                header = line(in, left);
            }
        }
    }

    private static String line(InputStream in, int[] left) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended before an answer came");
            }
            if (left[0]-- <= 0) {
                throw new IOException("the answer's head is longer than " + MOST_BYTES + " bytes");
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    private static void cut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed in any case.
            return;
        }
    }
}
