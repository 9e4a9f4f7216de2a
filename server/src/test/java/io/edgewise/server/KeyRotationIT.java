// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.agent.AgentPorts;
import io.edgewise.agent.AgentSettings;
import io.edgewise.agent.EdgeAgent;
import io.edgewise.agent.FrontierFailure;
import io.edgewise.agent.shell.HttpOrders;
import io.edgewise.agent.shell.KafkaUplink;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.shell.AuditDesk;
import io.edgewise.controller.shell.ControllerConfig;
import io.edgewise.controller.shell.KeyDesk;
import io.edgewise.controller.shell.KeyDesk.KeyView;
import io.edgewise.controller.shell.KeyDesk.KeysView;
import io.edgewise.controller.shell.Looking;
import io.edgewise.controller.shell.RolloutDesk;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The key that orders are signed with is replaced while devices work, and while some are away. The tenant
/// is one of its own: the others' orders stay signed by the first key.
@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class KeyRotationIT {
    private static final String TENANT = "rotated";
    private static final String WHY = "{\"why\": \"once a year\"}";

    @TempDir
    private Path folder = Path.of("");

    private final Browser browser = new Browser();
    private final DeviceSecrets devices;
    private final SecretsFolder.Secrets secrets;
    private final KafkaSettings kafka;
    private final KeyDesk keys;
    private final RolloutDesk rollouts;
    private final AuditDesk audit;

    KeyRotationIT(
            DeviceSecrets devices,
            SecretsFolder.Secrets secrets,
            KafkaSettings kafka,
            Database database,
            KeyCabinet cabinet,
            InstantSource clock,
            Looking looking) {
        this.devices = devices;
        this.secrets = secrets;
        this.kafka = kafka;
        ControllerConfig config = new SmallRyeConfigBuilder()
                .withMapping(ControllerConfig.class)
                .withSources(new PropertiesConfigSource(Map.of("edgewise.controller.tenant", TENANT), "test", 500))
                .build()
                .getConfigMapping(ControllerConfig.class);
        this.keys = new KeyDesk(database, cabinet, clock, config);
        this.rollouts = new RolloutDesk(database, cabinet, clock, config, looking);
        this.audit = new AuditDesk(database, cabinet, clock, config);
    }

    @Test
    void devicesFollowTheServerFromOneKeyToTheNextThoughSomeWereAway() throws Exception {
        PublicKey first = secrets.signing().publicKey();
        String moved = start("moved");
        start("kept");
        try (KafkaUplink uplink = KafkaUplink.connect(kafka.bootstrapServers(), Map.of());
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
                EdgeAgent present = agent("present", "moved", first, uplink, timer)) {
            Await.until("the first key's order is obeyed", () -> mode(present).equals("shadow"));
            assertThatThrownBy(() -> keys.retire(secrets.signing().keyId(), "too early", false, Caller.OPERATOR))
                    .hasMessageContaining("rotate first");
            audit.checkpoint();

            KeysView announced = keys.rotate(WHY, Caller.OPERATOR);
            assertThat(announced.keys()).hasSize(2);
            String second = announced.keys().getFirst().id();
            Await.until(
                    "the set is in Kafka, and the new key signs",
                    () -> state(second).equals("signs"));
            assertThat(state(secrets.signing().keyId())).isEqualTo("counts");

            rollouts.act(moved, "{\"act\": \"rollback\", \"who\": \"ann\", \"why\": \"a change of key\"}");
            Await.until("the new key's order is obeyed", () -> mode(present).equals("champion-only"));
            assertThat(present.snapshot().orders().refused()).isEmpty();

            KeysView retired = keys.retire(secrets.signing().keyId(), "once a year", false, Caller.OPERATOR);
            assertThat(retired.version()).isEqualTo(2);
            Signed probe = secrets.signing().sign(Signing.REFERENCE, new byte[0]);
            Await.until("the first key counts no more", () -> !present.keyring().verifies(probe));
            forge(moved);
            Await.until(
                    "what the retired key signs is refused",
                    () -> present.snapshot().orders().refused().keySet().equals(Set.of("unknown-key")));
            assertThat(mode(present)).isEqualTo("champion-only");

            // One device was away all the time, one is set up only now; what stands was signed again for both.
            try (EdgeAgent away = agent("away", "kept", first, uplink, timer);
                    EdgeAgent fresh = agent("fresh", "kept", key(second), uplink, timer)) {
                Await.until("who was away obeys", () -> mode(away).equals("shadow"));
                Await.until("who is new obeys", () -> mode(fresh).equals("shadow"));
                assertThat(away.snapshot().orders().refused()).isEmpty();
            }
            assertThat(signers("kept"))
                    .containsExactly(
                            Signing.KEYS + " " + secrets.signing().keyId(),
                            Signing.KEYS + " " + second,
                            Signing.DIRECTIVE + " " + second);
            assertThat(streamed("kept").getSignedList())
                    .isEqualTo(orders("kept").getSignedList());
        }
        audit.checkpoint();
        assertThat(audit.verify().faults()).isEmpty();
        assertThat(audit.export()).contains("key-announced", "key-retired", "once a year");
        assertThat(keys.list().keys()).extracting(KeyView::state).containsExactly("signs", "retired");
    }

    @Test
    void whoMayAndWhatIsAskedOverHttp() {
        HttpResponse<String> listed = browser.get("/api/v1/keys", operator());
        assertThat(listed.body())
                .contains(
                        "\"version\":0",
                        "\"state\":\"signs\"",
                        secrets.signing().keyId());
        assertThat(browser.post("/api/v1/keys", "application/json", "{}".getBytes(StandardCharsets.UTF_8), operator())
                        .body())
                .contains("it needs \\\"why\\\"");
        String elsewhere = "{\"why\": \"x\", \"key\": \"../../etc/passwd\"}";
        assertThat(browser.post(
                                "/api/v1/keys",
                                "application/json",
                                elsewhere.getBytes(StandardCharsets.UTF_8),
                                operator())
                        .statusCode())
                .isEqualTo(400);
        assertThat(browser.call("DELETE", "/api/v1/keys/0123456789abcdef?why=x", operator())
                        .statusCode())
                .isEqualTo(404);
        assertThat(browser.get("/api/v1/keys", operator()).body())
                .as("nothing was changed")
                .isEqualTo(listed.body());
    }

    private String start(String workload) {
        rollouts.define(workload, "{\"labels\": [\"yes\", \"no\"]}");
        rollouts.register(
                workload + "-int4",
                "{\"workload\": \"" + workload + "\", \"artifacts\": {\"any\": \"" + "e".repeat(64) + "\"}}");
        return rollouts.start("{\"workload\": \"" + workload + "\", \"champion\": {\"frontier\": \"cloud\"},"
                        + " \"challenger\": \"" + workload
                        + "-int4\", \"plan\": {\"stages\": [{\"shareBp\": 0}, {\"shareBp\": 10000}]}}")
                .rollout();
    }

    /// By whoever has the retired key: well formed, for this device, of a high revision.
    private void forge(String rollout) throws Exception {
        Directive forged = Directive.newBuilder()
                .setTenant(TENANT)
                .setWorkload("moved")
                .setRollout(rollout)
                .setRevision(90)
                .setMode(Directive.Mode.MODE_SHADOW)
                .setSalt(rollout)
                .setChampion(ModelRef.newBuilder().setFrontier("cloud"))
                .setChallenger(ModelRef.newBuilder().setBuild("moved-int4"))
                .putSelector("device", "present")
                .build();
        Signed signed = secrets.signing().sign(Signing.DIRECTIVE, forged.toByteArray());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer())) {
            producer.send(new ProducerRecord<>(
                            Topics.DIRECTIVES,
                            (TENANT + "/moved/" + rollout).getBytes(StandardCharsets.UTF_8),
                            signed.toByteArray()))
                    .get();
        }
    }

    private String state(String id) {
        return keys.list().keys().stream()
                .filter(key -> key.id().equals(id))
                .map(KeyView::state)
                .findFirst()
                .orElse("");
    }

    private PublicKey key(String id) throws Exception {
        String pem = keys.list().keys().stream()
                .filter(key -> key.id().equals(id))
                .map(KeyView::publicKey)
                .findFirst()
                .orElseThrow();
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    }

    private static String mode(EdgeAgent agent) {
        return agent.snapshot().orders().mode();
    }

    private EdgeAgent agent(
            String device, String workload, PublicKey pinned, KafkaUplink uplink, ScheduledExecutorService timer) {
        return EdgeAgent.open(
                new AgentSettings(
                        TENANT,
                        device,
                        devices.token(TENANT, device),
                        devices.feedbackKey(TENANT, device),
                        folder.resolve(device),
                        new Workload(
                                workload,
                                1,
                                Workload.Kind.CLASSIFICATION,
                                List.of("yes", "no"),
                                Set.of(),
                                "same-label/1",
                                "USD",
                                "1",
                                Map.of()),
                        DeviceContext.newBuilder().setDeviceClass("kiosk").build(),
                        Map.of(),
                        "cloud",
                        4),
                new AgentPorts(
                        Map.of(),
                        text -> {
                            throw new FrontierFailure("unreachable", "nobody asks it here");
                        },
                        uplink,
                        new HttpOrders(HttpClient.newHttpClient(), Browser.base(), devices.token(TENANT, device)),
                        pinned,
                        InstantSource.system(),
                        System::nanoTime,
                        new SplittableRandom(7),
                        timer));
    }

    private List<String> signers(String workload) throws Exception {
        return orders(workload).getSignedList().stream()
                .map(signed -> signed.getDomain() + " " + signed.getKeyId())
                .toList();
    }

    private Orders orders(String workload) throws Exception {
        return Orders.parseFrom(browser.bytes("/ingest/v1/orders?workload=" + workload, device("away"))
                .body());
    }

    private Orders streamed(String workload) throws Exception {
        return Orders.parseFrom(Base64.getDecoder()
                .decode(browser.line("/ingest/v1/orders/stream?workload=" + workload, device("away"), "data: ")));
    }

    private Map<String, String> device(String name) {
        return Map.of("Authorization", "Bearer " + devices.token(TENANT, name));
    }

    private Map<String, String> operator() {
        return Map.of("Authorization", "Bearer " + secrets.operatorToken());
    }
}
