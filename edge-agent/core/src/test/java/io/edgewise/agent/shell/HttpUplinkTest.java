// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.contracts.v1.Observation;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HttpUplinkTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<Observation> received = new CopyOnWriteArrayList<>();
    private final List<String> headers = new CopyOnWriteArrayList<>();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicInteger largest = new AtomicInteger();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile boolean half;
    private volatile int status = 200;
    private volatile String answer = "{\"acceptedThrough\": 9, \"rejected\": []}";
    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @SuppressWarnings("NullAway.Init")
    private HttpUplink uplink;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/ingest/v1/batches", this::take);
        server.createContext("/ingest/v1/status", this::count);
        server.start();
        uplink = new HttpUplink(http, base(), "token");
    }

    private URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void stop() {
        goOn.countDown();
        uplink.close();
        server.stop(0);
        http.close();
    }

    private void take(HttpExchange exchange) throws IOException {
        batches.incrementAndGet();
        headers.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                + exchange.getRequestHeaders().getFirst("Content-Type"));
        try (InputStream body = new GZIPInputStream(exchange.getRequestBody())) {
            Observation next = Observation.parseDelimitedFrom(body);
            while (next != null) {
                if (status == 200) {
                    received.add(next);
                }
                next = Observation.parseDelimitedFrom(body);
            }
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        if (half) {
            exchange.sendResponseHeaders(status, bytes.length + 1);
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().flush();
            held();
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void held() {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void count(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream body = new GZIPInputStream(exchange.getRequestBody())) {
            int records = 0;
            while (AgentStatus.parseDelimitedFrom(body) != null) {
                records++;
            }
            largest.accumulateAndGet(records, Math::max);
            exchange.sendResponseHeaders(202, -1);
        }
    }

    private CompletableFuture<Void> send(long seq) {
        return send(uplink, seq);
    }

    private static CompletableFuture<Void> send(HttpUplink uplink, long seq) {
        return uplink.send(
                Topics.OBSERVATIONS,
                new byte[0],
                Observation.newBuilder().setSeq(seq).build().toByteArray(),
                "observation/1");
    }

    @Test
    void sendsBatchesInOrderAsTheDevice() {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (long seq = 1; seq <= 700; seq++) {
            sent.add(send(seq));
        }
        sent.forEach(one -> assertThat(one).succeedsWithin(LONG));

        assertThat(received).extracting(Observation::getSeq).isSorted().hasSize(700);
        assertThat(batches).hasValueLessThan(100);
        assertThat(headers.getFirst()).isEqualTo("Bearer token application/x-protobuf");
        assertThat(uplink.rejected()).isZero();
    }

    @Test
    void takesARejectionForFinalAndCountsIt() {
        answer = "{\"acceptedThrough\": 1, \"rejected\": [{\"seq\": 1, \"reasons\": [\"missing:id\"]}]}";

        assertThat(send(1)).succeedsWithin(LONG);
        assertThat(uplink.rejected()).isEqualTo(1);
    }

    @Test
    void failsSoThatTheSpoolSendsAgain() {
        status = 503;
        assertThat(send(1)).failsWithin(LONG).withThrowableThat().withMessageContaining("status 503");
        status = 200;
        assertThat(send(1)).succeedsWithin(LONG);
        server.stop(0);

        assertThat(send(2)).failsWithin(LONG);
    }

    @Test
    void thatNothingGetsThroughIsSaidOnceAndThatItDoesAgainToo() {
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getLevel() + " " + MessageFormat.format(line.getMessage(), line.getParameters()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(HttpUplink.class.getName());
        logger.addHandler(handler);
        try {
            status = 401;
            assertThat(send(1)).failsWithin(LONG);
            assertThat(send(1)).failsWithin(LONG);
            status = 200;
            assertThat(send(1)).succeedsWithin(LONG);
        } finally {
            logger.removeHandler(handler);
        }

        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst())
                .startsWith("WARNING ")
                .contains("takes no records: status 401", "they are kept and sent again");
        assertThat(lines.getLast()).startsWith("INFO ").contains("takes records again");
    }

    @Test
    void statusesGoInPartsAsIngestTakesThem() {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            sent.add(uplink.send(Topics.AGENT_STATUS, new byte[0], new byte[] {0x18, 1}, "agent-status/1"));
        }
        sent.forEach(one -> assertThat(one).succeedsWithin(LONG));

        assertThat(largest).hasValueBetween(1, 100);
    }

    @Test
    void whatWaitsIsSentOnceMoreWhenItIsClosed() {
        CompletableFuture<Void> last = send(1);
        uplink.close();

        assertThat(last).isCompleted();
        assertThat(received).extracting(Observation::getSeq).containsExactly(1L);
    }

    @Test
    void anAnswerWhoseRestNeverComesFailsItsBatchAndTheNextIsSent() {
        half = true;
        try (HttpUplink hasty = new HttpUplink(http, base(), "token", Duration.ofMillis(300))) {
            assertThat(send(hasty, 1))
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .withMessageContaining("did not answer to the end");
            half = false;

            assertThat(send(hasty, 1)).succeedsWithin(LONG);
        }
    }

    /// Such as memory that runs out while a batch is packed.
    @Test
    void anErrorFailsItsBatchAndTheNextIsSent() {
        AtomicBoolean isOut = new AtomicBoolean(true);
        ProxySelector direct = HttpClient.Builder.NO_PROXY;
        ProxySelector failing = new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                if (isOut.getAndSet(false)) {
                    throw new OutOfMemoryError("for this test");
                }
                return direct.select(uri);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {}
        };
        try (HttpClient client = HttpClient.newBuilder().proxy(failing).build();
                HttpUplink other = new HttpUplink(client, base(), "token")) {
            assertThat(send(other, 1)).failsWithin(LONG).withThrowableThat().withMessageContaining("for this test");

            assertThat(send(other, 1)).succeedsWithin(LONG);
        }
    }

    @Test
    void sendsNothingElsewhere() {
        assertThatThrownBy(() -> uplink.send(Topics.DIRECTIVES, new byte[0], new byte[0], ""))
                .isInstanceOf(IllegalArgumentException.class);
        uplink.close();

        assertThat(send(1)).failsWithin(LONG).withThrowableThat().withMessageContaining("closed");
    }
}
