// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class ServerIT {
    private static final String PROTOBUF = "application/x-protobuf";

    private final Browser browser = new Browser();
    private final HttpClient http = HttpClient.newHttpClient();
    private final KafkaSettings kafka;
    private final DeviceSecrets devices;
    private final SecretsFolder.Secrets secrets;
    private final InstantSource clock;

    ServerIT(KafkaSettings kafka, DeviceSecrets devices, SecretsFolder.Secrets secrets, InstantSource clock) {
        this.kafka = kafka;
        this.devices = devices;
        this.secrets = secrets;
        this.clock = clock;
    }

    @Test
    void becomesReadyWithEveryRole() {
        Await.until("readiness is UP", () -> browser.get("/q/health/ready").statusCode() == 200);

        assertThat(browser.get("/q/health/ready").body())
                .contains("\"evaluator\": \"up\"", "\"drift\": \"up\"", "\"controller\": \"up\"")
                .contains("\"ingest\": \"up\"", "\"console\": \"up\"");
        assertThat(browser.get("/q/metrics").body()).contains("jvm_memory_used_bytes");
    }

    @Test
    void sixtyFourDevicesThatWaitGetADirectiveWhenItIsThere() throws Exception {
        String rollout = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
        Signed signed = directive("poll", rollout);
        try (ExecutorService fleet = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<byte[]>>> answers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String token = devices.token("default", "device-" + i);
                answers.add(fleet.submit(() -> browser.bytes(
                        "/ingest/v1/orders?workload=poll&cursor=0&wait=30",
                        Map.of("Authorization", "Bearer " + token))));
            }
            send("default/poll/" + rollout, signed);
            for (Future<HttpResponse<byte[]>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
                assertThat(answer.get().headers().firstValue("Content-Type")).hasValue(PROTOBUF);
                Orders orders = Orders.parseFrom(answer.get().body());
                assertThat(orders.getSignedList()).containsExactly(signed);
                assertThat(Signing.verify(orders.getSigned(0), secrets.signing().publicKey()))
                        .isTrue();
            }
        }
    }

    @Test
    void oneDeviceWaitsForOrdersWithFourRequestsAndNoMore() throws Exception {
        String rollout = "01BX5ZZKBKACTAV9WEVGEMMVS0";
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            ExecutorCompletionService<HttpResponse<String>> answers = new ExecutorCompletionService<>(requests);
            for (int i = 0; i < 5; i++) {
                answers.submit(
                        () -> browser.get("/ingest/v1/orders?workload=crowd&cursor=0&wait=30", bearer("device-many")));
            }
            HttpResponse<String> first = answers.take().get();
            send("default/crowd/" + rollout, directive("crowd", rollout));

            assertThat(first.statusCode()).isEqualTo(429);
            assertThat(first.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(first.body()).contains("waits for orders with 4 requests already");
            for (int i = 0; i < 4; i++) {
                assertThat(answers.take().get().statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void ordersAreOfTheTokensTenantOnly() throws Exception {
        String rollout = "01BX5ZZKBKACTAV9WEVGEMMVRZ";
        send("default/poll/" + rollout, directive("poll", rollout));
        String other = devices.token("acme", "device-1");

        HttpResponse<byte[]> answer = browser.bytes(
                "/ingest/v1/orders?workload=poll&cursor=0&wait=0", Map.of("Authorization", "Bearer " + other));

        assertThat(Orders.parseFrom(answer.body())).isEqualTo(Orders.getDefaultInstance());
    }

    @Test
    void aStreamBringsOrdersAsTheyComeAndGoesOnWhereItWas() throws Exception {
        String rollout = "01BX5ZZKBKACTAV9WEVGEMMVS1";
        Signed first = directive("stream", rollout, 1);
        Signed second = directive("stream", rollout, 2);
        String id;
        try (Stream<String> lines = follow("device-5", "")) {
            Iterator<String> line = lines.iterator();
            assertThat(line.next()).isEqualTo(":following");
            send("default/stream/" + rollout, first);
            id = next(line, "id:");
            assertThat(orders(next(line, "data:")).getSignedList()).containsExactly(first);
        }
        send("default/stream/" + rollout, second);
        try (Stream<String> lines = follow("device-5", id)) {
            assertThat(orders(next(lines.iterator(), "data:")).getSignedList()).containsExactly(second);
        }
        assertThat(browser.get("/ingest/v1/orders/stream?workload=stream").statusCode())
                .isEqualTo(401);
        assertThat(browser.get("/ingest/v1/orders/stream", bearer("device-5")).statusCode())
                .isEqualTo(400);
    }

    @Test
    void ingestDescribesItselfToDevices() {
        HttpResponse<String> answer = browser.get("/ingest/v1/openapi.json", bearer("device-6"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"openapi\": \"3.1.0\"", "/ingest/v1/feedback");
    }

    private Stream<String> follow(String device, String last) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        Browser.base().resolve("/ingest/v1/orders/stream?workload=stream"))
                .header("Authorization", "Bearer " + devices.token("default", device));
        if (!last.isEmpty()) {
            request.header("Last-Event-ID", last);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofLines()).body();
    }

    private static String next(Iterator<String> lines, String field) {
        String line = lines.next();
        while (!line.startsWith(field)) {
            line = lines.next();
        }
        return line.substring(field.length()).strip();
    }

    private static Orders orders(String base64) throws Exception {
        return Orders.parseFrom(Base64.getDecoder().decode(base64));
    }

    @Test
    void ordersNeedADeviceTokenAndAWorkload() {
        assertThat(browser.get("/ingest/v1/orders?workload=poll").statusCode()).isEqualTo(401);
        assertThat(browser.get("/ingest/v1/orders?workload=poll", Map.of("Authorization", "Bearer default~d~x"))
                        .statusCode())
                .isEqualTo(401);
        HttpResponse<String> nameless = browser.get("/ingest/v1/orders", bearer("device-1"));
        assertThat(nameless.statusCode()).isEqualTo(400);
        assertThat(nameless.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(browser.get("/ingest/v1/orders?workload=poll&wait=31", bearer("device-1"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aBatchIsInKafkaWhenItIsAnswered() throws Exception {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        observation("sender", 1).build().writeDelimitedTo(batch);
        observation("sender", 2).setServedLatencyUs(-1).build().writeDelimitedTo(batch);
        observation("someone-else", 3).build().writeDelimitedTo(batch);

        HttpResponse<String> answer =
                browser.post("/ingest/v1/batches", PROTOBUF, batch.toByteArray(), bearer("sender"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body())
                .matches(
                        "\\{\"acceptedThrough\":3,\"rejected\":\\[\\{\"seq\":2,\"reasons\":\\[\"range:served_latency_us\"],"
                                + "\"details\":\\[\"served_latency_us: must lie in [^]]+]},\\{\"seq\":3,\"reasons\":\\[\"principal:device\"],"
                                + "\"details\":\\[\"device: names another [^]]+]}]}");
        byte[] key = Topics.key("default", "sender");
        List<ConsumerRecord<byte[], byte[]>> records = read(key);
        assertThat(records).hasSize(2);
        assertThat(records.getFirst().headers().lastHeader("schema").value())
                .isEqualTo("observation/1".getBytes(StandardCharsets.US_ASCII));
        assertThat(Observation.parseFrom(records.get(0).value()).getKind())
                .isEqualTo(ObservationKind.OBSERVATION_KIND_REQUEST);
        assertThat(Observation.parseFrom(records.get(1).value()).getKind())
                .isEqualTo(ObservationKind.OBSERVATION_KIND_DROPS);
    }

    @Test
    void takesJsonAndRefusesWhatIsNot() {
        byte[] malformed = "[{".getBytes(StandardCharsets.UTF_8);
        byte[] empty = "[]".getBytes(StandardCharsets.UTF_8);

        assertThat(browser.post("/ingest/v1/batches", "application/json", malformed, bearer("json"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(browser.post("/ingest/v1/batches", "application/json", empty, bearer("json"))
                        .body())
                .isEqualTo("{\"acceptedThrough\":0,\"rejected\":[]}");
        assertThat(browser.post("/ingest/v1/batches", "text/plain", empty, bearer("json"))
                        .statusCode())
                .isEqualTo(415);
        assertThat(browser.post("/ingest/v1/batches", "application/json", empty, Map.of())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void refusesLargeBodies() {
        byte[] large = new byte[(4 << 20) + 1];

        assertThat(browser.post("/ingest/v1/batches", PROTOBUF, large, bearer("large"))
                        .statusCode())
                .isEqualTo(413);
    }

    private Map<String, String> bearer(String device) {
        return Map.of("Authorization", "Bearer " + devices.token("default", device));
    }

    private Signed directive(String workload, String rollout) {
        return directive(workload, rollout, 1);
    }

    private Signed directive(String workload, String rollout, long revision) {
        Directive directive = Directive.newBuilder()
                .setTenant("default")
                .setWorkload(workload)
                .setRollout(rollout)
                .setRevision(revision)
                .build();
        return Signing.sign(
                Signing.DIRECTIVE,
                directive.toByteArray(),
                secrets.signing().keyId(),
                secrets.signing().privateKey());
    }

    private void send(String key, Signed signed) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer())) {
            producer.send(new ProducerRecord<>(
                            Topics.DIRECTIVES, key.getBytes(StandardCharsets.UTF_8), signed.toByteArray()))
                    .get();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(byte[] key) {
        Map<String, Object> settings = kafka.consumer();
        settings.put("auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            TopicPartition partition =
                    new TopicPartition(Topics.OBSERVATIONS, Topics.partition(key, Topics.PARTITIONS));
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(java.time.Duration.ofSeconds(1)).forEach(records::add);
            }
            return records;
        }
    }

    private Observation.Builder observation(String device, long seq) {
        return Observation.newBuilder()
                .setTenant("default")
                .setDevice(device)
                .setSpoolEpoch(77)
                .setSeq(seq)
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setId(ByteString.copyFrom(new byte[16]))
                .setEventTimeMs(clock.millis())
                .setWorkload("intent")
                .addArms(Arm.newBuilder().setRole(Role.ROLE_CHAMPION).setLabel("balance"));
    }
}
