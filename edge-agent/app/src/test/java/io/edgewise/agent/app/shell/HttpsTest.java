// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where apps of other machines ask: `http.certificate`.
class HttpsTest {
    @TempDir
    private Path folder = Path.of("");

    private static HttpRequest health(String scheme, int port) {
        return HttpRequest.newBuilder(URI.create(scheme + "://127.0.0.1:" + port + "/q/health/ready"))
                .build();
    }

    @Test
    void withACertificateItSpeaksTlsAndNothingElse() throws Exception {
        OwnCertificate certificate = OwnCertificate.make(folder);
        String more = ", certificate: %s, certificate-key: %s".formatted(certificate.pem(), certificate.key());
        try (Scene scene = new Scene(folder, more);
                HttpClient trusting =
                        HttpClient.newBuilder().sslContext(certificate.trust()).build();
                HttpClient other = HttpClient.newHttpClient()) {
            int port = scene.sidecar().port();

            HttpResponse<String> answer = trusting.send(health("https", port), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.sslSession().orElseThrow().getProtocol()).isIn("TLSv1.3", "TLSv1.2");
            assertThatThrownBy(() -> other.send(health("https", port), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
            assertThatThrownBy(() -> other.send(health("http", port), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    /// A frontier, or a server, whose certificate a company signed itself.
    @Test
    void aCompanysOwnAuthorityIsTrustedWhereTheSettingsNameIt() throws Exception {
        OwnCertificate certificate = OwnCertificate.make(folder);
        HttpsServer frontier = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        frontier.setHttpsConfigurator(new HttpsConfigurator(certificate.shown()));
        frontier.createContext("/", exchange -> {
            byte[] answer = "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"translate\"}}]}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        frontier.start();
        URI url = URI.create("https://127.0.0.1:" + frontier.getAddress().getPort());
        try {
            try (Scene scene = new Scene(folder, "", Optional.of(url))) {
                assertThat(ask(scene).statusCode()).isBetween(500, 599);
                assertThat(files(scene).statusCode()).isEqualTo(502);
            }
            try (Scene scene = new Scene(folder, "trusted-authorities: " + certificate.pem(), Optional.of(url))) {
                HttpResponse<String> answer = ask(scene);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.body()).contains("translate");
                assertThat(files(scene).body())
                        .as("what passes through asks it too")
                        .contains("translate");
            }
        } finally {
            frontier.stop(0);
        }
        Path none = Files.writeString(folder.resolve("none.pem"), "no certificate");
        assertThatThrownBy(() -> Trust.with(Optional.of(none), Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("trusted-authorities: " + none);
    }

    private static HttpResponse<String> files(Scene scene) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(scene.url() + "/v1/files"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> ask(Scene scene) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(scene.url() + "/v1/chat/completions"))
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            "{\"model\":\"frontier-intent\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
