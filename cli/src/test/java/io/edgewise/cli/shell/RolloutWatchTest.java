// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `rollout watch` ends when the rollout does, and its exit code says how.
class RolloutWatchTest {
    private static final String STREAM = "GET /api/v1/decisions/stream?rollout=R1";
    private static final String RUNNING = """
            {"rollout":"R1","workload":"voice","challenger":"int4","phase":"canary","stageName":"1 %","shareBp":100,\
            "revision":3,"outcome":null,"outlook":"Waits.","decisions":[]}""";

    @RegisterExtension
    private final StandInServer server = new StandInServer();

    private final AtomicInteger shown = new AtomicInteger();
    private final List<String> places = Collections.synchronizedList(new ArrayList<>());

    private static String over(String outcome) {
        return RUNNING.replace("\"outcome\":null", "\"outcome\":\"" + outcome + "\"")
                .replace("\"phase\":\"canary\"", "\"phase\":\"" + outcome + "\"");
    }

    private static String event(int number, String kind) {
        return "id: 1-" + number + "\nevent: " + kind + "\ndata: {\"at\":\"08:0" + number + "\",\"kind\":\"" + kind
                + "\",\"sentence\":\"S" + number + ".\"}\n\n";
    }

    /// What the stream says, connection by connection; the last is said again.
    private void streams(String... bodies) {
        server.on(STREAM, exchange -> {
            places.add(String.valueOf(exchange.getRequestHeaders().getFirst("Last-Event-ID")));
            StandInServer.write(exchange, 200, bodies[Math.min(places.size(), bodies.length) - 1]);
        });
    }

    /// It runs for so many questions.
    private void endsAfter(int questions, String outcome) {
        server.on(
                "GET /api/v1/rollouts/R1",
                exchange -> StandInServer.write(
                        exchange, 200, shown.getAndIncrement() < questions ? RUNNING : over(outcome)));
    }

    @Test
    void decisionsAreFollowedToTheEndAndACompletedRolloutIsExitCodeZero() {
        streams(":following\nid: 1-0\n\n" + event(1, "verdict") + ":quiet\n\n" + event(2, "completed")
                + event(3, "after the end"));
        endsAfter(2, "completed");

        Run run = server.run("rollout", "watch", "R1");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("R1  voice: int4 is canary")
                .endsWith("08:01  verdict     S1.\n08:02  completed   S2.\n");
        assertThat(server.lines()).startsWith(STREAM, "GET /api/v1/rollouts/R1");
    }

    @Test
    void whatWentBackOrWasAbortedIsExitCodeOneAlsoWhereItIsOverAlready() {
        for (String outcome : List.of("rolled_back", "aborted")) {
            shown.set(0);
            streams(event(1, outcome));
            endsAfter(1, outcome);
            assertThat(server.run("rollout", "watch", "R1").code()).isEqualTo(1);
            Run again = server.run("rollout", "watch", "R1");
            assertThat(again.code()).isEqualTo(1);
            assertThat(again.out()).startsWith("R1  voice: int4 is " + outcome);
        }
        endsAfter(0, "completed");
        assertThat(server.run("rollout", "watch", "R1").code()).isZero();
    }

    /// The end falls between reading the rollout and the next word of the stream: no event of it will ever come.
    @Test
    void anEndThatTheStreamNoLongerTellsIsSeenSinceTheStreamIsOpenBeforeTheRolloutIsRead() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        server.on(STREAM, exchange -> {
            send(exchange, ":following\nid: 1-9\n\n");
            open.countDown();
            await(done);
        });
        server.on("GET /api/v1/rollouts/R1", exchange -> {
            await(open);
            StandInServer.write(exchange, 200, over("rolled_back"));
        });

        assertThat(server.run("rollout", "watch", "R1").code()).isEqualTo(1);
        done.countDown();
    }

    @Test
    void aBrokenStreamIsOpenedAgainAtThePlaceUpToWhichItCameWhole() {
        streams(
                ":following\nid: 1-0\n\n",
                event(1, "verdict") + "id: 1-2\nevent: promoted\ndata: {\"at\":\"08:02\",\"kind\":\"promo",
                event(2, "promoted") + event(3, "completed"));
        // Each connection, and each decision.
        endsAfter(5, "completed");

        Run run = server.run("rollout", "watch", "R1");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().skip(2))
                .containsExactly("08:01  verdict     S1.", "08:02  promoted    S2.", "08:03  completed   S3.");
        assertThat(places).containsExactly("null", "1-0", "1-1");
    }

    @Test
    void whatEndedWhileTheServerWasAwayIsShownAsItStands() {
        streams(":following\nid: 1-0\n\n");
        endsAfter(1, "rolled_back");

        Run run = server.run("rollout", "watch", "R1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("int4 is canary", "int4 is rolled_back");
    }

    @Test
    void aServerThatIsLostIsExitCodeTwoAndOneThatNeverAnsweredIsNotTriedAgain() {
        streams(":following\nid: 1-0\n\n");
        endsAfter(99, "completed");

        Run lost = server.run("rollout", "watch", "R1", "--patience", "0");

        assertThat(lost.code()).isEqualTo(2);
        assertThat(lost.err())
                .contains("lost from sight, not over: the server ended the stream of decisions", "run it again");
        server.on(
                STREAM,
                503,
                "{\"title\":\"the database cannot be reached\",\"detail\":\"64 streams are open already\"}");
        Run refused = server.run("rollout", "watch", "R1");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("the server says 503, the database cannot be reached: 64 streams");
    }

    @Test
    void jsonIsOneObjectOnEachLine() throws IOException {
        streams(event(1, "verdict") + event(2, "completed"));
        endsAfter(2, "completed");

        Run run = server.run("rollout", "watch", "R1", "--json");

        List<JsonNode> lines = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            lines.add(Asking.MAPPER.readTree(line));
        }
        assertThat(lines).hasSize(4).allMatch(JsonNode::isObject);
        assertThat(lines.get(0).path("phase").asText()).isEqualTo("canary");
        assertThat(lines.get(1).path("sentence").asText()).isEqualTo("S1.");
        assertThat(lines.get(2).path("kind").asText()).isEqualTo("completed");
        assertThat(lines.get(3).path("outcome").asText()).isEqualTo("completed");
    }

    @Test
    void aStreamThatFallsSilentIsNotWaitedForForEver() {
        CountDownLatch never = new CountDownLatch(1);
        try (EventLines lines = new EventLines(
                Stream.of("first", "second").peek(line -> {
                    if (line.equals("second")) {
                        await(never);
                    }
                }),
                Duration.ofMillis(20))) {
            assertThat(firstOf(lines)).contains("first");
            assertThatThrownBy(lines::next).hasMessage("the server said nothing for 0 s");
        } finally {
            never.countDown();
        }
    }

    /// However late its reader's thread begins.
    private static Optional<String> firstOf(EventLines lines) {
        while (true) {
            try {
                return lines.next();
            } catch (BadInput e) {
                assertThat(e).hasMessageContaining("said nothing");
            }
        }
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
