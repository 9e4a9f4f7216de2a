// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands between programs and a PostgreSQL, and cuts connections: all at once, or one at the moment of its COMMIT,
/// before the server has heard it or before the client hears that it was done. It reads the protocol's messages to
/// know that moment.
final class CutProxy implements AutoCloseable {
    private static final int HEADER = 5;

    /// The upper half of the codes that ask for TLS or GSS.
    private static final short ENCRYPTION = 1234;

    private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger before = new AtomicInteger();
    private final AtomicInteger after = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();

    private CutProxy(ServerSocket server, int target) {
        this.server = server;
        this.target = target;
    }

    static CutProxy to(int port) throws IOException {
        CutProxy proxy = new CutProxy(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()), port);
        Thread.ofVirtual().start(proxy::accept);
        return proxy;
    }

    int port() {
        return server.getLocalPort();
    }

    /// Connections that were cut at a COMMIT so far.
    int cuts() {
        return cuts.get();
    }

    void cutAll() {
        open.forEach(CutProxy::close);
    }

    /// The next COMMIT never reaches the server.
    void cutBeforeCommit() {
        before.incrementAndGet();
    }

    /// The next COMMIT is done, and its client never hears of it.
    void cutAfterCommit() {
        after.incrementAndGet();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client;
                Socket up = new Socket(InetAddress.getLoopbackAddress(), target)) {
            open.add(up);
            Thread answers = Thread.ofVirtual().start(() -> answers(up, client));
            requests(client, up);
            answers.join();
            open.remove(up);
        } catch (IOException | InterruptedException e) {
            // Cut, or the server is away: the client sees its connection end.
        } finally {
            open.remove(client);
        }
    }

    private void requests(Socket client, Socket up) {
        Set<String> commits = new HashSet<>();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream(), 1 << 16))) {
            OutputStream out = up.getOutputStream();
            start(in, client.getOutputStream(), out);
            while (true) {
                byte[] message = message(in);
                if (isCommit(message, commits) && take(before)) {
                    cuts.incrementAndGet();
                    return;
                }
                out.write(message);
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            // Over.
        } finally {
            close(client);
            close(up);
        }
    }

    /// The first message has no type. A question for encryption before it is answered here, with no.
    private static void start(DataInputStream in, OutputStream back, OutputStream up) throws IOException {
        int length = in.readInt();
        byte[] rest = in.readNBytes(length - Integer.BYTES);
        while (length == 2 * Integer.BYTES && ByteBuffer.wrap(rest).getShort() == ENCRYPTION) {
            back.write('N');
            back.flush();
            length = in.readInt();
            rest = in.readNBytes(length - Integer.BYTES);
        }
        up.write(ByteBuffer.allocate(length).putInt(length).put(rest).array());
        up.flush();
    }

    private void answers(Socket up, Socket client) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(up.getInputStream(), 1 << 16))) {
            OutputStream out = client.getOutputStream();
            while (true) {
                byte[] message = message(in);
                // "Command complete", with the command's name.
                if (message[0] == 'C' && startsWith(message, HEADER, COMMIT) && take(after)) {
                    cuts.incrementAndGet();
                    return;
                }
                out.write(message);
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            // Over.
        } finally {
            close(client);
            close(up);
        }
    }

    private static byte[] message(DataInputStream in) throws IOException {
        byte type = in.readByte();
        int length = in.readInt();
        byte[] message = new byte[length + 1];
        ByteBuffer.wrap(message).put(type).putInt(length);
        in.readFully(message, HEADER, length - Integer.BYTES);
        return message;
    }

    /// Whether this asks for a COMMIT: a plain query, or a use of a statement that was prepared for one.
    private static boolean isCommit(byte[] message, Set<String> commits) {
        return switch (message[0]) {
            case 'Q' -> startsWith(message, HEADER, COMMIT);
            case 'P' -> {
                String name = text(message, HEADER);
                if (startsWith(message, HEADER + name.length() + 1, COMMIT)) {
                    commits.add(name);
                } else {
                    commits.remove(name);
                }
                yield false;
            }
            case 'B' -> {
                String portal = text(message, HEADER);
                yield commits.contains(text(message, HEADER + portal.length() + 1));
            }
            default -> false;
        };
    }

    private static String text(byte[] message, int from) {
        int end = from;
        while (end < message.length && message[end] != 0) {
            end++;
        }
        return new String(message, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean startsWith(byte[] message, int from, byte[] word) {
        if (message.length < from + word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (message[from + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean take(AtomicInteger wanted) {
        return wanted.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        cutAll();
    }
}
