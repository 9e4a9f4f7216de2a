// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Observation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes with a request and its answer beside the bodies: a stream's headers and trailer, the app's own numbers.
class StreamHeadersTest {
    private static final String CHAT = "/v1/chat/completions";

    @TempDir
    private Path folder = Path.of("");

    private static String body(boolean isStream) {
        return "{\"model\": \"large\", \"stream\": " + isStream
                + ", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}";
    }

    private static HttpResponse<String> post(ChatScene scene, String path, String body, String... headers)
            throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(scene.url() + path))
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /// All that comes on the wire.
    private static String stream(ChatScene scene) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), scene.url().getPort())) {
            socket.setSoTimeout(20_000);
            String body = body(true);
            socket.getOutputStream()
                    .write(("POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\nConnection: close\r\n"
                                    + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String header(String said, String name) {
        return said.lines()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    @Test
    void aStreamSaysWhoAnswersBeforeItsFirstBytesAndItsTrailerTakesFeedback() throws Exception {
        try (ChatScene scene = new ChatScene(folder).taught("", "")) {
            scene.frontier.says("a streamed answer");
            scene.order(Directive.Mode.MODE_CHAMPION_ONLY);
            String said = stream(scene);
            int head = said.indexOf("\r\n\r\n");
            String token = header(said.substring(said.lastIndexOf("[DONE]")), "X-Edgewise-Feedback-Token");

            assertThat(header(said.substring(0, head), "X-Edgewise-Arm")).isEqualTo("champion");
            assertThat(header(said.substring(0, head), "X-Edgewise-Served-By")).isEqualTo("frontier");
            String id = header(said.substring(0, head), "X-Edgewise-Observation");
            assertThat(header(said.substring(0, head), "Trailer")).isEqualTo("X-Edgewise-Feedback-Token");
            assertThat(token).isNotEmpty();
            assertThat(post(scene, "/v1/feedback", "{\"token\": \"" + token + "\", \"thumb\": \"up\"}")
                            .body())
                    .isEqualTo("{\"recorded\":true}");
            assertThat(post(scene, "/v1/feedback", "{\"observation_id\": \"" + id + "\", \"score\": 0.5}")
                            .body())
                    .isEqualTo("{\"recorded\":true}");
            Observation observation = scene.observations(1).getFirst();
            assertThat(HexFormat.of().formatHex(observation.getId().toByteArray()))
                    .isEqualTo(id);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheVendorSaysInHeadersThatClientsActOnReachesTheApp(boolean isStream) throws Exception {
        try (ChatScene scene = new ChatScene(folder).taught("", "")) {
            scene.frontier.says("an answer");
            scene.order(Directive.Mode.MODE_CHAMPION_ONLY);
            HttpResponse<String> answer = post(scene, CHAT, body(isStream));

            assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                    .startsWith(isStream ? "text/event-stream" : "application/json");
            assertThat(answer.headers().firstValue("X-Request-Id")).hasValue("req-7");
            assertThat(answer.headers().firstValue("X-RateLimit-Remaining-Requests"))
                    .hasValue("59");
            assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(answer.headers().firstValue("X-Edgewise-Arm")).hasValue("champion");
        }
    }

    @Test
    void aStreamThatHasBegunIsNotCutOffByTheTimeThatItsAppWaitsForAnAnswer() throws Exception {
        try (ChatScene scene = new ChatScene(folder).taught("", "")) {
            scene.frontier.says("one two three four").takesForAWord(600);
            scene.order(Directive.Mode.MODE_CHAMPION_ONLY);
            HttpResponse<String> answer = post(scene, CHAT, body(true), "X-Edgewise-Timeout-Ms", "1500");

            assertThat(answer.body()).contains("four", "[DONE]").doesNotContain("stream_broken");
        }
    }

    @Test
    void theAppsOwnNumbersAreFeaturesOfItsObservation() throws Exception {
        try (ChatScene scene = new ChatScene(folder).taught("", "")) {
            scene.frontier.says("an answer");
            scene.order(Directive.Mode.MODE_CHAMPION_ONLY);
            assertThat(post(scene, CHAT, body(false), "X-Edgewise-Features", "queue=3, load=-0.5e1")
                            .statusCode())
                    .isEqualTo(200);

            assertThat(scene.observations(1).getFirst().getFeaturesMap())
                    .containsEntry("queue", 3.0)
                    .containsEntry("load", -5.0)
                    .hasSizeGreaterThan(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"queue", "queue=", "=3", "queue=NaN", "queue=1e999", "Queue=3", "queue=3;load=1", "queue=0x1p3"})
    void whatIsNoNumberByNameIsRefusedInWords(String said) throws Exception {
        try (ChatScene scene = new ChatScene(folder).smallest("")) {
            HttpResponse<String> refused = post(scene, CHAT, body(false), "X-Edgewise-Features", said);

            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("must be numbers by name, such as queue=3,load=0.5");
            assertThat(scene.frontier.asked()).isEmpty();
        }
    }
}
