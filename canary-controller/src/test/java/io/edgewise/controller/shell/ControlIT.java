// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.audit.AuditReport;
import io.edgewise.contracts.audit.Checkpoint;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.controller.Evidence;
import io.edgewise.controller.RolloutMachine;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.Transition;
import io.edgewise.controller.World;
import io.edgewise.controller.shell.Bodies.DecisionView;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.statistics.multiple.AlphaShares;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The kill switch, a holder that is stopped, the order of events, and the audit, on a real database.
@ExtendWith(PlatformExtension.class)
class ControlIT {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

    private final StandIn standIn;
    private final SigningKeys keys = StandIn.keys();
    private final MutableClock clock = new MutableClock(START);
    private final Looking looking = new Looking();
    private final RolloutRows rows = new RolloutRows();
    private final RolloutDesk desk;
    private final StopDesk stops;
    private final AuditDesk audit;

    ControlIT(Platform platform) throws Exception {
        standIn = new StandIn(platform);
        desk = new RolloutDesk(standIn.database(), keys, clock, StandIn.config(), looking);
        stops = new StopDesk(standIn.database(), keys, clock, StandIn.config(), looking);
        audit = new AuditDesk(standIn.database(), keys, clock, StandIn.config());
    }

    private Deciding deciding() {
        return new Deciding(
                standIn.database(),
                rows,
                looking,
                new Enactment(rows, keys, StandIn.config().pace()),
                clock,
                0);
    }

