// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Free ports of this machine.
final class Ports {
    private static final int TRIES = 100;

    private Ports() {}

    /// The wanted port or the next free one above it.
    static int firstFree(int wanted) throws DemoFailure {
        for (int port = wanted; port < Math.min(wanted + TRIES, 65_536); port++) {
            if (isFree(port)) {
                return port;
            }
        }
        throw new DemoFailure(
                "no free port from " + wanted + " to " + (wanted + TRIES - 1) + "; choose another one with --port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
