// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.demo.DemoOptions;
import io.edgewise.embedded.EmbeddedKafka;
import io.edgewise.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// What the platform itself consists of: Kafka, PostgreSQL and the server, all on 127.0.0.1.
record Backstage(EmbeddedKafka kafka, EmbeddedPostgres postgres, ServerProcess server, URI console, OperatorApi api) {
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /// Starts everything and waits until the server is ready. What was started is closed by `shutdown`.
    static Backstage start(
            DemoOptions options, Home home, DataFolder data, Shutdown shutdown, Terminal terminal, StopRequest stop)
            throws DemoFailure, StopRequest.Stopped {
        terminal.say("Starting Kafka and PostgreSQL in " + data.folder());
        FutureTask<EmbeddedPostgres> database = begin("postgresql", () -> EmbeddedPostgres.start(data.folder()));
        FutureTask<EmbeddedKafka> broker = begin("kafka", () -> EmbeddedKafka.start(data.folder()));
        EmbeddedPostgres postgres = shutdown.add("PostgreSQL", started("PostgreSQL", data, database, broker));
        EmbeddedKafka kafka =
                shutdown.add("Kafka", started("Kafka", data, broker, CompletableFuture.completedFuture(null)));
        stop.check();
        int port = Ports.firstFree(options.port());
        if (port != options.port()) {
            terminal.say("Port " + options.port() + " is taken; the console is on port " + port);
        }
        URI console = URI.create("http://127.0.0.1:" + port);
        terminal.say("Starting the server");
        ServerProcess server = shutdown.add("server", launch(home, data, kafka, postgres, port, terminal));
        OperatorApi api = new OperatorApi(HttpClient.newHttpClient(), console);
        Backstage backstage = new Backstage(kafka, postgres, server, console, api);
        backstage.awaitReady(stop);
        return backstage;
    }

    private static ServerProcess launch(
            Home home, DataFolder data, EmbeddedKafka kafka, EmbeddedPostgres postgres, int port, Terminal terminal)
            throws DemoFailure {
        Map<String, String> properties = Map.of(
                "edgewise.kafka.bootstrap-servers", kafka.bootstrapServers(),
                "edgewise.database.url", postgres.url(),
                "edgewise.database.user", postgres.user(),
                "edgewise.console.notice", "Simulated network, demo price card",
                "edgewise.secrets.folder", data.secrets().toString(),
                "quarkus.http.host", "127.0.0.1",
                "quarkus.http.port", Integer.toString(port));
        try {
            return ServerProcess.start(
                    new ServerProcess.Launch(
                            home.serverJar(), data.folder(), data.serverLog(), data.serverPid(), properties),
                    message -> terminal.say("Server: " + message));
        } catch (IOException e) {
            throw new DemoFailure("the server cannot be started: " + e.getMessage(), e);
        }
    }

    private void awaitReady(StopRequest stop) throws DemoFailure, StopRequest.Stopped {
        long end = System.nanoTime() + READY_WITHIN.toNanos();
        while (!api.isReady()) {
            if (server.isGivenUp() || System.nanoTime() > end) {
                throw new DemoFailure("the server did not become ready within " + READY_WITHIN.toSeconds()
                        + " s; the end of its log:\n" + server.lastWords());
            }
            stop.pause(LOOK_EVERY);
        }
    }

    private static <T> FutureTask<T> begin(String name, Callable<T> start) {
        FutureTask<T> task = new FutureTask<>(start);
        Thread.ofPlatform().daemon().name("start-" + name).start(task);
        return task;
    }

    private static <T> T started(
            String name, DataFolder data, FutureTask<T> task, java.util.concurrent.Future<?> alsoStarting)
            throws DemoFailure {
        try {
            return task.get();
        } catch (ExecutionException e) {
            alsoStarting.cancel(false);
            throw new DemoFailure(
                    name + " cannot start in " + data.folder() + ": " + e.getCause()
                            + "; if the folder is of an older version or damaged, remove it or choose another with"
                            + " --data",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted while " + name + " started", e);
        }
    }
}
