// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.agent.app.config.ConfigFailure;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.testkit.OrdersServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the doctor says of the clock and of the keys.
class DoctorTest {
    @TempDir
    private Path folder = Path.of("");

    private Settings settings(URI frontier, String more) throws ConfigFailure {
        return SettingsReader.read("test", """
                device: kiosk-17
                folder: data
                http: {port: 0}
                workload: {name: voice-ivr-intent}
                frontier: {url: "%s", model: large}
                """.formatted(frontier) + more, Map.of(), folder);
    }

    private static List<String> said(Settings settings, String what) {
        return new Doctor(settings)
                .look().stream()
                        .filter(finding -> finding.what().equals(what))
                        .map(finding -> finding.state() + " " + finding.how() + " → " + finding.act())
                        .toList();
    }

    private List<String> clock(String... dates) throws Exception {
        String date = dates.length == 0 ? "X-No-Date: 1" : "Date: " + dates[0];
        try (RawServer frontier =
                new RawServer("HTTP/1.1 200 OK", date, "Content-Length: 2", "Connection: close", "", "{}")) {
            return said(settings(frontier.url(), ""), "clock");
        }
    }

    private static String httpDate(Duration off) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.ofInstant(Instant.now().plus(off), ZoneOffset.UTC));
    }

    @ParameterizedTest
    @CsvSource({"PT2H, behind", "-PT2H, ahead of", "PT310S, behind", "-PT301S, ahead of"})
    void aClockThatIsOffIsAFailureThatSaysByHowMuchAndWhatToDo(Duration off, String where) throws Exception {
        assertThat(clock(httpDate(off)))
                .singleElement()
                .asString()
                .matches("FAIL it is \\d+ s " + where + " the frontier's → set it, for example with NTP");
    }

    @Test
    void aClockThatIsRightOneThatCannotBeComparedAndNoneAreToldApart() throws Exception {
        assertThat(clock(httpDate(Duration.ofMinutes(-2))))
                .singleElement()
                .asString()
                .matches("OK within \\d+ s of the frontier's → ");
        assertThat(clock("yesterday")).containsExactly("WARN the frontier's time cannot be read → ");
        assertThat(clock()).isEmpty();
    }

    private String key(String content) throws Exception {
        return "server: {url: \"http://127.0.0.1:1\", token: t, feedback-key: \"0011\", signing-key: "
                + Files.writeString(folder.resolve("own.pub"), content) + "}\n";
    }

    @Test
    void aSigningKeyThatIsNoneIsNamedWithWhereToGetOne() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:1");
        String rsa = Base64.getMimeEncoder()
                .encodeToString(KeyPairGenerator.getInstance("RSA")
                        .generateKeyPair()
                        .getPublic()
                        .getEncoded());
        for (String wrong :
                List.of("", "no key", "-----BEGIN PUBLIC KEY-----\n" + rsa + "\n-----END PUBLIC KEY-----\n")) {
            assertThat(said(settings(nobody, key(wrong)), "signing key"))
                    .containsExactly("FAIL server.signing-key: " + folder.resolve("own.pub")
                            + " holds no Ed25519 public key in PEM; copy the server's signing.pub → copy the server's"
                            + " signing.pub to the device");
        }
        try (OrdersServer ingest = new OrdersServer()) {
            String right = Files.readString(ingest.writeKey(folder));
            assertThat(said(settings(nobody, key(right)), "signing key"))
                    .containsExactly("OK " + folder.resolve("own.pub") + " → ");
        }
    }

    @Test
    void keysThatAreMissingKeepTheDoctorFromLookingAndAreNamedTogether() {
        assertThatThrownBy(() -> settings(URI.create("http://127.0.0.1:1"), "server: {url: \"http://127.0.0.1:1\"}\n"))
                .isInstanceOf(ConfigFailure.class)
                .hasMessageContaining("server.token: is missing; the server's enrolment of this device gives it")
                .hasMessageContaining("server.feedback-key: is missing")
                .hasMessageContaining("server.signing-key: is missing");
        assertThatThrownBy(
                        () -> settings(
                                URI.create("http://127.0.0.1:1"),
                                "server: {url: \"http://127.0.0.1:1\", token: t, feedback-key: \"0011\", signing-key: gone.pub}\n"))
                .isInstanceOf(ConfigFailure.class)
                .hasMessageContaining("server.signing-key: the file " + folder.resolve("gone.pub")
                        + " cannot be read; create it or correct the path");
    }
}
