// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.testkit.OrdersServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The certificate that a device shows to its server: `server.client-certificate`.
class ClientCertificateTest {
    private static final String OWN = "edgewise://default/kiosk-17";

    @TempDir
    private static Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static OwnCertificate authority;

    private static String device = "";
    private static String nobody = "";

    @BeforeAll
    static void issue() throws Exception {
        authority = OwnCertificate.make(folder);
        device = authority.issue("device", "uri:" + OWN);
        var _ = authority.issue("renewed", "uri:" + OWN);
        nobody = authority.issue("nobody", "dns:kiosk-17");
    }

    private static Settings settings(int port, String more) throws Exception {
        try (OrdersServer ingest = new OrdersServer()) {
            return SettingsReader.read(
                    "test",
                    """
                    device: kiosk-17
                    workload: {name: voice, labels: [a, b]}
                    frontier: {url: "https://127.0.0.1:%d", model: large}
                    trusted-authorities: %s
                    server: {url: "https://127.0.0.1:%d", feedback-key: "00ff", signing-key: %s, %s}
                    """.formatted(port, authority.pem(), port, ingest.writeKey(folder), more),
                    Map.of(),
                    folder);
        }
    }

    /// Settings that name this certificate and this key.
    private static String named(String certificate, String key) {
        return "client-certificate: %s, client-key: %s".formatted(folder.resolve(certificate), folder.resolve(key));
    }

