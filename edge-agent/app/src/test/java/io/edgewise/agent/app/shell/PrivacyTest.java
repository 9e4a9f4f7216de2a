// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.edgewise.agent.spool.SpoolKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What may leave a device, by its settings and by what the app asks for: a frontier that keeps all it is sent is the
/// witness.
class PrivacyTest {
    private static final String ANSWER =
            "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"translate\"}}]}";
    private static final String MAIL = "ada@example.com";

    @TempDir
    private Path folder = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer frontier;

    @BeforeEach
    void start() throws Exception {
        frontier = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        frontier.createContext("/", exchange -> {
            seen.add(exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        frontier.start();
    }

    @AfterEach
    void stop() {
        frontier.stop(0);
        http.close();
    }

    private Scene scene(String privacy) throws Exception {
        return new Scene(
                folder,
                privacy,
                Optional.of(
                        URI.create("http://127.0.0.1:" + frontier.getAddress().getPort())));
    }

    private HttpResponse<String> post(Scene scene, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(scene.url() + path)).POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> chat(Scene scene, String... headers) throws Exception {
        return post(
                scene,
                "/v1/chat/completions",
                "{\"model\":\"frontier-intent\",\"messages\":[{\"role\":\"user\",\"content\":\"mail " + MAIL
                        + " about zarquon\"}]}",
                headers);
    }

    /// A request that only the frontier can answer: a picture.
    private HttpResponse<String> picture(Scene scene) throws Exception {
        return post(
                scene,
                "/v1/chat/completions",
                "{\"model\":\"frontier-intent\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                        + "\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]}]}");
    }

    @Test
    void nothingOfAnOnDeviceWorkloadReachesTheFrontierByAnyRoad() throws Exception {
        String settings = "privacy: {class: on-device, pass-through: true}\nrouting: {home: " + Scene.BUILD + "}";
        try (Scene scene = scene(settings)) {
            HttpResponse<String> answer = chat(scene);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Edgewise-Served-By")).hasValue(Scene.BUILD);
            assertThat(chat(scene, "X-Edgewise-Privacy", "open").statusCode()).isEqualTo(200);
            for (HttpResponse<String> refused : List.of(
                    picture(scene),
                    post(scene, "/v1/embeddings", "{\"input\":\"" + MAIL + "\"}"),
                    post(scene, "/v1/audio/speech", MAIL))) {
                assertThat(refused.statusCode()).isEqualTo(403);
                assertThat(refused.body()).contains("stays_on_device");
            }
        }

        assertThat(seen).isEmpty();
    }

    @Test
    void anAppMayBeStricterThanTheSettingsAndNeverMoreOpen() throws Exception {
        try (Scene scene = scene("privacy: {class: open}\nrouting: {home: " + Scene.BUILD + "}")) {
            HttpResponse<String> kept = chat(scene, "X-Edgewise-Privacy", "on-device");
            assertThat(kept.headers().firstValue("X-Edgewise-Served-By")).hasValue(Scene.BUILD);
            assertThat(seen).isEmpty();
            assertThat(post(scene, "/v1/embeddings", "{}", "X-Edgewise-Privacy", "on-device")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(seen).isEmpty();

            assertThat(chat(scene).statusCode()).isEqualTo(200);
            assertThat(seen).singleElement().asString().contains(MAIL, "zarquon");
            assertThat(chat(scene, "X-Edgewise-Privacy", "private").statusCode())
                    .isEqualTo(400);
            assertThat(chat(scene, "X-Edgewise-Tags", "a b").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void textsAreRedactedByDefaultAndWhatCannotBeStaysUntilSomebodySaysOtherwise() throws Exception {
        String own = "privacy: {names: [Zarquon], patterns: {order: 'ORD-[0-9]{6}'}}";
        try (Scene scene = scene(own)) {
            assertThat(chat(scene, "X-Edgewise-Privacy", "open").statusCode()).isEqualTo(200);
            assertThat(seen)
                    .singleElement()
                    .asString()
                    .contains("[EMAIL_1]", "[NAME_1]")
                    .doesNotContain(MAIL);
            HttpResponse<String> refused = picture(scene);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("not_redactable", "privacy.pass-through");
            assertThat(seen).hasSize(1);
        }
        try (Scene scene = scene("privacy: {pass-through: true}")) {
            assertThat(picture(scene).statusCode()).isEqualTo(200);
            assertThat(seen).hasSize(2);
        }
    }

    @Test
    void theKeyOfRecordedTextsIsMadeOnceAndIsTheOwnersAlone() throws Exception {
        for (int start = 0; start < 2; start++) {
            try (Scene scene = scene("privacy: {texts: true, uses: [judge]}")) {
                assertThat(chat(scene).statusCode()).isEqualTo(200);
            }
        }
        Path file = folder.resolve("data/spool.key");

        assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
        assertThat(SpoolKey.file(file).getEncoded()).hasSize(32);
    }
}