    @Test
    void aHolderThatStopsBetweenLockAndCommitIsPassedByAndItsLateCommitFails() throws Exception {
        String id = StandIn.start(desk, "held", StandIn.PLAN);
        World world = new World(new SplittableRandom(41), World.Traits.BAD);
        for (int i = 0; i < 4; i++) {
            world.shadow(900);
        }
        clock.advance(Duration.ofSeconds(12));
        standIn.publish("held", id, world, clock.instant());

        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        CompletableFuture<Held> held = new CompletableFuture<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> holder = threads.submit(() -> standIn.database().transact(sql -> {
                Limits.forDecision(sql);
                Kept kept = rows.lock(sql, "default", id).orElseThrow();
                Evidence evidence = looking.cut(sql, kept, looking.look(sql, kept, clock.instant()), clock.instant());
                Transition transition = RolloutMachine.decide(kept.rollout(), kept.plan(), evidence, clock.instant());
                new Enactment(rows, keys, StandIn.config().pace()).carryOut(sql, kept, transition, clock.instant());
                held.complete(Held.here(sql));
                // It stands here, its lock held and its decision written but not committed.
                written.countDown();
                await(resume);
                return transition.next().phase().text();
            }));
            written.await();
            // Whoever looks until the server ends the holder's transaction passes by.
            Deciding other = deciding();
            other.round(Set.of(id));
            assertThat(desk.decisions(id).stream().map(DecisionView::kind)).doesNotContain("rolled_back");
            assertThat(held.join().bounds())
                    .as("what the server was told: another rolls back within five seconds")
                    .startsWith("2s", "2s")
                    .isSubsetOf("2s", "5s");
            awaitEnd(held.join().process());
            other.round(Set.of(id));
            assertThat(desk.get(id).outcome()).isEqualTo("rolled_back");
            resume.countDown();
            assertThatThrownBy(holder::get).hasCauseInstanceOf(SQLException.class);
        }
        List<DecisionView> log = desk.decisions(id);
        assertThat(log.stream().filter(d -> d.kind().equals("rolled_back"))).hasSize(1);
        assertThat(log.getLast().revision()).isEqualTo(2);
        assertThat(orders("held", id)).hasSize(2);
        assertThat(desk.audit(id).intact()).isTrue();
    }

    /// Which server process carries the transaction, and its bounds: of a statement, of idling, of the whole of it
    /// where
    /// the server knows that one.
    private record Held(int process, List<String> bounds) {
        static Held here(Sql sql) throws SQLException {
            return sql.first(
                            "SELECT pg_backend_pid(), current_setting('statement_timeout'),"
                                    + " current_setting('idle_in_transaction_session_timeout'),"
                                    + " coalesce(current_setting('transaction_timeout', true), '5s')",
                            row -> new Held(
                                    row.getInt(1), List.of(row.getString(2), row.getString(3), row.getString(4))))
                    .orElseThrow();
        }
    }

    /// The server ends it; the limit here is one of the test, should it never.
    private void awaitEnd(int process) throws SQLException {
        long begun = System.nanoTime();
        while (standIn.database()
                .read(sql -> sql.first("SELECT 1 FROM pg_stat_activity WHERE pid = ?", row -> true, process))
                .isPresent()) {
            assertThat(System.nanoTime() - begun)
                    .isLessThan(Duration.ofSeconds(60).toNanos());
        }
    }

    @Test
    void aStopOfEverythingGivesEachWorkloadOneSignedOrderThatLeadsToTheChampionAtOnce() throws Exception {
        Map<String, String> running = new TreeMap<>();
        for (String workload : List.of("fire-a", "fire-b")) {
            String id = StandIn.start(desk, workload, StandIn.PLAN);
            desk.act(id, "{\"act\": \"promote\", \"who\": \"ana\", \"why\": \"test\"}");
            running.put(workload, id);
        }

        StopDesk.StopView view = stops.stop("{\"why\": \"fire\"}", Caller.OPERATOR);

        assertThat(view.stopped().stream().map(StopDesk.Stopped::rollout)).containsAll(running.values());
        for (Map.Entry<String, String> each : running.entrySet()) {
            List<Directive> orders = orders(each.getKey(), each.getValue());
            assertThat(orders.stream().map(Directive::getMode))
                    .containsExactly(
                            Directive.Mode.MODE_SHADOW, Directive.Mode.MODE_CANARY, Directive.Mode.MODE_CHAMPION_ONLY);
            Directive stop = orders.getLast();
            assertThat(stop.getReturnSpreadSeconds()).isZero();
            assertThat(stop.getShareBp()).isZero();
            assertThat(stop.getLeased()).isFalse();
            assertThat(stop.getRevision()).isEqualTo(3);
        }
        stops.lift("", Caller.OPERATOR);
    }

    @Test
    void aStopThatCannotReachARolloutIsCarriedOutByTheNextLook() throws Exception {
        String id = StandIn.start(desk, "busy", StandIn.PLAN);
        StopDesk.StopView view;
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> busy = threads.submit(() -> standIn.database().transact(sql -> {
                rows.lock(sql, "default", id);
                locked.countDown();
                await(release);
                return true;
            }));
            locked.await();
            view = stops.stop("{\"workload\": \"busy\", \"why\": \"fire\", \"who\": \"ana\"}", Caller.OPERATOR);
            release.countDown();
            busy.get();
        }
        assertThat(view.pending()).containsExactly(id);
        assertThat(desk.get(id).outcome()).isNull();

        deciding().round(Set.of(id));

        RolloutView after = desk.get(id);
        assertThat(after.outcome()).isEqualTo("rolled_back");
        assertThat(after.lastDecision())
                .contains("ana stopped everything, because: fire")
                .contains("at once");
        assertThatThrownBy(() -> StandIn.start(desk, "busy", StandIn.PLAN)).hasMessageContaining("an admin lifts it");
        stops.lift("busy", Caller.OPERATOR);
        assertThat(StandIn.start(desk, "busy", StandIn.PLAN)).isNotEqualTo(id);
    }

    @Test
    void aCompletedRolloutIsBroughtBackByAStopToo() throws Exception {
        String id = StandIn.start(desk, "done", StandIn.PLAN);
        for (int i = 0; i < 4; i++) {
            desk.act(id, "{\"act\": \"promote\", \"who\": \"ana\", \"why\": \"test\"}");
        }
        assertThat(desk.get(id).outcome()).isEqualTo("completed");

        StopDesk.StopView view = stops.stop("{\"workload\": \"done\", \"why\": \"fire\"}", Caller.OPERATOR);
        StopDesk.StopView again = stops.stop("{\"workload\": \"done\", \"why\": \"fire\"}", Caller.OPERATOR);
        assertThat(again.stopped()).as("what another look had stopped already").isEqualTo(view.stopped());

        assertThat(view.stopped()).hasSize(1);
        assertThat(view.stopped().getFirst().revision()).isEqualTo(6);
        assertThat(desk.get(id).outcome()).isEqualTo("rolled_back");
        stops.lift("done", Caller.OPERATOR);
    }

    @Test
    void aRetrySpendsTheNextShareOfPromotionsError() throws Exception {
        String id = StandIn.start(desk, "again", StandIn.PLAN);
        assertThatThrownBy(() -> desk.retry(id, Caller.OPERATOR, Requests.Once.NO))
                .hasMessageContaining("it is shadow");
        desk.act(id, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");

        RolloutView second = desk.retry(id, Caller.OPERATOR, Requests.Once.NO);

        // Of the first try's 5 % the second share, then the third: not a share of a share.
        assertThat(desk.get(id).plan().alphaPromotion()).isEqualTo(0.05);
        assertThat(second.plan().alphaPromotion()).isEqualTo(AlphaShares.of(0.05, 2));
        assertThat(second.plan().stages()).isEqualTo(desk.get(id).plan().stages());
        desk.act(second.rollout(), "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
        for (String tried : List.of(second.rollout(), id)) {
            RolloutView next = desk.retry(tried, Caller.OPERATOR, Requests.Once.NO);
            assertThat(next.plan().alphaPromotion()).isEqualTo(AlphaShares.of(0.05, tried.equals(id) ? 4 : 3));
            desk.act(next.rollout(), "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
        }
    }

    @Test
    void whoeverFollowsEventsMissesNothingHoweverTransactionsEnd() throws Exception {
        String from = audit.newestEvent();
        String slow = StandIn.start(desk, "events-slow", StandIn.PLAN);
        Set<String> seen = new HashSet<>();
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch read = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> late = threads.submit(() -> standIn.database().transact(sql -> {
                sql.update(
                        "INSERT INTO controller.event (tenant, rollout, number, at, kind, body) VALUES ('default', ?, 99,"
                                + " now(), 'late', '{}')",
                        slow);
                written.countDown();
                await(read);
                return true;
            }));
            written.await();
            String fast = StandIn.start(desk, "events-fast", StandIn.PLAN);
            String place = from;
            for (Events.Event event : audit.events(place)) {
                seen.add(event.rollout() + " " + event.number());
                place = event.place();
            }
            assertThat(seen).doesNotContain(slow + " 99");
            read.countDown();
            assertThat(late.get()).isTrue();
            List<String> after = new ArrayList<>();
            for (Events.Event event : audit.events(place)) {
                assertThat(seen.add(event.rollout() + " " + event.number())).isTrue();
                after.add(event.rollout() + " " + event.number());
            }
            assertThat(after).contains(slow + " 99");
            assertThat(seen).contains(slow + " 1", fast + " 1");
            desk.act(fast, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
        }
        desk.act(slow, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
    }

    @Test
    void checkpointsHoldTheHeadsAndTamperingIsFoundWithItsPlace() throws Exception {
        String id = StandIn.start(desk, "audited", StandIn.PLAN);
        desk.act(id, "{\"act\": \"pause\", \"who\": \"ana\", \"why\": \"lunch\"}");
        assertThat(audit.checkpoint()).containsEntry("written", true);
        assertThat(audit.checkpoint()).containsEntry("written", false);
        desk.act(id, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
        assertThat(audit.verify().faults()).isEmpty();
        assertThat(audit.export()).contains("\"type\":\"checkpoint\"", "tenant/default", "lunch");

        standIn.database().transact(sql -> {
            sql.update("ALTER TABLE controller.decision DISABLE TRIGGER decision_is_final");
            sql.update("UPDATE controller.decision SET actor = 'bob' WHERE rollout = ? AND number = 2", id);
            sql.update("ALTER TABLE controller.decision ENABLE TRIGGER decision_is_final");
            return true;
        });

        AuditReport report = audit.verify();
        assertThat(report.faults()).anyMatch(fault -> fault.chain().equals(id) && fault.number() == 2);
        standIn.database().transact(sql -> {
            sql.update("ALTER TABLE controller.decision DISABLE TRIGGER decision_is_final");
            sql.update("UPDATE controller.decision SET actor = 'ana' WHERE rollout = ? AND number = 2", id);
            sql.update("ALTER TABLE controller.decision ENABLE TRIGGER decision_is_final");
            return true;
        });
        assertThat(audit.verify().faults()).isEmpty();
    }

    @Test
    void aCheckpointIsWrittenOnceAnIntervalOverAllInstancesAndHoldsWhatGrewWhateverTheirClocksSay() throws Exception {
        String id = StandIn.start(desk, "signed", StandIn.PLAN);
        Checkpoints ours = new Checkpoints(keys);
        // Another instance whose clock is two hours ahead has signed last.
        Instant ahead = clock.instant().plus(Duration.ofHours(2));
        standIn.database().transact(sql -> ours.write(sql, "default", ahead));
        desk.act(id, "{\"act\": \"pause\", \"who\": \"ana\", \"why\": \"test\"}");

        assertThat(due(ours, Duration.ofHours(1))).as("within the interval").isEmpty();
        List<Checkpoint> written = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Checkpoint>>> instances = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                instances.add(threads.submit(() -> due(new Checkpoints(keys), Duration.ZERO)));
            }
            for (Future<Optional<Checkpoint>> instance : instances) {
                instance.get().ifPresent(written::add);
            }
        }
        assertThat(written).hasSize(1);
        assertThat(written.getFirst().heads()).containsOnlyKeys(id);
        assertThat(written.getFirst().heads().values())
                .extracting(Checkpoint.Head::number)
                .containsExactly(2L);
        assertThat(due(ours, Duration.ZERO)).as("nothing has grown").isEmpty();
        assertThat(new CheckpointLoop(standIn.database(), keys, clock, StandIn.config()).writeDue())
                .as("an hour has not gone by")
                .isFalse();
        desk.act(id, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
        assertThat(due(ours, Duration.ZERO)).isPresent();
        assertThat(audit.verify().faults()).isEmpty();
    }

    private Optional<Checkpoint> due(Checkpoints checkpoints, Duration interval) throws SQLException {
        return standIn.database().transact(sql -> checkpoints.writeDue(sql, "default", clock.instant(), interval));
    }

    @Test
    void aKeyMakesARequestHappenOnce() {
        Requests.Once once = new Requests.Once("k-1", "start x");
        desk.define("once", "{\"prices\": {\"cloud\": 5000, \"edge\": 1000}}");
        desk.register("once-int4", "{\"workload\": \"once\", \"artifacts\": {\"any\": \"" + "a".repeat(64) + "\"}}");
        String body =
                "{\"workload\": \"once\", \"champion\": {\"frontier\": \"cloud\"}, \"challenger\": \"once-int4\"}";

        String first = desk.start(body, Caller.OPERATOR, once).rollout();

        assertThat(desk.start(body, Caller.OPERATOR, once).rollout()).isEqualTo(first);
        assertThatThrownBy(() -> desk.start(body, Caller.OPERATOR, new Requests.Once("k-1", "start y")))
                .hasMessageContaining("make a new key");
        assertThat(desk.get(first).phase()).isEqualTo("validating");
        desk.act(first, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
    }

    /// A database that fails over to a standby, or whose disk is full, reads and does not write.
    @Test
    void aDatabaseThatOnlyReadsNeverRaisesTheShareAndIsGoneOnWithOnceItWritesAgain() throws Exception {
        String id = StandIn.start(desk, "readonly", StandIn.PLAN);
        World world = new World(new SplittableRandom(43), World.Traits.GOOD);
        Deciding deciding = deciding();
        for (int second = 3; second < 40; second += 3) {
            clock.advance(Duration.ofSeconds(3));
            standIn.publish("readonly", id, world.shadow(900), clock.instant());
            deciding.round(Set.of(id));
        }
        assertThat(desk.get(id).outlook()).endsWith("Waits, before \"1 %\", for 1 s of its minimum time.");
        clock.advance(Duration.ofSeconds(3));
        onlyReads("on");

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> deciding.round(Set.of(id)))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("read-only");
        }
        assertThatThrownBy(() -> desk.act(id, "{\"act\": \"promote\", \"who\": \"ana\", \"why\": \"test\"}"))
                .hasMessageContaining("read-only");
        assertThatThrownBy(() -> stops.stop("{\"workload\": \"readonly\", \"why\": \"fire\"}", Caller.OPERATOR))
                .hasMessageContaining("read-only");
        assertThat(desk.get(id).phase()).isEqualTo("shadow");
        assertThat(orders("readonly", id)).hasSize(1);

        onlyReads("off");
        deciding.round(Set.of(id));
        assertThat(desk.get(id).stage()).isEqualTo(1);
        assertThat(orders("readonly", id)).hasSize(2);
        assertThat(desk.audit(id).intact()).isTrue();
        desk.act(id, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
    }

    /// For every transaction that begins after it.
    private void onlyReads(String word) throws SQLException {
        standIn.database().transact(sql -> {
            sql.update("SET TRANSACTION READ WRITE");
            String database = sql.first("SELECT current_database()", row -> row.getString(1))
                    .orElseThrow();
            return sql.update("ALTER DATABASE " + database + " SET default_transaction_read_only = " + word);
        });
    }

    @Test
    void aKeyMakesAnActARetryAndAResultHappenOnce() throws Exception {
        String id = StandIn.start(desk, "acts", StandIn.PLAN);
        String pause = "{\"act\": \"pause\", \"who\": \"ana\", \"why\": \"lunch\"}";
        Requests.Once once = new Requests.Once("k-pause", "act " + id + " " + pause);
        RolloutView first = desk.act(id, pause, Caller.OPERATOR, once);
        RolloutView again = desk.act(id, pause, Caller.OPERATOR, once);

        assertThat(again.phase()).isEqualTo(first.phase()).isEqualTo("paused");
        assertThat(again.lastDecision()).isEqualTo(first.lastDecision());
        assertThat(kinds(id)).containsExactly("started", "paused");
        assertThatThrownBy(() -> desk.act(id, pause, Caller.OPERATOR, new Requests.Once("k-pause", "something else")))
                .hasMessageContaining("make a new key");

        // What was refused has not happened, so its key may come again.
        Requests.Once refused = new Requests.Once("k-refused", "act " + id + " " + pause);
        assertThatThrownBy(() -> desk.act(id, pause, Caller.OPERATOR, refused)).hasMessageContaining("paused");
        desk.act(id, "{\"act\": \"resume\", \"who\": \"ana\", \"why\": \"fed\"}");
        desk.act(id, pause, Caller.OPERATOR, refused);
        assertThat(kinds(id)).containsExactly("started", "paused", "resumed", "paused");

        desk.act(id, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
        Requests.Once retry = new Requests.Once("k-retry", "retry " + id);
        String second = desk.retry(id, Caller.OPERATOR, retry).rollout();
        assertThat(desk.retry(id, Caller.OPERATOR, retry).rollout()).isEqualTo(second);
        desk.act(second, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");

        String third = StandIn.start(
                desk,
                "acts",
                StandIn.PLAN.replace(
                        "\"horizonSeconds\"", "\"validation\": {\"minExamples\": 100}, \"horizonSeconds\""));
        String result = "{\"examples\": 240, \"agreed\": 228, \"who\": \"ana\"}";
        Requests.Once told = new Requests.Once("k-told", "validated " + third);
        assertThat(desk.validated(third, result, Caller.OPERATOR, told).phase()).isEqualTo("shadow");
        assertThat(desk.validated(third, result, Caller.OPERATOR, told).phase()).isEqualTo("shadow");
        assertThat(kinds(third)).containsExactly("validating", "started");
        desk.act(third, "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
    }

    private List<String> kinds(String rollout) {
        return desk.decisions(rollout).stream().map(DecisionView::kind).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What was written for devices, in its order, after its signature was checked. Leases are left out.
    private List<Directive> orders(String workload, String rollout) throws SQLException {
        List<byte[]> values = standIn.database()
                .read(sql -> sql.list(
                        "SELECT value FROM controller.outbox WHERE key = ? ORDER BY id",
                        row -> row.getBytes(1),
                        "default/" + workload + "/" + rollout));
        List<Directive> orders = new ArrayList<>();
        for (byte[] value : values) {
            try {
                Signed signed = Signed.parseFrom(value);
                assertThat(Signing.verify(signed, keys.publicKey())).isTrue();
                if (signed.getDomain().equals(Signing.DIRECTIVE)) {
                    orders.add(Directive.parseFrom(signed.getPayload()));
                }
            } catch (InvalidProtocolBufferException e) {
                throw new SQLException(e);
            }
        }
        return orders;
    }
}
