// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes parts in the reverse order of their start, each within a bounded time: one that hangs does not keep the
/// others running.
final class Shutdown implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final Duration AT_MOST = Duration.ofSeconds(8);

    private final Deque<Part> parts = new ArrayDeque<>();

    private record Part(String name, AutoCloseable closing) {}

    synchronized <T extends AutoCloseable> T add(String name, T part) {
        parts.push(new Part(name, part));
        return part;
    }

    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            Thread closer =
                    Thread.ofPlatform().daemon().name("close-" + part.name()).start(() -> close(part));
            try {
                if (!closer.join(AT_MOST)) {
                    LOG.warn("{} did not stop within {}.", part.name(), AT_MOST);
                }
            } catch (InterruptedException e) {
                // Every part still gets its turn.
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void close(Part part) {
        try {
            part.closing().close();
        } catch (Exception e) {
            LOG.warn("{} did not stop cleanly.", part.name(), e);
        }
    }
}
