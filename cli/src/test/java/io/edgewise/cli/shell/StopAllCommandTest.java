// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a server that speaks the wire.
class StopAllCommandTest {
    private HttpServer server;
    private String answer = "";

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/stops", exchange -> {
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        Files.writeString(folder.resolve("operator"), "secret-1\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void whatIsNotBackYetIsNamedAndMakesTheExitCodeOne() {
        answer = "{\"stopped\": [{\"workload\": \"home\", \"revision\": 7, \"sentence\": \"Rolled back.\"}],"
                + " \"pending\": [\"01ARZ3NDEKTSV4RRFFQ69G5FAV\"]}";
        Run pending = stopAll();

        assertThat(pending.code()).as(pending.err()).isEqualTo(1);
        assertThat(pending.out())
                .contains("home  revision 7  Rolled back.")
                .contains("pending: 01ARZ3NDEKTSV4RRFFQ69G5FAV (the next look stops it)");

        answer = "{\"stopped\": [], \"pending\": []}";
        assertThat(stopAll().code()).isZero();
    }

    private Run stopAll() {
        return Run.of(
                "stop-all",
                "--server",
                "http://localhost:" + server.getAddress().getPort(),
                "--token-file",
                folder.resolve("operator").toString(),
                "--why",
                "fire");
    }
}
