// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.edgewise.agent.FrontierAnswer;
import io.edgewise.agent.FrontierFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
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
    private HttpServer server = create();
    private volatile int status = 200;
    private volatile String body = GOOD;
    private volatile boolean isSilent;
    private volatile boolean stopsInTheBody;

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
            requests.add(exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
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
        server.stop(0);
        http.close();
    }

    private OpenAiFrontier frontier(Duration timeout) {
        URI base = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
        return new OpenAiFrontier(
                new OpenAiSettings("cloud", base, "frontier-1", Optional.of("secret"), "Classify.", timeout), http);
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
        body = "x".repeat(2 << 20);

        assertThat(failure(Duration.ofSeconds(10)).code()).isEqualTo(FrontierFailure.IO);
    }
}
