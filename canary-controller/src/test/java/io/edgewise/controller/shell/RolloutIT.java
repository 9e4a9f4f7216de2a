// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Lease;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.controller.EvidenceBlock;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.World;
import io.edgewise.controller.shell.Bodies.DecisionView;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.embedded.EmbeddedTopics;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Rollouts on a real database and a real broker, on evidence counted by a synthetic world and a clock of our own.
@ExtendWith(PlatformExtension.class)
class RolloutIT {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

    private final StandIn standIn;
    private final SigningKeys keys = StandIn.keys();
    private final MutableClock clock = new MutableClock(START);
    private final KafkaSettings kafka;
    private final Looking looking = new Looking(7);
    private final RolloutDesk desk;
    private final Deciding deciding;

    RolloutIT(Platform platform) throws Exception {
        standIn = new StandIn(platform);
        kafka = new KafkaSettings(platform.bootstrapServers(), Map.of());
        EmbeddedTopics.create(
                platform.bootstrapServers(),
                List.of(new NewTopic(Topics.DIRECTIVES, Optional.of(4), Optional.empty())));
        desk = new RolloutDesk(standIn.database(), keys, clock, StandIn.config(), looking);
        deciding = deciding();
    }

    private Deciding deciding() {
        RolloutRows rows = new RolloutRows();
        return new Deciding(
                standIn.database(),
                rows,
                looking,
                new Enactment(rows, keys, StandIn.config().pace()),
                clock,
                0);
    }

    @Test
    void aBuildsTrainingDateIsPublishedAndMayBeToldLaterButNotChanged() throws Exception {
        String body = "{\"workload\": \"dated\", \"artifacts\": {\"any\": \"" + "b".repeat(64) + "\"}%s}";
        desk.define("dated", "{\"labels\": [\"timer\", \"oos\"]}");

        desk.register("dated-v1", body.formatted(""));
        desk.register("dated-v1", body.formatted(", \"trainedOn\": \"2026-05-01\""));
        desk.register("dated-v1", body.formatted(", \"trainedOn\": \"2026-06-01\""));

        List<String> published = standIn.database().read(sql -> sql.list("""
                SELECT b.trained_on || ' ' || (w.definition -> 'labels' ->> 0)
                FROM controller.published_build b JOIN controller.published_workload w USING (tenant, workload)
                WHERE b.build = 'dated-v1'""", row -> row.getString(1)));
        assertThat(published).containsExactly("2026-05-01 timer");
        assertThatThrownBy(() -> desk.register("dated-v2", body.formatted(", \"trainedOn\": \"May\"")))
                .hasMessageContaining("write a day as 2026-05-01");
    }

    @Test
    void aGoodBuildGoesFromShadowToEverybodyAndItsOrdersAreOnKafka() throws Exception {
        String id = StandIn.start(desk, "good", StandIn.PLAN);
        RolloutView end = drive("good", id, new World(new SplittableRandom(21), World.Traits.GOOD), List.of(deciding));

        assertThat(end.phase()).as(String.valueOf(end)).isEqualTo("completed");
        List<DecisionView> log = desk.decisions(id);
        assertThat(log.stream().filter(d -> !d.kind().equals("verdict")).map(DecisionView::kind))
                .containsExactly("started", "promoted", "promoted", "promoted", "completed");
        assertThat(log.stream().filter(d -> !d.kind().equals("verdict")).map(DecisionView::revision))
                .containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(desk.audit(id).intact()).isTrue();
        assertThat(desk.audit(id).decisions()).isEqualTo(log.size());

        try (Closing outbox = new Closing(new Outbox(standIn.database(), kafka, clock, 50))) {
            settle(outbox);
        }
        List<Directive> directives = directives("default/good/" + id);
        assertThat(directives.stream().map(Directive::getRevision)).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(directives.stream().map(Directive::getShareBp)).containsExactly(0, 100, 1_000, 10_000, 10_000);
        assertThat(directives.getLast().getMode()).isEqualTo(Directive.Mode.MODE_APPROVED);
        assertThat(directives.getLast().getApprovedBuild()).isEqualTo("good-int4");
        List<Lease> leases = leases("default/good/" + id + "/lease");
        assertThat(leases.stream().map(Lease::getIssue)).containsExactly(1L, 2L, 3L);
        assertThat(leases.getFirst().getRevision()).isEqualTo(2);
    }

