// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Against a server that speaks the wire; that the real one's credentials open ingest is the server's own test.
class EnrolCommandTest {
    private static final String ENROLLED =
            "{\"tenant\":\"default\",\"device\":\"kiosk-17\",\"token\":\"default~kiosk-17~abc\","
                    + "\"feedbackKey\":\"00ff\",\"signingKey\":\"-----BEGIN PUBLIC KEY-----\\nAAEC\\n-----END PUBLIC KEY-----\\n\"}";

    @RegisterExtension
    private final StandInServer server = new StandInServer();

    @TempDir
    private Path folder;

    private Run enrol(int status, String answer) {
        server.on("/api/v1/devices", status, answer);
        return server.run(
                "enrol",
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
        Run run = enrol(200, ENROLLED);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(server.lines()).containsExactly("POST /api/v1/devices {\"device\":\"kiosk-17\"}");
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
        Run run = enrol(403, "{\"title\":\"not-allowed\",\"detail\":\"the role viewer may not do this\"}");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("the server says 403, not-allowed: the role viewer may not do this");
        assertThat(folder.resolve("kiosk-17")).doesNotExist();
    }

    @Test
    void aRevocationSaysWhoAndWhy() {
        server.on("/api/v1/devices", 204, "");

        Run run = server.run("revoke", "--device", "kiosk-17", "--why", "lost & found");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(server.lines()).containsExactly("DELETE /api/v1/devices/kiosk-17?why=lost%20%26%20found");
        assertThat(run.out()).contains("kiosk-17 is revoked");
    }
}
