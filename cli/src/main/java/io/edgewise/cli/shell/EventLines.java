// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.table.BadInput;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The lines of a stream of events, each waited for no longer than a server that lives is silent: a connection that
/// broke without a word would be waited on for ever.
final class EventLines implements AutoCloseable {
    private final Stream<String> lines;
    private final Duration silence;
    private final LinkedBlockingQueue<Optional<String>> read = new LinkedBlockingQueue<>();

    EventLines(Stream<String> lines, Duration silence) {
        this.lines = lines;
        this.silence = silence;
        var _ = Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try {
            lines.forEach(line -> read.add(Optional.of(line)));
        } catch (UncheckedIOException | IllegalStateException e) {
            // Broken, or closed before it was read: as good as an end.
        } finally {
            read.add(Optional.empty());
        }
    }

    /// Empty at the end.
    Optional<String> next() {
        try {
            Optional<String> line = read.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw new BadInput("the server said nothing for " + silence.toSeconds() + " s");
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted", e);
        }
    }

    @Override
    public void close() {
        lines.close();
    }
}
