// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientCertificateSettingsTest {
    @TempDir
    private Path folder = Path.of("");

    private static final String NAMED = "  client-certificate: device.pem\n  client-key: device-key.pem\n";

    private Settings read(String scheme, String more) throws ConfigFailure, IOException {
        return read(scheme, "  token: a-token\n", more);
    }

    private Settings read(String scheme, String token, String more) throws ConfigFailure, IOException {
        for (String name : new String[] {"signing.pub", "device.pem", "device-key.pem"}) {
            Files.writeString(folder.resolve(name), "x");
        }
        return SettingsReader.read("agent.yaml", """
                device: kiosk-17
                workload: {name: voice, labels: [a, b]}
                frontier: {url: "https://api.example.com", model: gpt-x}
                server:
                  url: "%s://edgewise.example.com"
                  feedback-key: "00ff"
                  signing-key: signing.pub
                """.formatted(scheme) + token + more, Map.of(), folder);
    }

    @Test
    void aCertificateAndItsKeyAreNamedTogether() throws Exception {
        assertThat(read("https", "").server().orElseThrow().certificate()).isEmpty();
        assertThat(read("https", NAMED).server().orElseThrow().certificate())
                .hasValue(
                        new Settings.ClientCertificate(folder.resolve("device.pem"), folder.resolve("device-key.pem")));
        assertThatThrownBy(() -> read("https", "  client-certificate: device.pem\n"))
                .hasMessageContaining("server.client-key")
                .hasMessageContaining("named together");
        assertThatThrownBy(() -> read("https", "  client-key: device-key.pem\n"))
                .hasMessageContaining("server.client-certificate");
    }

    @Test
    void itIsNotShownInTheClear() {
        assertThatThrownBy(() -> read("http", NAMED)).hasMessageContaining("over https only");
        assertThatThrownBy(() -> read("https", "  client-certificate: none.pem\n  client-key: device-key.pem\n"))
                .hasMessageContaining("none.pem cannot be read");
    }

    @Test
    void besideACertificateNoTokenIsNeeded() throws Exception {
        assertThat(read("https", "", NAMED).server().orElseThrow().token()).isEmpty();
        assertThat(read("https", NAMED).server().orElseThrow().token()).hasValue("a-token");
        assertThatThrownBy(() -> read("https", "", ""))
                .hasMessageContaining(
                        "server.token: is missing; the server's enrolment of this device gives it, or name"
                                + " a certificate in server.client-certificate");
    }
}
