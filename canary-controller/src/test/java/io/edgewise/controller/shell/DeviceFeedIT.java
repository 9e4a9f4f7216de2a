// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.StatusCounters;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.World;
import io.edgewise.controller.shell.Bodies.FleetView;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.embedded.EmbeddedTopics;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What agents tell, from a real broker into a real database, and what is decided by it.
@ExtendWith(PlatformExtension.class)
class DeviceFeedIT {
    private static final Instant START = Instant.parse("2026-11-30T08:00:00Z");
    private static final Duration SILENT = Duration.ofMinutes(5);
    private static final Duration KEEP = Duration.ofDays(30);
    private static final String PLAN = StandIn.PLAN.replaceFirst("\\{", """
            {"guardrails": [{"name": "crashes", "limit": 0.02}, {"name": "breakers", "limit": 0.05},
                            {"name": "silence", "limit": 0.05}], "leaseMinutes": 10,\
            """);

    private final StandIn standIn;
    private final SigningKeys keys = StandIn.keys();
    private final MutableClock clock = new MutableClock(START);
    private final Looking looking = new Looking();
    private final RolloutDesk desk;
    private final Deciding deciding;
    private final DeviceFeed feed;
    private final KafkaProducer<byte[], byte[]> agents;

    DeviceFeedIT(Platform platform) throws Exception {
        standIn = new StandIn(platform);
        // Another test may have come from a later time.
        standIn.database().transact(sql -> sql.update("DELETE FROM controller.device_feed"));
        EmbeddedTopics.create(
                platform.bootstrapServers(),
                List.of(new NewTopic(Topics.AGENT_STATUS, Optional.of(4), Optional.empty())));
        KafkaSettings kafka = new KafkaSettings(platform.bootstrapServers(), Map.of());
        RolloutRows rows = new RolloutRows();
        desk = new RolloutDesk(standIn.database(), keys, clock, StandIn.config(), looking);
        deciding = new Deciding(
                standIn.database(),
                rows,
                looking,
                new Enactment(rows, keys, StandIn.config().pace()),
                clock,
                0);
        feed = new DeviceFeed(standIn.database(), kafka, clock, SILENT, KEEP);
        agents = new KafkaProducer<>(kafka.producer());
    }

    @AfterEach
    void close() {
        feed.close();
        agents.close();
    }

    @Test
    void crashesRollBackAndTheWayBackLastsUntilTheOnlineDevicesAreHome() throws Exception {
        String id = StandIn.start(desk, "crash", PLAN);
        standIn.publish(
                "crash", id, new World(new SplittableRandom(3), World.Traits.GOOD).shadow(500), clock.instant());
        for (int device = 0; device < 40; device++) {
            tell(status("crash", id, device, 1, "shadow"));
        }
        receive(id, fleet -> fleet.known() == 40 && fleet.crashed() == 0);
        look(id);
        assertThat(desk.get(id).phase()).isEqualTo("shadow");

        for (int device = 0; device < 8; device++) {
            tell(status("crash", id, device, 1, "shadow").putCounters(StatusCounters.CHALLENGER_CRASHED, 1));
        }
        receive(id, fleet -> fleet.crashed() == 8);
        look(id);
        RolloutView back = desk.get(id);
        assertThat(back.lastDecision())
                .contains("Rolled back from \"shadow\": Devices whose challenger crashed 20.0 % [")
                .contains("of 40 devices; limit 2 %: BREACH");
        assertThat(back.phase()).isEqualTo("rolling_back");
        assertThat(back.revision()).isEqualTo(2);

        for (int device = 0; device < 37; device++) {
            tell(status("crash", id, device, 2, "champion-only"));
        }
        receive(id, fleet -> fleet.unconfirmed() == 3 && fleet.awaited() == 3);
        look(id);
        assertThat(desk.get(id).phase()).isEqualTo("rolling_back");
        assertThat(desk.get(id).outlook())
                .startsWith("Rolling back: 3 devices have not confirmed the champion yet, of 40");

        clock.advance(Duration.ofSeconds(61));
        look(id);
        RolloutView over = desk.get(id);
        assertThat(over.phase()).isEqualTo("rolled_back");
        assertThat(over.lastDecision()).startsWith("Rolled back on every device that is online: 3 devices have not");
        assertThat(desk.audit(id).intact()).isTrue();
        assertThat(fleet(id).unconfirmed()).as("they are shown on").isEqualTo(3);
        assertThat(fleet(id).returnedBy()).isNotNull();

        tell(status("crash", id, 38, 2, "champion-only"));
        receive(id, fleet -> fleet.unconfirmed() == 2);
        clock.advance(Duration.ofMinutes(13));
        assertThat(fleet(id).unconfirmed()).as("no lease is alive any more").isZero();
    }

