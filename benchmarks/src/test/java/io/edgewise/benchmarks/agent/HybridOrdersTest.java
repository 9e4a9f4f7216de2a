// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.AgentPorts;
import io.edgewise.agent.AgentSettings;
import io.edgewise.agent.Answer;
import io.edgewise.agent.EdgeAgent;
import io.edgewise.agent.FrontierAnswer;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.Request;
import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.contracts.RolloutId;
import io.edgewise.contracts.Ulid;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.controller.Conduct;
import io.edgewise.controller.Effect;
import io.edgewise.controller.Exposure;
import io.edgewise.controller.Gate;
import io.edgewise.controller.Guardrail;
import io.edgewise.controller.GuardrailKind;
import io.edgewise.controller.HybridTerms;
import io.edgewise.controller.Model;
import io.edgewise.controller.OnUndecided;
import io.edgewise.controller.Orders;
import io.edgewise.controller.Phase;
import io.edgewise.controller.Plan;
import io.edgewise.controller.PlanDefaults;
import io.edgewise.controller.Rollout;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.Stage;
import io.edgewise.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the controller orders in the stages of a hybrid plan is what a device does: with the real
/// builds and texts.
class HybridOrdersTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Instant NOW = Instant.parse("2026-11-30T08:00:00Z");
    private static final double[] CONFIDENCES = {0.9, 0.6, 0.3};
    private static final String BUILD = "edge-intent-int4";

    @TempDir
    private Path folder = Path.of("");

    private io.edgewise.contracts.v1.Orders given = io.edgewise.contracts.v1.Orders.getDefaultInstance();

    @Test
    void aFallingConfidenceLeavesEverMoreRequestsToTheEdgeAndARollBackNone() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        SigningKeys keys = new SigningKeys("k1", pair.getPrivate(), pair.getPublic());
        List<String> texts = texts();
        Plan plan = plan();
        try (OnnxClassifier edge = model(BUILD);
                OnnxClassifier large = model("frontier-intent");
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
                EdgeAgent agent = EdgeAgent.open(settings(), ports(edge, large, keys, timer))) {
            long before = 0;
            long revision = 0;
            for (int stage = 1; stage <= CONFIDENCES.length; stage++) {
                obey(agent, plan, new Phase.Canary(stage), ++revision, keys);
                long served = 0;
                for (int i = 0; i < texts.size(); i++) {
                    ModelAnswer alone = edge.infer(texts.get(i));
                    Answer answer = agent.serve(new Request("user-" + i, texts.get(i)));
                    boolean isSure = alone.confidence().orElseThrow() >= CONFIDENCES[stage - 1];
                    assertThat(answer.servedBy())
                            .as("%s at %s in stage %d", texts.get(i), alone.confidence(), stage)
                            .isEqualTo(isSure ? Role.ROLE_CHALLENGER : Role.ROLE_CHAMPION);
                    served += isSure ? 1 : 0;
                }
                assertThat(served).as("stage %d", stage).isGreaterThan(before).isLessThan(texts.size());
                before = served;
            }
            obey(agent, plan, new Phase.RolledBack(3), ++revision, keys);
            for (int i = 0; i < 20; i++) {
                assertThat(agent.serve(new Request("user-" + i, texts.get(i))).servedBy())
                        .isEqualTo(Role.ROLE_CHAMPION);
            }
        }
    }

    private void obey(EdgeAgent agent, Plan plan, Phase phase, long revision, SigningKeys keys) {
        Rollout rollout = new Rollout(
                new Rollout.Identity(
                        new RolloutId(Ulid.of(NOW, new SplittableRandom(1))),
                        "default",
                        "intents",
                        new Model.Frontier("cloud"),
                        new Model.Build(BUILD, Map.of()),
                        NOW),
                phase,
                new Rollout.Times(NOW, NOW, NOW, NOW),
                new Rollout.Lease(revision, NOW),
                Map.of());
        List<Signed> signed = new ArrayList<>(List.of(
                Orders.sign(Orders.directive(rollout, plan, revision, new Effect.Direct(0, "test"), NOW), keys)));
        if (rollout.isLeased()) {
            signed.add(Orders.sign(Orders.lease(rollout, plan, revision, NOW), keys));
        }
        synchronized (this) {
            given = io.edgewise.contracts.v1.Orders.newBuilder()
                    .addAllSigned(signed)
                    .setCursor(revision)
                    .build();
            notifyAll();
        }
        Await.until(
                "the agent obeys",
                () -> agent.snapshot().orders().revision() == revision
                        && agent.snapshot().orders().fallback().isEmpty());
    }

    private synchronized io.edgewise.contracts.v1.Orders poll(long cursor, Duration wait) {
        long until = System.nanoTime() + wait.toNanos();
        try {
            while (given.getCursor() == cursor && System.nanoTime() < until) {
                TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return given.getCursor() == cursor
                ? io.edgewise.contracts.v1.Orders.newBuilder().setCursor(cursor).build()
                : given;
    }

    private AgentPorts ports(
            OnnxClassifier edge, OnnxClassifier large, SigningKeys keys, ScheduledExecutorService timer) {
        return new AgentPorts(
                Map.of(BUILD, edge),
                text -> new FrontierAnswer(
                        large.infer(text).label(), "cloud", "large", "1", OptionalLong.empty(), OptionalLong.empty()),
                (topic, key, record, schema) -> CompletableFuture.completedFuture(null),
                (workload, cursor, wait) -> poll(cursor, wait),
                keys.publicKey(),
                () -> NOW,
                () -> 1,
                new SplittableRandom(3),
                timer);
    }

    private AgentSettings settings() throws Exception {
        Workload workload = new Workload(
                "intents",
                1,
                Workload.Kind.CLASSIFICATION,
                labels(),
                Set.of("oos"),
                "same-label/1",
                "USD",
                "test-1",
                Map.of("edge", 10L, "cloud", 400_000L));
        return new AgentSettings(
                "default",
                "device-1",
                "token",
                "key".getBytes(StandardCharsets.UTF_8),
                folder,
                workload,
                DeviceContext.getDefaultInstance(),
                Map.of(),
                "cloud",
                16);
    }

    private static Plan plan() {
        List<Guardrail> guardrails =
                List.of(new Guardrail("agreement", GuardrailKind.AGREEMENT, 0.85, 1, OptionalDouble.empty(), 100));
        List<Stage> stages = new ArrayList<>(List.of(PlanDefaults.stage("shadow", 0, 0, guardrails)));
        for (double confidence : CONFIDENCES) {
            Stage stage = PlanDefaults.stage("from " + confidence, stages.size(), 10_000, guardrails);
            stages.add(new Stage(
                    stage.name(),
                    10_000,
                    stage.minSeconds(),
                    stage.maxSeconds(),
                    stage.minObservations(),
                    stage.minDevices(),
                    0,
                    0,
                    new TreeMap<>(Map.of("agreement", Gate.SAFE)),
                    OnUndecided.HOLD,
                    0,
                    0,
                    Optional.of(HybridTerms.confidence(confidence))));
        }
        Conduct plain = Conduct.PLAIN;
        return new Plan(
                "falling",
                stages,
                guardrails,
                PlanDefaults.terms(stages),
                new TreeMap<>(),
                Set.of(),
                new Conduct(
                        plain.validation(),
                        false,
                        plain.noEvidence(),
                        List.of(),
                        Exposure.UNLIMITED,
                        new TreeMap<>(),
                        0,
                        0,
                        true,
                        0));
    }

    private static List<String> texts() throws Exception {
        ObjectMapper json = new ObjectMapper();
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(HOME.resolve("models/golden.jsonl"))) {
            texts.add(json.readTree(line).get("text").asText());
        }
        return texts;
    }

    private static OnnxClassifier model(String build) throws Exception {
        return OnnxClassifier.open(ModelManifest.load(HOME.resolve("models"), build), labels());
    }

    private static List<String> labels() throws Exception {
        return Labels.load(HOME.resolve("data/clinc150/labels.json"));
    }
}
