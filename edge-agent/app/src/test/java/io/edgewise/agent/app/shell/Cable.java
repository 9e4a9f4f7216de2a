// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What lies between a device and a server, and can be pulled out and put in again.
final class Cable implements AutoCloseable {
    private final int to;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket listening;

    private Cable(int to, int port) {
        this.to = to;
        this.port = port;
    }

    /// Pulled out at first.
    static Cable to(int port) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Cable(port, free.getLocalPort());
        }
    }

    int port() {
        return port;
    }

    synchronized void putIn() throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        listening = socket;
        Thread.ofVirtual().start(() -> accept(socket));
    }

    /// What is under way breaks off.
    synchronized void pullOut() throws IOException {
        if (listening != null) {
            listening.close();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }

    /// Until it is pulled out.
    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket near = socket.accept();
                Thread.ofVirtual().start(() -> connect(near, socket));
            } catch (IOException e) {
                close(socket);
            }
        }
    }

    private void connect(Socket near, ServerSocket through) {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
            open.add(near);
            open.add(far);
            if (through.isClosed()) {
                // Pulled out meanwhile.
                near.close();
                far.close();
            }
            Thread.ofVirtual().start(() -> carry(near, far));
            carry(far, near);
        } catch (IOException e) {
            close(near);
        }
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void carry(Socket from, Socket into) {
        try (from;
                into) {
            long _ = from.getInputStream().transferTo(into.getOutputStream());
        } catch (IOException e) {
            // Pulled out.
            return;
        } finally {
            open.remove(from);
            open.remove(into);
        }
    }

    @Override
    public void close() throws IOException {
        pullOut();
    }
}