    @Test
    void aSecondRolloutOfTheWorkloadIsRefusedWhileTheFirstRunsOrIsOnItsWayBackAndADraftMayWait() throws Exception {
        String id = StandIn.start(desk, "one", PLAN);
        String second =
                "{\"workload\": \"one\", \"champion\": {\"frontier\": \"cloud\"}, \"challenger\": \"one-int4\"%s}";
        assertThatThrownBy(() -> desk.start(second.formatted("")))
                .hasMessageContaining("wait for " + id + " to end, or roll it back or abort it first");
        String draft = desk.start(second.formatted(", \"draft\": true")).rollout();
        take(List.of(status("one", id, 1, 1, "shadow")));
        clock.advance(Duration.ofSeconds(1));
        feed.work(clock.instant());

        desk.act(id, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"because\"}");
        assertThat(desk.get(id).phase()).isEqualTo("rolling_back");
        assertThatThrownBy(() -> desk.act(draft, "{\"act\": \"start\", \"who\": \"ana\", \"why\": \"now\"}"))
                .hasMessageContaining(id + " decides what its devices do");

        take(List.of(status("one", id, 1, 2, "champion-only")));
        look(id);
        assertThat(desk.get(id).outcome()).isEqualTo("aborted");
        assertThat(desk.act(draft, "{\"act\": \"start\", \"who\": \"ana\", \"why\": \"now\"}")
                        .phase())
                .isEqualTo("validating");
    }

    @Test
    void breakersCountFromTheFirstReportAndAcrossARestartOfTheAgent() throws Exception {
        String id = StandIn.start(desk, "breaker", PLAN);
        tell(status("breaker", id, 1, 1, "shadow").putCounters(StatusCounters.BREAKER_OPENED, 4));
        tell(status("breaker", id, 2, 1, "shadow").putCounters(StatusCounters.BREAKER_OPENED, 4));
        tell(status("breaker", id, 3, 1, "shadow").putCounters(StatusCounters.BREAKER_OPENED, 4));
        receive(id, fleet -> fleet.known() == 3);
        assertThat(fleet(id).broke()).as("what was before this rollout").isZero();

        tell(status("breaker", id, 1, 1, "shadow").putCounters(StatusCounters.BREAKER_OPENED, 5));
        tell(status("breaker", id, 2, 1, "shadow").putCounters(StatusCounters.BREAKER_OPENED, 0));
        tell(status("breaker", id, 2, 1, "shadow").putCounters(StatusCounters.BREAKER_OPENED, 1));
        tell(status("breaker", id, 3, 1, "shadow").putCounters(StatusCounters.BREAKER_OPENED, 0));
        tell(status("breaker", id, 9, 1, "shadow"));

        receive(id, fleet -> fleet.known() == 4);
        assertThat(fleet(id).broke()).isEqualTo(2);
    }

    @Test
    void whoIsNotHeardOfIsSilentOnlyWhileOthersAre() throws Exception {
        String id = StandIn.start(desk, "silent", PLAN);
        List<AgentStatus.Builder> all = new ArrayList<>();
        for (int device = 0; device < 10; device++) {
            all.add(status("silent", id, device, 1, "shadow"));
        }
        take(all);
        take(List.of(status("silent", id, 10, 1, "shadow").setEvent("closed")));
        clock.advance(SILENT.plusSeconds(1));
        feed.work(clock.instant());
        assertThat(fleet(id).silent())
                .as("nobody was heard: the feed is broken, not the devices")
                .isZero();

        for (int step = 0; step < 12; step++) {
            clock.advance(Duration.ofSeconds(30));
            take(all.subList(0, 7));
        }
        assertThat(fleet(id).silent()).as("one said goodbye").isEqualTo(3);
        assertThat(fleet(id).known()).isEqualTo(11);
    }

