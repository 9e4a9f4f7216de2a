// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that could be read in two ways, and headers that claim to know better, sent to ingest byte by byte.
@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class SmugglingIT {
    /// What must never be answered: it would be another's request on the same connection.
    private static final String HIDDEN = "GET /q/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private static final int SILENCE_MS = 2_000;

    private final Browser browser = new Browser();
    private final DeviceSecrets devices;
    private final SecretsFolder.Secrets secrets;
    private final KafkaSettings kafka;

    SmugglingIT(DeviceSecrets devices, SecretsFolder.Secrets secrets, KafkaSettings kafka) {
        this.devices = devices;
        this.secrets = secrets;
        this.kafka = kafka;
    }

    private String head(String line) {
        return line + "\r\nHost: localhost\r\nAuthorization: Bearer " + devices.token("default", "raw")
                + "\r\nContent-Type: application/json\r\n";
    }

    private String post(String headers, String body) {
        return head("POST /ingest/v1/status HTTP/1.1") + headers + "\r\n\r\n" + body;
    }

    /// All that is answered until the server closes the connection, which it must.
    private static String raw(String bytes) throws IOException {
        try (Socket socket = new Socket(Browser.base().getHost(), Browser.base().getPort())) {
            socket.setSoTimeout(SILENCE_MS);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[8192];
            try {
                for (int n = socket.getInputStream().read(buffer);
                        n >= 0;
                        n = socket.getInputStream().read(buffer)) {
                    answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                }
            } catch (SocketTimeoutException e) {
                answer.append("(the connection stays open)");
            }
            return answer.toString();
        }
    }

    private static void assertOneAnswer(String answer) {
        assertThat(answer).doesNotContain("stays open", "\"UP\"");
        assertThat(answers(answer)).as(answer).isLessThanOrEqualTo(1);
    }

    /// What cannot be parsed at all is answered as HTTP/1.0, an unknown version as itself.
    private static int answers(String answer) {
        return answer.split("HTTP/\\d\\.\\d [1-5]", -1).length - 1;
    }

    private static void assertRefused(String answer) {
        assertOneAnswer(answer);
        assertThat(answer).matches("(?s)HTTP/\\d\\.\\d 400 .*");
    }

    @Test
    void anOrdinaryRequestIsAnswered() throws IOException {
        assertThat(raw(post("Content-Length: 2\r\nConnection: close", "{}"))).startsWith("HTTP/1.1 200");
        assertThat(raw(post("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n")))
                .startsWith("HTTP/1.1 200")
                .doesNotContain("stays open");
    }

    /// Else nothing below would show anything.
    @Test
    void anOrdinaryRequestBehindAnotherIsAnsweredToo() throws IOException {
        String both = raw(post("Content-Length: 2", "{}" + HIDDEN));

        assertThat(answers(both)).as(both).isEqualTo(2);
        assertThat(both).contains("\"UP\"").doesNotContain("stays open");
    }

    @Test
    void nothingBehindARefusedRequestIsRead() throws IOException {
        String stranger = "POST /api/v1/rollouts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";

        for (String behind : new String[] {HIDDEN, "NONSENSE\r\n\r\n", "", HIDDEN.repeat(3)}) {
            String answer = raw(stranger + behind);
            assertOneAnswer(answer);
            assertThat(answer).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void whoIsRefusedWhileStillSendingReadsWhy() throws IOException {
        String body = "x".repeat(4_000_000);

        assertThat(raw("POST /api/v1/rollouts HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body))
                .startsWith("HTTP/1.1 401")
                .contains("send a token")
                .doesNotContain("stays open");
    }

    @Test
    void nothingBehindAChunkedBodyIsRead() throws IOException {
        for (String behind : new String[] {HIDDEN, "NONSENSE\r\n\r\n", "x", HIDDEN.repeat(3)}) {
            String answer = raw(post("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n" + behind));
            assertOneAnswer(answer);
            assertThat(answer).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
        }
    }

    /// Of the two lengths the parser keeps the chunks', before anybody here sees the request: RFC 9112 allows
    /// that where the connection ends with it. So these are read, and not refused.
    @Test
    void nothingBehindABodyWithTwoLengthsIsARequest() throws IOException {
        assertOneAnswer(raw(post("Content-Length: 4\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + HIDDEN)));
        assertOneAnswer(raw(post("Transfer-Encoding: chunked\r\nContent-Length: 4", "2\r\n{}\r\n0\r\n\r\n" + HIDDEN)));
        assertRefused(raw(post("Content-Length: 2\r\nContent-Length: 3", "{} " + HIDDEN)));
        assertRefused(raw(post("Content-Length: 2, 3", "{} " + HIDDEN)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding : chunked",
                "Content-Length : 2",
                "Content-Length: +2",
                "Content-Length: -2",
                "Content-Length: 0x2",
                "Content-Length: 99999999999999999999",
                "Content-Length: 2\nX: y",
                "X\u0000: y\r\nContent-Length: 2",
                "X y: z\r\nContent-Length: 2",
                ": y\r\nContent-Length: 2",
            })
    void aHeaderThatCanBeReadInTwoWaysIsRefused(String header) throws IOException {
        assertRefused(raw(post(header, "{}" + HIDDEN)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+2", "-2", "0x2", "2 2", "", "g", "2;\n", "2\n", "fffffffffffffffff"})
    void aChunkOfAStrangeLengthEndsTheConnection(String length) throws IOException {
        assertOneAnswer(raw(post("Transfer-Encoding: chunked", length + "\r\n{}\r\n0\r\n\r\n" + HIDDEN)));
    }

    @Test
    void aFoldedLineIsNoHeaderOfItsOwn() throws IOException {
        String folded = raw(head("POST /ingest/v1/status HTTP/1.1")
                + "Connection: close\r\nX-Folded: a\r\n Content-Length: 1000\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(folded).containsAnyOf("HTTP/1.1 200", "HTTP/1.1 400").doesNotContain("stays open");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET http://evil.example/ingest/v1/orders?workload=w HTTP/1.1",
                "GET http://localhost@evil.example/ingest/v1/orders?workload=w HTTP/1.1",
                "GET ingest/v1/orders HTTP/1.1",
                "CONNECT evil.example:443 HTTP/1.1",
                "GET /ingest/v1/orders HTTP/1.1\r\nHost: evil.example",
                "GET /ingest/v1/orders",
                "GET  /ingest/v1/orders HTTP/9.9",
                "NONSENSE",
            })
    void aRequestLineOfAnotherServerOrOfNoneIsRefused(String line) throws IOException {
        assertRefused(raw(head(line) + "\r\n"));
    }

    @Test
    void aHostThatIsNotOursIsMisdirectedWhateverElseSaysOtherwise() throws IOException {
        String answer = raw(head("GET /ingest/v1/orders?workload=w HTTP/1.1").replace("localhost", "evil.example")
                + "X-Forwarded-Host: localhost\r\nForwarded: host=localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 421");
    }

    @Test
    void headersAndLinesHaveABound() throws IOException {
        assertThat(raw(head("GET /ingest/v1/orders?workload=w HTTP/1.1") + "X-Large: " + "x".repeat(20_000)
                        + "\r\n\r\n"))
                .contains(" 431 ")
                .doesNotContain("stays open");
        assertThat(raw(head("GET /ingest/v1/orders?workload=" + "x".repeat(20_000) + " HTTP/1.1") + "\r\n"))
                .contains(" 414 ")
                .doesNotContain("stays open");
    }

    /// Whom a request speaks for is said by its token alone.
    @Test
    void headersOfProxiesAndClaimsOfATenantChangeNothing() throws Exception {
        order("default");
        order("acme");
        Map<String, String> plain = Map.of("Authorization", "Bearer " + devices.token("default", "raw"));
        Map<String, String> claiming = new HashMap<>(plain);
        for (String name : new String[] {
            "X-Tenant",
            "X-Edgewise-Tenant",
            "Tenant",
            "X-Device",
            "X-Edgewise-Device",
            "X-Forwarded-User",
            "X-Remote-User"
        }) {
            claiming.put(name, "acme");
        }
        claiming.put("X-Forwarded-For", "127.0.0.1");
        claiming.put("X-Real-IP", "127.0.0.1");
        claiming.put("X-Forwarded-Host", "evil.example");
        claiming.put("X-Forwarded-Proto", "https");
        claiming.put("X-Forwarded-Prefix", "/api/v1");
        claiming.put("Forwarded", "for=127.0.0.1;host=evil.example;proto=https");
        claiming.put("X-Original-URL", "/api/v1/rollouts");
        claiming.put("X-Rewrite-URL", "/api/v1/rollouts");
        claiming.put("X-HTTP-Method-Override", "DELETE");
        claiming.put("X-SSL-Client-Verify", "SUCCESS");
        claiming.put("X-SSL-Client-S-DN", "CN=acme");

        String asked = "/ingest/v1/orders?workload=claimed&wait=0";
        Await.until("the orders are there", () -> browser.bytes(asked, plain).body().length > 10);
        Orders orders = Orders.parseFrom(browser.bytes(asked, claiming).body());
        assertThat(orders)
                .isEqualTo(Orders.parseFrom(browser.bytes(asked, plain).body()));
        assertThat(Directive.parseFrom(orders.getSigned(0).getPayload()).getTenant())
                .isEqualTo("default");
        String foreign = "[{\"tenant\": \"acme\", \"device\": \"acme\", \"spoolEpoch\": 1, \"seq\": 1}]";
        assertThat(send("/ingest/v1/batches", foreign, claiming))
                .isEqualTo(send("/ingest/v1/batches", foreign, plain))
                .contains("principal:tenant", "principal:device");
        String status = "{\"tenant\": \"acme\", \"device\": \"raw\"}";
        assertThat(send("/ingest/v1/status", status, claiming)).isEqualTo(send("/ingest/v1/status", status, plain));
        assertThat(send("/ingest/v1/status", status, claiming)).startsWith("4");
        assertThat(browser.get("/api/v1/rollouts", claiming).statusCode()).isEqualTo(401);
        assertThat(browser.get("/api/v1/rollouts", Map.of("X-Forwarded-User", "admin", "X-Forwarded-For", "127.0.0.1"))
                        .statusCode())
                .isEqualTo(401);
    }

    private String send(String path, String body, Map<String, String> headers) {
        HttpResponse<String> answer =
                browser.post(path, "application/json", body.getBytes(StandardCharsets.UTF_8), headers);
        // Some reasons name the time of arrival.
        return answer.statusCode() + " " + answer.body().replaceAll("\\d{13}", "NOW");
    }

    private void order(String tenant) throws Exception {
        Directive directive = Directive.newBuilder()
                .setTenant(tenant)
                .setWorkload("claimed")
                .setRollout("01BX5ZZKBKACTAV9WEVGEMMVS7")
                .setRevision(1)
                .build();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer())) {
            producer.send(new ProducerRecord<>(
                            Topics.DIRECTIVES,
                            (tenant + "/claimed/" + directive.getRollout()).getBytes(StandardCharsets.UTF_8),
                            secrets.signing()
                                    .sign(Signing.DIRECTIVE, directive.toByteArray())
                                    .toByteArray()))
                    .get();
        }
    }
}
