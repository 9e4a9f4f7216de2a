// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.Settings;
import java.io.IOException;
import java.time.Duration;

/// The whole agent: what answers and where it listens. Stops in order: no new requests, the running ones end, records
/// are uploaded as far as that goes, the rest stays in the spool.
public final class Sidecar implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Sidecar.class.getName());

    private final Backend backend;
    private final HttpFront front;
    private final Duration patience;

    private Sidecar(Backend backend, HttpFront front, Duration patience) {
        this.backend = backend;
        this.front = front;
        this.patience = patience;
    }

    /// Serves when it returns.
    public static Sidecar start(Settings settings) throws IOException {
        return start(Backend.open(settings));
    }

    /// Takes the backend over.
    static Sidecar start(Backend backend) throws IOException {
        Settings settings = backend.settings();
        try {
            HttpFront front = HttpFront.start(backend);
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} listens on {1} for {2}, builds {3}, frontier {4}",
                    settings.identity().device(),
                    settings.http().host() + ":" + front.port(),
                    settings.workload().name(),
                    backend.builds().keySet(),
                    settings.frontiers().members());
            BenchReport.tell(backend.agent(), settings.identity().folder());
            return new Sidecar(backend, front, settings.http().limits().drain());
        } catch (IOException | RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    public int port() {
        return front.port();
    }

    int running() {
        return front.running();
    }

    Backend backend() {
        return backend;
    }

    @Override
    public void close() {
        boolean isIdle = front.drain(patience);
        if (!isIdle) {
            LOG.log(System.Logger.Level.WARNING, "requests still ran after {0}; they are cut off", patience);
        }
        front.close();
        if (backend.settings().isUplinked()) {
            backend.agent().drain(patience);
        }
        backend.close();
        LOG.log(System.Logger.Level.INFO, "stopped");
    }
}