    @Test
    void whoIsGoneForALongTimeIsForgottenInBatchesButNobodyWhomARollBackStillHasToReach() throws Exception {
        String over = StandIn.start(desk, "over", PLAN);
        String running = StandIn.start(desk, "running", PLAN);
        List<AgentStatus.Builder> all = new ArrayList<>();
        for (int device = 0; device < 1_100; device++) {
            all.add(status("over", over, device, 1, "shadow"));
        }
        all.add(status("over", over, 2_000, 1, "approved"));
        all.add(status("running", running, 1, 1, "shadow"));
        take(all);
        desk.act(over, "{\"act\": \"rollback\", \"who\": \"ana\", \"why\": \"because\"}");
        clock.advance(Duration.ofMinutes(20));
        look(over);
        assertThat(desk.get(over).phase()).isEqualTo("rolled_back");

        clock.advance(KEEP.minusMinutes(1));
        feed.work(clock.instant());
        assertThat(rows(over)).as("not so long yet").isEqualTo(1_101);

        clock.advance(Duration.ofHours(2));
        take(List.of(status("over", over, 7, 1, "shadow")));
        assertThat(rows(over)).as("one batch").isEqualTo(101);
        feed.work(clock.instant());
        assertThat(rows(over))
                .as("one that was approved, and one that is there again")
                .isEqualTo(2);
        assertThat(fleet(over).unconfirmed()).isEqualTo(1);
        assertThat(rows(running)).as("its rollout runs").isEqualTo(1);

        clock.advance(Duration.ofSeconds(1));
        feed.work(clock.instant());
        assertThat(told(over)).as("evidence never shrinks").isEqualTo(1_101);
    }

    @Test
    void theDevicesOfWhatIsInForceAreKeptUntilALaterRolloutReplacesIt() throws Exception {
        String first = StandIn.start(desk, "force", PLAN);
        take(List.of(status("force", first, 1, 1, "approved")));
        standIn.database()
                .transact(sql -> sql.update(
                        "UPDATE controller.rollout SET phase = 'completed', outcome = 'completed' WHERE rollout = ?",
                        first));
        clock.advance(KEEP.plusDays(1));
        feed.work(clock.instant());
        assertThat(rows(first)).isEqualTo(1);

        String later = desk.start("{\"workload\": \"force\", \"champion\": {\"frontier\": \"cloud\"},"
                        + " \"challenger\": \"force-int4\", \"plan\": " + PLAN + "}")
                .rollout();
        clock.advance(Duration.ofHours(1));
        feed.work(clock.instant());
        assertThat(rows(first)).as("the later one may be rolled back").isEqualTo(1);

        standIn.database()
                .transact(sql -> sql.update(
                        "UPDATE controller.rollout SET phase = 'completed', outcome = 'completed' WHERE rollout = ?",
                        later));
        clock.advance(Duration.ofHours(1));
        feed.work(clock.instant());
        assertThat(rows(first)).isZero();
    }

