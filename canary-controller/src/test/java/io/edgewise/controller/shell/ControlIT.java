// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.audit.AuditReport;
import io.edgewise.controller.Evidence;
import io.edgewise.controller.RolloutMachine;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.Transition;
import io.edgewise.controller.World;
import io.edgewise.controller.shell.Bodies.DecisionView;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.runtime.access.Caller;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
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
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> holder = threads.submit(() -> standIn.database().transact(sql -> {
                Limits.forDecision(sql);
                Kept kept = rows.lock(sql, "default", id).orElseThrow();
                Evidence evidence = looking.cut(sql, kept, looking.look(sql, kept, clock.instant()), clock.instant());
                Transition transition = RolloutMachine.decide(kept.rollout(), kept.plan(), evidence, clock.instant());
                new Enactment(rows, keys, StandIn.config().pace()).carryOut(sql, kept, transition, clock.instant());
                // It stands here, its lock held and its decision written but not committed.
                written.countDown();
                await(resume);
                return transition.next().phase().text();
            }));
            written.await();
            // The server ends the holder's transaction after two seconds; whoever looks until then passes by.
            Deciding other = deciding();
            other.round(Set.of(id));
            assertThat(desk.decisions(id).stream().map(DecisionView::kind)).doesNotContain("rolled_back");
            long begun = System.nanoTime();
            while (desk.get(id).outcome() == null) {
                other.round(Set.of(id));
                assertThat(System.nanoTime() - begun)
                        .isLessThan(Duration.ofSeconds(60).toNanos());
            }
            resume.countDown();
            assertThatThrownBy(holder::get).hasCauseInstanceOf(SQLException.class);
        }
        List<DecisionView> log = desk.decisions(id);
        assertThat(log.stream().filter(d -> d.kind().equals("rolled_back"))).hasSize(1);
        assertThat(log.getLast().revision()).isEqualTo(2);
        assertThat(orders(id)).isEqualTo(2);
        assertThat(desk.audit(id).intact()).isTrue();
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

        // A quarter of the first share of 5 %.
        assertThat(desk.get(id).plan().alphaPromotion()).isEqualTo(0.05);
        assertThat(second.plan().alphaPromotion()).isLessThan(0.05 / 4);
        assertThat(second.plan().stages()).isEqualTo(desk.get(id).plan().stages());
        desk.act(second.rollout(), "{\"act\": \"abort\", \"who\": \"ana\", \"why\": \"test\"}");
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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long orders(String rollout) throws SQLException {
        return standIn.database()
                .read(sql -> sql.first(
                                "SELECT count(*) FROM controller.outbox WHERE key = ?",
                                row -> row.getLong(1),
                                "default/held/" + rollout)
                        .orElse(0L));
    }
}
