// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Decisions as server-sent events, from the running server.
@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class DecisionStreamIT {
    private static final String PLAN = "{\"stages\": [{\"shareBp\": 0}, {\"shareBp\": 100}, {\"shareBp\": 10000}]}";

    private final Browser browser = new Browser();
    private final HttpClient http = HttpClient.newHttpClient();
    private final SecretsFolder.Secrets secrets;

    DecisionStreamIT(SecretsFolder.Secrets secrets) {
        this.secrets = secrets;
    }

    private HttpRequest.Builder stream(String query) {
        return HttpRequest.newBuilder(Browser.base().resolve("/api/v1/decisions/stream" + query))
                .header("Authorization", "Bearer " + secrets.operatorToken());
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return browser.call(
                method,
                path,
                Map.of("Authorization", "Bearer " + secrets.operatorToken(), "Content-Type", "application/json"),
                body);
    }

    @Test
    void aDecisionComesAsItIsMadeAndWhoeverComesBackMissesNothing() throws Exception {
        send("PUT", "/api/v1/workloads/streamed", "{}");
        send(
                "PUT",
                "/api/v1/builds/streamed-v1",
                "{\"workload\": \"streamed\", \"artifacts\": {\"any\": \"" + "c".repeat(64) + "\"}}");
        String rollout;
        String begun;
        String place;
        try (Stream<String> lines = http.send(stream("").build(), HttpResponse.BodyHandlers.ofLines())
                .body()) {
            Iterator<String> line = lines.iterator();
            assertThat(line.next()).isEqualTo(":following");
            // Whoever loses the stream before anything came can go on from here.
            begun = next(line, "id:");
            rollout = new JsonObject(send(
                                    "POST",
                                    "/api/v1/rollouts",
                                    "{\"workload\": \"streamed\", \"champion\": {\"frontier\": \"cloud\"},"
                                            + " \"challenger\": \"streamed-v1\", \"plan\": " + PLAN + "}")
                            .body())
                    .getString("rollout");
            place = next(line, "id:");
            assertThat(place).isNotEqualTo(begun);
            assertThat(next(line, "data:")).contains(rollout, "\"number\":1");
        }
        String act = "{\"act\": \"abort\", \"who\": \"olaf\", \"why\": \"end of test\"}";
        assertThat(send("POST", "/api/v1/rollouts/" + rollout + "/acts", act).statusCode())
                .isEqualTo(200);
        HttpRequest again =
                stream("?rollout=" + rollout).header("Last-Event-ID", place).build();
        try (Stream<String> lines =
                http.send(again, HttpResponse.BodyHandlers.ofLines()).body()) {
            assertThat(next(lines.iterator(), "data:")).contains(rollout, "\"number\":2");
        }
        HttpRequest fromBegin =
                stream("?rollout=" + rollout).header("Last-Event-ID", begun).build();
        try (Stream<String> lines =
                http.send(fromBegin, HttpResponse.BodyHandlers.ofLines()).body()) {
            assertThat(next(lines.iterator(), "data:")).contains(rollout, "\"number\":1");
        }
    }

    @Test
    void aPlaceThatIsNoneIsSaidAtOnce() throws Exception {
        HttpResponse<String> answer =
                http.send(stream("?after=nowhere").build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }

    private static String next(Iterator<String> lines, String field) {
        String line = lines.next();
        while (!line.startsWith(field)) {
            line = lines.next();
        }
        return line.substring(field.length()).strip();
    }
}
