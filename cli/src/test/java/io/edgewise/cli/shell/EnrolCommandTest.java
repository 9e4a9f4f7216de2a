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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a server that speaks the wire; that the real one's credentials open ingest is the server's own test.
class EnrolCommandTest {
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private int status = 200;
    private String answer = "{\"tenant\":\"default\",\"device\":\"kiosk-17\",\"token\":\"default~kiosk-17~abc\","
            + "\"feedbackKey\":\"00ff\",\"signingKey\":\"-----BEGIN PUBLIC KEY-----\\nAAEC\\n-----END PUBLIC KEY-----\\n\"}";

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
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

    private Run enrol() {
        return Run.of(
                "enrol",
                "--server",
                "http://localhost:" + server.getAddress().getPort(),
                "--token-file",
                folder.resolve("operator").toString(),
                "--device",
                "kiosk-17",
                "--out",
                folder.resolve("kiosk-17").toString());
    }

    private String file(String name) throws IOException {
        return Files.readString(folder.resolve("kiosk-17").resolve(name));
    }

    @Test
    void whatTheAgentNeedsLiesInFilesOfTheirOwnersOnlyAndTheSettingsAreShown() throws IOException {
        Run run = enrol();

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(asked).containsExactly("POST /api/v1/devices {\"device\":\"kiosk-17\"}");
        assertThat(file("token")).isEqualTo("default~kiosk-17~abc\n");
        assertThat(file("feedback-key")).isEqualTo("00ff\n");
        assertThat(file("signing.pub")).startsWith("-----BEGIN PUBLIC KEY-----\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("kiosk-17/token"))))
                .isEqualTo("rw-------");
        assertThat(run.out())
                .contains("kiosk-17 is enrolled", "device: kiosk-17", "tenant: default", "signing-key: /etc/")
                .doesNotContain("abc", "00ff");
    }

    @Test
    void whereTheServerRefusesNoFileIsLeft() {
        status = 403;
        answer = "{\"title\":\"not-allowed\",\"detail\":\"the role viewer may not do this\"}";

        Run run = enrol();

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("the server says 403, not-allowed: the role viewer may not do this");
        assertThat(folder.resolve("kiosk-17")).doesNotExist();
    }

    @Test
    void aRevocationSaysWhoAndWhy() {
        answer = "";
        status = 204;

        Run run = Run.of(
                "revoke",
                "--server",
                "http://localhost:" + server.getAddress().getPort(),
                "--token-file",
                folder.resolve("operator").toString(),
                "--device",
                "kiosk-17",
                "--why",
                "lost & found");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(asked).containsExactly("DELETE /api/v1/devices/kiosk-17?why=lost%20%26%20found ");
        assertThat(run.out()).contains("kiosk-17 is revoked");
    }
}