    @Test
    void aBadBuildIsRolledBackFromShadow() throws Exception {
        String id = StandIn.start(desk, "bad", StandIn.PLAN);
        RolloutView end = drive("bad", id, new World(new SplittableRandom(22), World.Traits.BAD), List.of(deciding));

        assertThat(end.phase()).isEqualTo("rolled_back");
        assertThat(end.shareBp()).isZero();
        assertThat(end.stage()).isZero();
        assertThat(end.lastDecision())
                .contains("Rolled back from \"shadow\": Agreement 7")
                .contains("BREACH, e = ");
        assertThat(end.verdicts().getFirst().verdict()).isEqualTo("BREACH");
        assertThat(Duration.between(START, clock.instant())).isLessThan(Duration.ofSeconds(40));
    }

    @Test
    void twoControllersOnTheSameRolloutsNeverDoubleADecision() throws Exception {
        List<Deciding> controllers = List.of(deciding, deciding(), deciding());
        for (int i = 0; i < 4; i++) {
            String id = StandIn.start(desk, "shared-" + i, StandIn.PLAN);
            World world = new World(new SplittableRandom(30 + i), i % 2 == 0 ? World.Traits.GOOD : World.Traits.BAD);
            RolloutView end = drive("shared-" + i, id, world, controllers);

            assertThat(end.phase()).isEqualTo(i % 2 == 0 ? "completed" : "rolled_back");
            assertThat(desk.audit(id).intact()).isTrue();
            List<DecisionView> log = desk.decisions(id);
            long moves = log.stream().filter(d -> !d.kind().equals("verdict")).count();
            assertThat(log.stream().map(DecisionView::revision).distinct().count())
                    .isEqualTo(moves);
        }
    }

    @Test
    void tamperingWithTheLogIsRefusedAndWhereItIsForcedItIsFound() throws Exception {
        String id = StandIn.start(desk, "tampered", StandIn.PLAN);
        drive("tampered", id, new World(new SplittableRandom(23), World.Traits.BAD), List.of(deciding));
        String change = "UPDATE controller.decision SET sentence = 'all is well' WHERE rollout = ? AND number = 2";

        assertThatThrownBy(() -> update(change, id)).hasMessageContaining("never changed");
        assertThatThrownBy(() -> update("DELETE FROM controller.evidence_block WHERE rollout = ?", id))
                .hasMessageContaining("never changed");

        standIn.database().transact(sql -> {
            sql.update("ALTER TABLE controller.decision DISABLE TRIGGER decision_is_final");
            sql.update(change, id);
            sql.update("ALTER TABLE controller.decision ENABLE TRIGGER decision_is_final");
            return true;
        });
        assertThat(desk.audit(id).intact()).isFalse();
        assertThat(desk.audit(id).firstBad()).isEqualTo(2);
    }

    @Test
    void peopleActOnRolloutsAndWhatTheyMayNotDoIsExplained() throws Exception {
        String id = StandIn.start(desk, "manual", StandIn.PLAN);

        assertThat(desk.act(id, "{\"act\":\"pause\",\"who\":\"ana\",\"why\":\"holiday\"}")
                        .phase())
                .isEqualTo("paused");
        assertThatThrownBy(() -> desk.act(id, "{\"act\":\"pause\",\"who\":\"ana\",\"why\":\"again\"}"))
                .hasMessageContaining("cannot pause a rollout that is paused");
        assertThatThrownBy(() -> desk.act(id, "{\"act\":\"resume\",\"who\":\"\",\"why\":\"x\"}"))
                .hasMessageContaining("needs \"who\" and \"why\"");
        assertThat(desk.act(id, "{\"act\":\"resume\",\"who\":\"ana\",\"why\":\"back\"}")
                        .phase())
                .isEqualTo("shadow");
        assertThat(desk.act(id, "{\"act\":\"promote\",\"who\":\"ana\",\"why\":\"tested\"}")
                        .shareBp())
                .isEqualTo(100);
        assertThatThrownBy(() -> StandIn.start(desk, "manual", StandIn.PLAN))
                .hasMessageContaining("or roll it back or abort it first");
        RolloutView end = desk.act(id, "{\"act\":\"rollback\",\"who\":\"ana\",\"why\":\"enough\"}");
        assertThat(end.outcome()).isEqualTo("rolled_back");
        assertThat(end.revision()).isEqualTo(3);
        assertThat(end.decisions()).hasSize(5);
        assertThat(desk.audit(id).intact()).isTrue();
    }