    /// One that asks for a certificate, and notes who asked by which path, and with which token. Each
    /// connection is good for one request.
    private static HttpsServer server(List<String> askers) throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.mutual()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters terms = getSSLContext().getDefaultSSLParameters();
                terms.setWantClientAuth(true);
                parameters.setSSLParameters(terms);
            }
        });
        server.createContext("/", exchange -> {
            askers.add(exchange.getRequestURI().getPath() + " " + who(exchange) + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().add("Connection", "close");
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String who(HttpExchange exchange) {
        try {
            return ((HttpsExchange) exchange).getSSLSession().getPeerPrincipal().getName();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    private static HttpClient client(Settings settings) throws IOException {
        return Trust.with(settings.authorities(), OwnKeys.of(settings))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Test
    void isShownToTheServerInThePlaceOfATokenAndToNobodyElse() throws Exception {
        List<String> askers = new CopyOnWriteArrayList<>();
        HttpsServer server = server(askers);
        HttpsServer other = server(askers);
        Settings settings = settings(server.getAddress().getPort(), device);
        try (HttpClient http = client(settings);
                Link link = Link.of(settings, http)) {
            var _ = link.orders().poll("voice", 7, Duration.ZERO);
            URI others = URI.create("https://127.0.0.1:" + other.getAddress().getPort() + "/v1/models");
            var _ = http.send(HttpRequest.newBuilder(others).build(), HttpResponse.BodyHandlers.discarding());
        } finally {
            server.stop(0);
            other.stop(0);
        }
        assertThat(askers).containsExactly("/ingest/v1/orders CN=device null", "/v1/models nobody null");
    }

    @Test
    void aTokenIsSentBesideIt() throws Exception {
        List<String> askers = new CopyOnWriteArrayList<>();
        HttpsServer server = server(askers);
        Settings settings = settings(server.getAddress().getPort(), nobody + ", token: default~kiosk-17~x");
        try (HttpClient http = client(settings);
                Link link = Link.of(settings, http)) {
            var _ = link.orders().poll("voice", 7, Duration.ZERO);
        } finally {
            server.stop(0);
        }
        assertThat(askers).containsExactly("/ingest/v1/orders CN=nobody Bearer default~kiosk-17~x");
    }

    /// Each client is a new one, since a resumed TLS session goes on with what was shown when it began.
    @Test
    void aRenewedOneIsShownWithoutARestartAndABrokenOneNever() throws Exception {
        List<String> askers = new CopyOnWriteArrayList<>();
        HttpsServer server = server(askers);
        Path certificate = copy("device.pem", "now.pem");
        Path key = copy("device-key.pem", "now-key.pem");
        Settings settings = settings(server.getAddress().getPort(), named("now.pem", "now-key.pem"));
        Optional<OwnKeys> shown = OwnKeys.of(settings);
        try {
            poll(settings, shown);
            // Of another pair than the key, for a moment.
            copy("renewed.pem", "now.pem");
            poll(settings, shown);
            copy("renewed-key.pem", "now-key.pem");
            poll(settings, shown);
            Files.delete(certificate);
            Files.delete(key);
            poll(settings, shown);
        } finally {
            server.stop(0);
        }
        assertThat(askers.stream().map(asker -> asker.split(" ", -1)[1]))
                .containsExactly("CN=device", "CN=device", "CN=renewed", "CN=renewed");
    }

    private static void poll(Settings settings, Optional<OwnKeys> shown) throws IOException {
        try (HttpClient http = Trust.with(settings.authorities(), shown).build();
                Link link = Link.of(settings, http)) {
            var _ = link.orders().poll("voice", 7, Duration.ZERO);
        }
    }

    private static Path copy(String from, String to) throws IOException {
        return Files.copy(folder.resolve(from), folder.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void theDoctorTellsACertificateThatIsNotTrustedHereFromASilentServer() throws Exception {
        HttpsServer server = server(new CopyOnWriteArrayList<>());
        int port = server.getAddress().getPort();
        String yaml = """
                device: kiosk-17
                http: {port: %d}
                workload: {name: voice, labels: [a, b]}
                frontier: {url: "https://127.0.0.1:%d", model: large}
                """.formatted(port, port);
        try {
            assertThat(new Doctor(SettingsReader.read("test", yaml, Map.of(), folder)).look())
                    .anySatisfy(
                            finding -> assertThat(finding)
                                    .isEqualTo(
                                            new Doctor.Finding(
                                                    "frontier",
                                                    Doctor.State.FAIL,
                                                    "https://127.0.0.1:" + port
                                                            + " shows a certificate of an authority that is not trusted here",
                                                    "name its authority's certificate in trusted-authorities, or correct frontier.url")))
                    .anySatisfy(finding -> assertThat(finding.toString())
                            .contains("port", "FAIL", "cannot listen on 127.0.0.1:" + port + ": Address already"));
        } finally {
            server.stop(0);
        }
    }

    private static void refused(String more, String... words) throws Exception {
        Settings settings = settings(1, more);
        assertThatThrownBy(() -> OwnKeys.of(settings))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void whatCannotBeShownIsSaidInWords() throws Exception {
        refused(
                named("device.pem", "renewed-key.pem"),
                "server.client-key: " + folder.resolve("renewed-key.pem") + " is the key of another certificate than "
                        + folder.resolve("device.pem"));
        refused(named("device.pem", "device.pem"), "holds no private key", "openssl pkcs8 -topk8 -nocrypt");
        refused(
                named("device-key.pem", "device-key.pem"),
                "server.client-certificate: " + folder.resolve("device-key.pem") + " holds no certificate in PEM");
        Files.writeString(folder.resolve("empty.pem"), "");
        refused(named("empty.pem", "device-key.pem"), "empty.pem is empty", "BEGIN CERTIFICATE");
        String plain = Files.readString(folder.resolve("device-key.pem"));
        Files.writeString(folder.resolve("locked.pem"), plain.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
        refused(named("device.pem", "locked.pem"), "is encrypted", "-nocrypt -in " + folder.resolve("locked.pem"));
        Files.writeString(folder.resolve("old.pem"), plain.replace("PRIVATE KEY", "EC PRIVATE KEY"));
        refused(named("device.pem", "old.pem"), "\"BEGIN PRIVATE KEY\"", "openssl pkcs8 -topk8");
        Files.writeString(folder.resolve("torn.pem"), plain.substring(0, 60) + "\n-----END PRIVATE KEY-----\n");
        refused(named("device.pem", "torn.pem"), "torn.pem holds no EC key");
    }

    @Test
    void itMustBeOfThisDeviceOrLeaveThatToTheToken() throws Exception {
        refused(nobody, "names no device, and there is no server.token", "subjectAltName=URI:" + OWN);
        refused(
                authority.issue("another", "uri:edgewise://default/kiosk-18"),
                "is of edgewise://default/kiosk-18, and this is " + OWN);
        assertThat(OwnKeys.of(settings(1, nobody + ", token: t"))).isPresent();
    }

    private static String look(String more, Duration later) throws Exception {
        return DeviceCertificate.read(settings(1, more))
                .orElseThrow()
                .look(Instant.now().plus(later))
                .toString();
    }

    @Test
    void theDoctorTellsHowLongItCounts() throws Exception {
        assertThat(look(device, Duration.ofHours(1))).contains("state=OK", "of " + OWN + ", until 2");
        assertThat(look(nobody + ", token: t", Duration.ofHours(1))).contains("state=OK", "server.token says which");
        assertThat(look(device, Duration.ofHours(45))).contains("state=WARN", "have it renewed");
        assertThat(look(device, Duration.ofHours(49))).contains("state=FAIL", "it ran out on 2", "server.token");
        assertThat(look(device, Duration.ofHours(-1))).contains("state=FAIL", "it counts from", "clock");
        assertThat(new Doctor(settings(1, named("device.pem", "renewed-key.pem"))).look())
                .anySatisfy(finding -> assertThat(finding.toString())
                        .contains("client certificate", "FAIL", "is the key of another certificate"));
        assertThat(new Doctor(settings(1, device)).look())
                .filteredOn(finding -> finding.what().equals("client certificate"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.state()).isEqualTo(Doctor.State.OK));
    }
}