    /// It was completed by a person, and its devices go on in the canary without a lease.
    @Test
    void theDevicesOfACompletedHybridRolloutAreFollowedHomeLikeThoseOfAnApproval() throws Exception {
        String plan = """
                {"hybrid": true, "leaseMinutes": 10, "guardrails": [{"name": "crashes", "limit": 0.02}],
                 "stages": [{"shareBp": 0}, {"shareBp": 10000, "hybrid": {"confidence": 0.9}}]}
                """;
        String id = StandIn.start(desk, "hybrid", plan);
        for (int step = 0; step < 2; step++) {
            desk.act(id, "{\"act\": \"promote\", \"who\": \"ana\", \"why\": \"tested offline\"}");
        }
        long completed = desk.get(id).revision();
        assertThat(desk.get(id).phase()).isEqualTo("completed");
        take(List.of(
                status("hybrid", id, 1, completed, "canary"),
                status("hybrid", id, 2, completed - 1, "canary"),
                status("hybrid", id, 3, completed, "canary")));

        desk.act(id, "{\"act\": \"rollback\", \"who\": \"ana\", \"why\": \"complaints\"}");
        take(List.of(status("hybrid", id, 3, completed + 1, "champion-only")));
        assertThat(fleet(id).unconfirmed()).isEqualTo(2);
        assertThat(fleet(id).approved()).as("need no lease").isEqualTo(1);

        clock.advance(Duration.ofMinutes(20));
        assertThat(fleet(id).unconfirmed()).as("the one without a lease").isEqualTo(1);
        look(id);
        clock.advance(KEEP.plusDays(1));
        feed.work(clock.instant());
        assertThat(rows(id)).isEqualTo(1);
    }

    private long rows(String rollout) throws Exception {
        return count("SELECT count(*) FROM controller.device WHERE rollout = ?", rollout);
    }

    private long told(String rollout) throws Exception {
        return count("SELECT sum(known) FROM controller.told WHERE rollout = ?", rollout);
    }

    private long count(String question, String rollout) throws Exception {
        return standIn.database()
                .transact(sql ->
                        sql.first(question, row -> row.getLong(1), rollout).orElseThrow());
    }

    @Test
    void whatNoAgentOfOursWouldSayIsPassedOver() throws Exception {
        String id = StandIn.start(desk, "odd", PLAN);
        agents.send(new ProducerRecord<>(Topics.AGENT_STATUS, new byte[] {1}, new byte[] {-1, -1}))
                .get();
        agents.send(new ProducerRecord<>(Topics.AGENT_STATUS, new byte[] {1}, null))
                .get();
        tell(status("odd", id, 1, 1, "shadow").setDevice("nul\0"));
        tell(status("odd", "01ARZ3NDEKTSV4RRFFQ69G5FAV", 1, 1, "shadow"));
        tell(status("odd", "", 1, 0, "none"));
        tell(status("elsewhere", id, 1, 1, "shadow"));
        tell(status("odd", id, 5, 1, "shadow").setFallback("a\0b").setMode("dance"));

        receive(id, fleet -> fleet.known() == 1);
    }

    private AgentStatus.Builder status(String workload, String rollout, int device, long revision, String mode) {
        return AgentStatus.newBuilder()
                .setTenant("default")
                .setDevice("device-" + device)
                .setWorkload(workload)
                .setRollout(rollout)
                .setRevisionObeyed(revision)
                .setMode(mode)
                .setBuild(workload + "-int4");
    }

    private void tell(AgentStatus.Builder status) throws Exception {
        agents.send(new ProducerRecord<>(
                        Topics.AGENT_STATUS,
                        Topics.key(status.getTenant(), status.getDevice()),
                        status.build().toByteArray()))
                .get();
    }

    /// As if they had just come from Kafka.
    private void take(List<AgentStatus.Builder> statuses) throws Exception {
        List<DeviceReport> reports = new ArrayList<>();
        for (AgentStatus.Builder status : statuses) {
            reports.add(DeviceReport.of(status.build(), clock.instant()).orElseThrow());
        }
        feed.take(reports, clock.instant());
        feed.work(clock.instant());
    }

    private void receive(String rollout, Predicate<FleetView> until) {
        Await.until("the feed has it", () -> {
            poll();
            return until.test(fleet(rollout));
        });
    }

    private void poll() throws Exception {
        feed.poll();
        clock.advance(Duration.ofMillis(501));
        feed.work(clock.instant());
    }

    private FleetView fleet(String rollout) {
        return Objects.requireNonNull(desk.get(rollout).devices());
    }

    private void look(String rollout) throws Exception {
        clock.advance(Duration.ofMillis(10));
        deciding.round(Set.of(rollout));
    }
}