    @Test
    void aLongRolloutIsReadInPagesBeforeItsRowIsLocked() throws Exception {
        String id = StandIn.start(desk, "long", StandIn.PLAN);
        Stratum shadow = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);
        EvidenceRows rows = new EvidenceRows();
        standIn.database().transact(sql -> {
            for (int number = 1; number <= 3_000; number++) {
                Tally tally = new Tally().add(Measures.PAIRS, 0);
                rows.append(sql, id, EvidenceBlock.cut(number, START, Map.of(shadow, tally)));
            }
            return true;
        });
        Kept kept = standIn.database()
                .read(sql -> new RolloutRows().find(sql, "default", id))
                .orElseThrow();
        Ledgers ledgers = looking.ledgers();
        boolean cold = standIn.database().read(sql -> ledgers.isCold(sql, kept));
        assertThat(cold).isTrue();

        deciding.round(Set.of(id));

        assertThat(deciding.trouble()).isEmpty();
        boolean stillCold = standIn.database().read(sql -> ledgers.isCold(sql, kept));
        assertThat(stillCold).isFalse();
        assertThat(standIn.database().read(sql -> ledgers.current(sql, kept)).blocks())
                .isEqualTo(3_000);
        assertThat(desk.get(id).outlook()).contains("are gone, which were counted before");
        desk.act(id, "{\"act\":\"abort\",\"who\":\"ana\",\"why\":\"done\"}");
    }

    @Test
    void aRowThatCannotBeUnderstoodIsSetAsideAlone() throws Exception {
        String broken = StandIn.start(desk, "unreadable", StandIn.PLAN);
        String fine = StandIn.start(desk, "readable", StandIn.PLAN);
        update("UPDATE controller.rollout SET phase = 'nonsense' WHERE rollout = ?", broken);
        clock.advance(Duration.ofSeconds(1));

        deciding.round(Set.of());

        assertThat(deciding.trouble()).contains(broken).contains("there is no phase \"nonsense\"");
        assertThat(desk.get(fine).outlook()).startsWith("Waits, before");
        update("UPDATE controller.rollout SET phase = 'shadow' WHERE rollout = ?", broken);
        clock.advance(Duration.ofSeconds(5));
        deciding.round(Set.of());
        assertThat(deciding.trouble()).isEmpty();
    }

    @Test
    void theNewestOrderIsTheLastOnKafkaAfterALateOlderOne() throws Exception {
        String id = StandIn.start(desk, "late", StandIn.PLAN);
        String key = "default/late/" + id;
        try (Closing outbox = new Closing(new Outbox(standIn.database(), kafka, clock, 50))) {
            settle(outbox);
        }
        byte[] older = signed(key, Signing.DIRECTIVE).getFirst().toByteArray();
        desk.act(id, "{\"act\":\"promote\",\"who\":\"ana\",\"why\":\"tested\"}");
        try (Closing outbox = new Closing(new Outbox(standIn.database(), kafka, clock, 50))) {
            settle(outbox);
            try (KafkaProducer<byte[], byte[]> zombie = new KafkaProducer<>(kafka.producer())) {
                ProducerRecord<byte[], byte[]> order =
                        new ProducerRecord<>(Topics.DIRECTIVES, key.getBytes(StandardCharsets.UTF_8), older);
                order.headers().add(Topics.SCHEMA_HEADER, Outbox.SIGNED_SCHEMA.getBytes(StandardCharsets.UTF_8));
                zombie.send(order).get(30, TimeUnit.SECONDS);
            }
            assertThat(outbox.outbox.publish()).isZero();
        }
        assertThat(directives(key).getLast().getRevision()).isEqualTo(1);

        try (Closing outbox = new Closing(new Outbox(standIn.database(), kafka, clock, 50))) {
            settle(outbox);
        }

        assertThat(directives(key).getLast().getRevision()).isEqualTo(2);
        desk.act(id, "{\"act\":\"abort\",\"who\":\"ana\",\"why\":\"done\"}");
    }

    @Test
    void aCompletedRolloutIsNotRolledBackBehindALaterOneThatIsInForce() throws Exception {
        String first = completed("twice");
        String second = completed("twice");

        assertThatThrownBy(() -> desk.act(first, "{\"act\":\"rollback\",\"who\":\"ana\",\"why\":\"late\"}"))
                .hasMessageContaining(second);
        desk.act(second, "{\"act\":\"rollback\",\"who\":\"ana\",\"why\":\"late\"}");
        assertThat(desk.act(first, "{\"act\":\"rollback\",\"who\":\"ana\",\"why\":\"late\"}")
                        .outcome())
                .isEqualTo("rolled_back");
    }

    private String completed(String workload) {
        String id = StandIn.start(desk, workload, StandIn.PLAN);
        for (int stage = 0; stage < 4; stage++) {
            desk.act(id, "{\"act\":\"promote\",\"who\":\"ana\",\"why\":\"tested\"}");
        }
        clock.advance(Duration.ofSeconds(1));
        return id;
    }

    @Test
    void aStoredPlanIsThePlanThatWasStarted() throws Exception {
        String id = StandIn.start(desk, "kept", "{\"guardrails\": [{\"name\": \"agreement\", \"limit\": 0.9}]}");
        Kept kept = standIn.database()
                .read(sql -> new RolloutRows().find(sql, "default", id))
                .orElseThrow();

        assertThat(kept.plan().hash()).isEqualTo(desk.get(id).planHash());
        assertThat(kept.plan().guardrails().getFirst().limit()).isEqualTo(0.9);
        String stored = standIn.database()
                .read(sql -> sql.first(
                        "SELECT plan_hash FROM controller.rollout WHERE rollout = ?", row -> row.getString(1), id))
                .orElseThrow();
        assertThat(kept.plan().hash()).isEqualTo(stored);
        desk.act(id, "{\"act\":\"abort\",\"who\":\"ana\",\"why\":\"done\"}");
    }

    @Test
    void faultyRequestsSayWhatIsWrongAndWhere() {
        desk.define("faulty", "{}");

        assertThatThrownBy(() -> desk.define("faulty", "{\"lables\": []}")).hasMessageContaining("lables");
        assertThatThrownBy(() -> desk.start("{\"workload\": \"nobody\", \"challenger\": \"x\"}"))
                .hasMessageContaining("PUT /api/v1/workloads/nobody");
        assertThatThrownBy(() -> StandIn.start(desk, "faulty", "{\"stages\": [{\"shareBp\": 5}]}"))
                .hasMessageContaining("stages[0].shareBp must be 0");
        assertThatThrownBy(() -> StandIn.start(desk, "faulty", "{\"stages\": [{\"name\": \"x\"}]}"))
                .hasMessageContaining("stages[0].shareBp is missing");
        assertThatThrownBy(() -> desk.get("nothing")).hasMessageContaining("GET /api/v1/rollouts");
    }

    /// 300 requests a second of the world's time until the rollout ends.
    private RolloutView drive(String workload, String id, World world, List<Deciding> controllers) throws Exception {
        for (int step = 0; step < 200; step++) {
            RolloutView now = desk.get(id);
            if (now.outcome() != null) {
                return now;
            }
            if (now.stage() == 0) {
                world.shadow(900);
            } else {
                world.canary(now.stage(), 900, now.shareBp(), now.stage() == 3 ? 200 : 10_000);
            }
            clock.advance(Duration.ofSeconds(3));
            standIn.publish(workload, id, world, clock.instant());
            roundOfAll(controllers, id);
        }
        return desk.get(id);
    }

    /// At once; what any of them throws fails the test.
    private static void roundOfAll(List<Deciding> controllers, String id) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> rounds = new ArrayList<>();
            for (Deciding controller : controllers) {
                rounds.add(threads.submit(() -> round(controller, id)));
            }
            for (Future<?> round : rounds) {
                round.get();
            }
        }
    }

    private static void round(Deciding controller, String id) {
        try {
            controller.round(Set.of(id));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void update(String change, String id) throws SQLException {
        standIn.database().transact(sql -> sql.update(change, id));
    }

    private List<Directive> directives(String key) throws Exception {
        List<Directive> directives = new ArrayList<>();
        for (Signed signed : signed(key, Signing.DIRECTIVE)) {
            directives.add(Directive.parseFrom(signed.getPayload()));
        }
        return directives;
    }

    private List<Lease> leases(String key) throws Exception {
        List<Lease> leases = new ArrayList<>();
        for (Signed signed : signed(key, Signing.LEASE)) {
            leases.add(Lease.parseFrom(signed.getPayload()));
        }
        return leases;
    }

    private List<Signed> signed(String key, String domain) throws Exception {
        List<Signed> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.DIRECTIVES).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(200))) {
                    if (new String(message.key(), StandardCharsets.UTF_8).equals(key)) {
                        assertThat(message.headers().lastHeader("schema").value())
                                .isEqualTo("signed/1".getBytes(StandardCharsets.UTF_8));
                        Signed signed = Signed.parseFrom(message.value());
                        assertThat(signed.getDomain()).isEqualTo(domain);
                        assertThat(Signing.verify(signed, keys.publicKey())).isTrue();
                        found.add(signed);
                    }
                }
            }
        }
        return found;
    }

    /// Until nothing waits and the newest of each key was repeated.
    private static void settle(Closing outbox) throws Exception {
        int sent;
        do {
            sent = outbox.outbox.publish();
        } while (sent > 0);
    }

    private record Closing(Outbox outbox) implements AutoCloseable {
        @Override
        public void close() {
            outbox.close();
        }
    }
}
