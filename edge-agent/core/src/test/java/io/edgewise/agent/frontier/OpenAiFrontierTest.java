// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.agent.Beside;
import io.edgewise.agent.Chat;
import io.edgewise.agent.FrontierAnswer;
import io.edgewise.agent.FrontierFailure;
import io.edgewise.agent.Relay;
import io.edgewise.agent.Request;
import io.edgewise.agent.Terms;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiFrontierTest {
    private static final String GOOD = """
            {"model": "frontier-1", "system_fingerprint": "fp_7",
             "choices": [{"message": {"role": "assistant", "content": " translate\\n"}}],
             "usage": {"prompt_tokens": 12, "completion_tokens": 1}}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final Semaphore read = new Semaphore(0);
    private HttpServer server = create();
    private volatile int status = 200;
    private volatile String body = GOOD;
    private volatile boolean isSilent;
    private volatile @Nullable List<String> streamed;
    private volatile boolean stopsInTheBody;
    private volatile Runnable beforeTheNext = () -> {};
    private volatile List<String> seen = List.of();
    private volatile String retryAfter = "";

    private static HttpServer create() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() {
        server.createContext("/", exchange -> {
            if (streamed != null) {
                stream(exchange, streamed);
                return;
            }
            requests.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            seen = exchange.getRequestHeaders().entrySet().stream()
                    .map(header -> header.getKey() + "=" + String.join(",", header.getValue()))
                    .toList();
            if (!retryAfter.isEmpty()) {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
                exchange.getResponseHeaders().set("X-RateLimit-Remaining-Tokens", "3");
                exchange.getResponseHeaders().set("Set-Cookie", "s=1");
            }
            if (isSilent) {
                await();
            }
            exchange.sendResponseHeaders(status, answer.length);
            if (stopsInTheBody) {
                exchange.getResponseBody().write(answer, 0, answer.length / 2);
                exchange.getResponseBody().flush();
                await();
            } else {
                exchange.getResponseBody().write(answer);
            }
            exchange.close();
        });
        server.start();
    }

    /// Each text is a write of its own, so that events are cut anywhere.
    private void stream(HttpExchange exchange, List<String> texts) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        for (String text : texts) {
            exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            beforeTheNext.run();
        }
        exchange.close();
    }

    /// What an app got.
    private final class App implements Relay {
        private final List<String> got = new ArrayList<>();

        @Override
        public void begin(Served by) {}

        @Override
        public void write(byte[] bytes) {
            got.add(new String(bytes, StandardCharsets.UTF_8));
            read.release();
        }
    }

    private FrontierAnswer stream(App app) throws FrontierFailure {
        return stream(app, frontier(Duration.ofSeconds(10)));
    }

    private static FrontierAnswer stream(App app, OpenAiFrontier frontier) throws FrontierFailure {
        Chat chat = new Chat(
                "/v1/chat/completions",
                "{\"stream\":true}".getBytes(StandardCharsets.UTF_8),
                true,
                Optional.empty(),
                Optional.of(app));
        return frontier.ask(new Request("user-1", "hi", Terms.DEFAULT, Optional.of(chat)));
    }

    @Test
    void aStreamThatFlowsIsNotCutOffHoweverLongItTakes() throws FrontierFailure {
        String event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n";
        streamed = List.of(event, event, event, event, "data: [DONE]\n\n");
        App app = new App();
        AtomicLong nanos = new AtomicLong();
        beforeTheNext = () -> {
            read.acquireUninterruptibly();
            nanos.addAndGet(Duration.ofSeconds(25).toNanos());
        };

        FrontierAnswer answer = stream(app, frontier(Duration.ofSeconds(30), Optional.of("secret"), nanos::get));

        assertThat(answer.label()).isEqualTo("aaaa");
        assertThat(nanos).hasValueGreaterThan(Duration.ofSeconds(90).toNanos());
    }

    @Test
    void aStreamThatStopsIsGivenUpAfterItsTimeWithoutAPart() {
        streamed = List.of("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}}]}\n\n");
        beforeTheNext = this::await;
        App app = new App();

        FrontierFailure failure =
                catchThrowableOfType(FrontierFailure.class, () -> stream(app, frontier(Duration.ofMillis(300))));

        assertThat(failure.code()).isEqualTo(FrontierFailure.TIMEOUT);
        assertThat(app.got.size()).isLessThanOrEqualTo(1);
    }

    @Test
    void anErrorThatIsNullIsNone() throws FrontierFailure {
        body = GOOD.replaceFirst("\\{", "{\"error\": null, ");
        assertThat(frontier(Duration.ofSeconds(10)).ask("hi").label()).isEqualTo("translate");

        streamed = List.of(
                "data: {\"error\":null,\"choices\":[{\"index\":0,\"delta\":{\"content\":\"translate\"}}]}\n\n",
                "data: [DONE]\n\n");
        assertThat(stream(new App()).label()).isEqualTo("translate");
    }

    private static Request beside(Optional<String> authorization, String query, Map<String, List<String>> headers) {
        Chat chat = new Chat(
                "/v1/chat/completions",
                "{\"model\":\"of-the-app\"}".getBytes(StandardCharsets.UTF_8),
                false,
                false,
                authorization,
                Optional.empty(),
                new Beside(query, headers));
        return new Request("u", "hi", Terms.DEFAULT, Optional.of(chat));
    }

    @Test
    void whatTheAppSendsBesideTheBodyReachesTheFrontierThatItMeans() throws FrontierFailure {
        Request request = beside(
                Optional.of("Bearer app"),
                "api-version=2026-10-01",
                Map.of("openai-organization", List.of("org-7"), "api-key", List.of("azure")));

        frontier(Duration.ofSeconds(10), Optional.empty(), System::nanoTime).ask(request);
        assertThat(requests.poll()).startsWith("/v1/chat/completions?api-version=2026-10-01 Bearer app ");
        assertThat(seen).contains("Openai-organization=org-7", "Api-key=azure");

        frontier(Duration.ofSeconds(10)).ask(request);
        assertThat(requests.poll()).startsWith("/v1/chat/completions?api-version=2026-10-01 Bearer secret ");
        assertThat(seen).contains("Openai-organization=org-7").doesNotContain("Api-key=azure");

        OpenAiFrontier.renaming(settings(Duration.ofSeconds(10), Optional.of("other")), http, System::nanoTime)
                .ask(request);
        assertThat(requests.poll())
                .startsWith("/v1/chat/completions Bearer other ")
                .contains("frontier-1");
        assertThat(seen).doesNotContain("Openai-organization=org-7");
    }

    @Test
    void anAnswerKeepsWhatClientsWaitByAndNoOtherHeader() {
        status = 429;
        retryAfter = "7";

        FrontierFailure failure = catchThrowableOfType(
                FrontierFailure.class,
                () -> frontier(Duration.ofSeconds(10)).ask(beside(Optional.empty(), "key=of-the-app", Map.of())));

        assertThat(failure.reply().orElseThrow().headers())
                .containsExactlyInAnyOrderEntriesOf(Map.of("retry-after", "7", "x-ratelimit-remaining-tokens", "3"));
        assertThat(failure).hasMessageNotContaining("of-the-app");
    }

    @ParameterizedTest
    @CsvSource({
        "400,true,true", "413,true,true", "422,true,true", "404,true,true",
        "401,true,false", "403,true,false", "408,false,false", "409,false,false",
        "429,false,false", "500,false,false", "503,false,false"
    })
    void knowsWhoseFaultAnErrorIs(int answered, boolean isOfRequest, boolean isAlsoWithOurKey) {
        status = answered;
        Request request = beside(Optional.of("Bearer app"), "", Map.of());

        FrontierFailure theirs = catchThrowableOfType(
                FrontierFailure.class,
                () -> frontier(Duration.ofSeconds(10), Optional.empty(), System::nanoTime)
                        .ask(request));
        FrontierFailure ours = catchThrowableOfType(
                FrontierFailure.class, () -> frontier(Duration.ofSeconds(10)).ask(request));

        assertThat(theirs.isOfRequest()).isEqualTo(isOfRequest);
        assertThat(ours.isOfRequest()).isEqualTo(isAlsoWithOurKey);
    }

    @Test
    void handsAStreamOnByteForByteWhileItReadsIt() throws FrontierFailure {
        List<String> sent = List.of(
                ": ping\n\ndata: {\"model\":\"frontier-1\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]}\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"trans\"}}]}\n\nda",
                "ta: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"late\"},\"finish_reason\":\"stop\"}]}\r\n\r\n",
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n");
        streamed = sent;
        App app = new App();

        FrontierAnswer answer = stream(app);

        assertThat(answer.label()).isEqualTo("translate");
        assertThat(answer.spoken().tokensOut()).hasValue(2);
        assertThat(answer.spoken().firstTokenMicros()).isPresent();
        assertThat(String.join("", app.got)).isEqualTo(String.join("", sent));
    }

    @Test
    void aStreamThatBeginsWithAnErrorReachesNobody() {
        streamed = List.of(": ping\n\n", "data: {\"error\":{\"message\":\"overloaded\"}}\n\n");
        App app = new App();

        FrontierFailure failure = catchThrowableOfType(FrontierFailure.class, () -> stream(app));

        assertThat(failure.code()).isEqualTo(FrontierFailure.MALFORMED);
        assertThat(app.got).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
                "data: [DONE]\n\n",
                "",
                "data: {\"choi\n\n"
            })
    void aStreamWithoutAnEndOrWithoutAChoiceIsNoAnswer(String sent) {
        streamed = List.of(sent);

        FrontierFailure failure = catchThrowableOfType(FrontierFailure.class, () -> stream(new App()));

        assertThat(failure.code()).isEqualTo(FrontierFailure.MALFORMED);
    }

    @Test
    void theFrontiersOwnErrorComesWithTheFailure() {
        status = 400;
        body = "{\"error\":{\"message\":\"too long\"}}";
        Chat chat = new Chat(
                "/v1/chat/completions",
                "{}".getBytes(StandardCharsets.UTF_8),
                false,
                Optional.of("Bearer app"),
                Optional.empty());

        FrontierFailure failure = catchThrowableOfType(
                FrontierFailure.class,
                () -> frontier(Duration.ofSeconds(10)).ask(new Request("u", "hi", Terms.DEFAULT, Optional.of(chat))));

        assertThat(failure.reply()).isPresent();
        assertThat(failure.reply().get().status()).isEqualTo(400);
        assertThat(new String(failure.reply().get().body(), StandardCharsets.UTF_8))
                .isEqualTo(body);
    }

    private void await() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        released.countDown();
        read.release(100);
        server.stop(0);
        http.close();
    }

    private OpenAiFrontier frontier(Duration timeout) {
        return frontier(timeout, Optional.of("secret"), System::nanoTime);
    }

    private OpenAiFrontier frontier(Duration timeout, Optional<String> key, LongSupplier clock) {
        return new OpenAiFrontier(settings(timeout, key), http, clock);
    }

    private OpenAiSettings settings(Duration timeout, Optional<String> key) {
        URI base = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
        return new OpenAiSettings("cloud", base, "frontier-1", key, "Classify.", timeout);
    }

    private FrontierFailure failure(Duration timeout) {
        FrontierFailure failure = catchThrowableOfType(
                FrontierFailure.class, () -> frontier(timeout).ask("hi"));
        assertThat(failure).isNotNull();
        return failure;
    }

    @Test
    void asksWithTheUtteranceAndReadsTheLabel() throws FrontierFailure {
        FrontierAnswer answer = frontier(Duration.ofSeconds(10)).ask("say \"hi\" in French");

        assertThat(answer)
                .isEqualTo(new FrontierAnswer(
                        "translate", "cloud", "frontier-1", "fp_7", OptionalLong.of(12), OptionalLong.of(1)));
        assertThat(requests.peek())
                .startsWith("/v1/chat/completions Bearer secret ")
                .contains("\"system\"", "Classify.", "say \\\"hi\\\" in French");
    }

    @ParameterizedTest
    @CsvSource({"500,http_5xx", "503,http_5xx", "404,http_4xx", "429,rate_limited", "302,http_3xx"})
    void namesTheStatus(int answered, String code) {
        status = answered;

        assertThat(failure(Duration.ofSeconds(10)).code()).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>Sign in</body></html>",
                "",
                "{}",
                "[]",
                "{\"choices\": []}",
                "{\"choices\": [{\"message\": {\"content\": null}}]}",
                "{\"choices\": [{\"message\": {\"content\": \"  \"}}]}",
                "{\"choices\": [{\"message\": {\"content\": 7}}]}",
                "{\"error\": \"no\", \"choices\": [{\"message\": {\"content\": \"x\"}}]}",
                "data: {\"choices\": []}\n\n",
                "{\"choices\": [{\"message\": {\"content\": \"transl"
            })
    void neverTakesGarbageForAnAnswer(String garbage) {
        body = garbage;

        assertThat(failure(Duration.ofSeconds(10)).code()).isEqualTo(FrontierFailure.MALFORMED);
    }

    @Test
    void givesUpOnASilentFrontier() {
        isSilent = true;

        assertThat(failure(Duration.ofMillis(200)).code()).isEqualTo(FrontierFailure.TIMEOUT);
    }

    @Test
    void givesUpOnAFrontierThatStopsHalfWay() {
        stopsInTheBody = true;

        assertThat(failure(Duration.ofMillis(300)).code()).isEqualTo(FrontierFailure.TIMEOUT);
    }

    @Test
    void saysWhenNobodyListens() {
        server.stop(0);

        assertThat(failure(Duration.ofSeconds(10)).code()).isEqualTo(FrontierFailure.UNREACHABLE);
    }

    @Test
    void doesNotReadWithoutEnd() {
        body = "x".repeat(9 << 20);

        assertThat(failure(Duration.ofSeconds(10)).code()).isEqualTo(FrontierFailure.MALFORMED);
    }
}
