// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.http;

import java.io.BufferedInputStream;
import java.io.IOException;
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

/// One HTTP/1.1 POST of JSON over one connection, to an address that was looked at: the usual clients resolve a name
/// once more when they connect, and what was allowed a moment ago may stand for something else by then. Redirects are
/// an answer like any other, of the answer no more is read than was asked for, and the connection is cut when the time
/// is over, whatever the other side does.
public final class Post {
    private final SSLSocketFactory tls;
    private final Duration timeout;
    private final int mostBytes;

    /// Reads the status of the answer alone.
    public Post(SSLSocketFactory tls, Duration timeout) {
        this(tls, timeout, 0);
    }

    /// An answer with a longer body than `mostBytes` is a failure; with 0 the body is not read.
    public Post(SSLSocketFactory tls, Duration timeout, int mostBytes) {
        this.tls = tls;
        this.timeout = timeout;
        this.mostBytes = mostBytes;
    }

    /// What came of it.
    public sealed interface Answer {
        /// The body is what came, malformed UTF-8 replaced; empty where it was not to be read.
        record Status(int code, String body) implements Answer {}

        /// `sent`: the request, or a part of it, may have reached the other side.
        record Failed(String why, boolean sent) implements Answer {}
    }

    /// All addresses of the name must be allowed; the first that can be connected to is taken.
    public Answer send(Target target, Map<String, String> headers, byte[] body) {
        try {
            InetAddress[] addresses = InetAddress.getAllByName(target.url().getHost());
            for (InetAddress address : addresses) {
                Optional<String> refusal = target.door().refusal(target.url(), address);
                if (refusal.isPresent()) {
                    return new Answer.Failed("refused: " + refusal.get(), false);
                }
            }
            Answer answer = new Answer.Failed(target.url().getHost() + " has no address", false);
            for (InetAddress address : addresses) {
                try {
                    return exchange(target, address, headers, body);
                } catch (ConnectException | NoRouteToHostException e) {
                    answer = failed(e, false);
                }
            }
            return answer;
        } catch (IOException e) {
            return failed(e, false);
        }
    }

    private static Answer failed(IOException e, boolean sent) {
        return new Answer.Failed(e.getClass().getSimpleName() + ": " + e.getMessage(), sent);
    }

    private Answer exchange(Target target, InetAddress address, Map<String, String> headers, byte[] body)
            throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        try (Socket plain = new Socket()) {
            Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
            CompletableFuture<Void> deadline = CompletableFuture.runAsync(() -> cut(plain), later);
            try {
                plain.connect(new InetSocketAddress(address, target.port()), millis);
                plain.setSoTimeout(millis);
                try (Socket socket = target.isPlain() ? plain : secured(plain, target)) {
                    return talk(socket, target, headers, body);
                }
            } finally {
                deadline.cancel(false);
            }
        }
    }

    private Answer talk(Socket socket, Target target, Map<String, String> headers, byte[] body) {
        try {
            write(socket.getOutputStream(), target, headers, body);
            return new AnswerReader(new BufferedInputStream(socket.getInputStream()), mostBytes).read();
        } catch (IOException e) {
            return failed(e, true);
        }
    }

    /// The certificate must be of the host that was asked for.
    private Socket secured(Socket plain, Target target) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, target.url().getHost(), target.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static void write(OutputStream out, Target target, Map<String, String> headers, byte[] body)
            throws IOException {
        StringBuilder head = new StringBuilder("POST ").append(target.path()).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(target.authority()).append("\r\n");
        head.append("Content-Type: application/json\r\nConnection: close\r\nUser-Agent: edgewise\r\n");
        head.append("Content-Length: ").append(body.length).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        out.flush();
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
