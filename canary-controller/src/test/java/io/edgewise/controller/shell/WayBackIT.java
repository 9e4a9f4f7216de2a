// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.runtime.access.Caller;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The way back is open whatever was begun after a rollout and whatever cannot be read, on a real
/// database.
@ExtendWith(PlatformExtension.class)
class WayBackIT {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final String STAGES = StandIn.PLAN.substring(StandIn.PLAN.indexOf("\"stages\""));

    private final StandIn standIn;
    private final SigningKeys keys = StandIn.keys();
    private final MutableClock clock = new MutableClock(START);
    private final Looking looking = new Looking();
    private final RolloutRows rows = new RolloutRows();
    private final RolloutDesk desk;
    private final StopDesk stops;

    WayBackIT(Platform platform) throws Exception {
        standIn = new StandIn(platform);
        desk = new RolloutDesk(standIn.database(), keys, clock, StandIn.config(), looking);
        stops = new StopDesk(standIn.database(), keys, clock, StandIn.config(), looking);
    }

    @Test
    void aCompletedBuildIsRolledBackWhateverIsDraftedOrWaitsForItsOfflineSet() {
        String completed = completed("drafted", StandIn.PLAN);
        String draft = draft("drafted");
        String validating = StandIn.start(desk, "drafted", "{}");
        assertThat(desk.get(draft).phase()).isEqualTo("draft");
        assertThat(desk.get(validating).phase()).isEqualTo("validating");

        assertThat(act(completed, "rollback").outcome()).isEqualTo("rolled_back");
    }

    @Test
    void aCompletedBuildIsRolledBackAfterALaterRolloutThatWasRolledBackOrAborted() {
        String completed = completed("later", StandIn.PLAN);
        String aborted = StandIn.start(desk, "later", StandIn.PLAN);
        act(aborted, "abort");
        String rolledBack = StandIn.start(desk, "later", StandIn.PLAN);
        long left = act(rolledBack, "rollback").revision();

        RolloutView back = act(completed, "rollback");

        assertThat(back.outcome()).isEqualTo("rolled_back");
        assertThat(back.revision()).as("newer than all that devices have").isEqualTo(left + 1);
    }

    @Test
    void aStopBringsTheCompletedBuildBackThatALaterRolloutLeftInForceAndLeadsOneStepBackOnly() {
        String oldest = completed("kill", StandIn.PLAN);
        String completed = completed("kill", StandIn.PLAN);
        String rolledBack = StandIn.start(desk, "kill", StandIn.PLAN);
        act(rolledBack, "rollback");
        clock.advance(Duration.ofSeconds(1));

        StopDesk.StopView view = stop("kill");
        clock.advance(Duration.ofSeconds(1));
        StopDesk.StopView again = stop("kill");

        assertThat(view.stopped()).extracting(StopDesk.Stopped::rollout).containsExactly(completed);
        assertThat(desk.get(completed).outcome()).isEqualTo("rolled_back");
        assertThat(again).isEqualTo(view);
        assertThat(desk.get(oldest).outcome()).isEqualTo("completed");
        stops.lift("kill", Caller.OPERATOR);
    }

    @Test
    void whoIsInForceIsAskedOfRevisionsNotOfWhenSomethingWasWrittenDown() {
        desk.define("order", "{\"prices\": {\"cloud\": 5000, \"edge\": 1000}}");
        desk.register("order-int4", "{\"workload\": \"order\", \"artifacts\": {\"any\": \"" + "a".repeat(64) + "\"}}");
        String writtenFirst = draft("order");
        clock.advance(Duration.ofSeconds(1));
        String completedFirst = completed("order", StandIn.PLAN);
        act(writtenFirst, "start");
        promoteToTheEnd(writtenFirst);
        assertThat(desk.get(writtenFirst).outcome()).isEqualTo("completed");

        assertThatThrownBy(() -> act(completedFirst, "rollback"))
                .hasMessageContaining("roll back " + writtenFirst + ", or start");
        clock.advance(Duration.ofSeconds(1));
        assertThat(stop("order").stopped())
                .extracting(StopDesk.Stopped::rollout)
                .containsExactly(writtenFirst);
        assertThat(desk.get(completedFirst).outcome()).isEqualTo("completed");
        stops.lift("order", Caller.OPERATOR);
        assertThat(act(completedFirst, "rollback").outcome()).isEqualTo("rolled_back");
    }

    @Test
    void rolloutsOfOtherDevicesAreInForceSideBySide() {
        String kiosks = completed("apart", "{" + selecting("kiosk") + STAGES);
        String phones = completed("apart", "{" + selecting("phone") + STAGES);
        String more = StandIn.start(desk, "apart", "{" + selecting("kiosk") + STAGES);
        act(more, "promote");
        clock.advance(Duration.ofSeconds(1));

        assertThat(stop("apart").stopped())
                .as("the first kiosks' rollout has been replaced")
                .extracting(StopDesk.Stopped::rollout)
                .containsExactly(more, phones);
        stops.lift("apart", Caller.OPERATOR);
        assertThat(desk.get(kiosks).outcome()).isEqualTo("completed");
        assertThat(act(kiosks, "rollback").outcome()).isEqualTo("rolled_back");
    }

    @Test
    void peoplePauseAndComeBackWhereTheEvidenceCannotBeReadAndTheDecisionSaysSo() throws Exception {
        String id = StandIn.start(desk, "newer", StandIn.PLAN);
        evidence("newer", id, 99);

        assertThatThrownBy(() -> act(id, "promote")).hasMessageContaining("is the evaluator newer?");
        assertThat(act(id, "pause").phase()).isEqualTo("paused");
        RolloutView back = act(id, "rollback");

        assertThat(back.outcome()).isEqualTo("rolled_back");
        assertThat(back.decisions().getLast().detail())
                .hasEntrySatisfying(
                        "fault",
                        fault -> assertThat(String.valueOf(fault))
                                .startsWith(
                                        "the evidence could not be looked at: evaluator.published_evidence names cohort 99"));
        assertThat(desk.audit(id).intact()).isTrue();
    }

    @Test
    void peopleAbortWhereAnEvidenceBlockIsDamagedAndUntilThenTheRolloutShowsItsTrouble() throws Exception {
        String id = StandIn.start(desk, "damaged", StandIn.PLAN);
        standIn.database()
                .transact(sql -> sql.update(
                        "INSERT INTO controller.evidence_block (rollout, number, cut_at_ms, body) VALUES (?, 1, 0, ?)",
                        id,
                        new byte[] {1, 2, 3}));
        clock.advance(Duration.ofSeconds(1));
        deciding().round(Set.of(id));
        assertThat(desk.get(id).outlook()).startsWith("Trouble: rollout " + id + " cannot be looked at: ");

        assertThat(act(id, "abort").outcome()).isEqualTo("aborted");
    }

    @Test
    void anOfflineSetsResultIsCountedOnceAndNotUnderAStopNorBesideARunningRollout() {
        String id = StandIn.start(desk, "offline", "{}");
        String part = "{\"examples\": 60, \"agreed\": 57, \"who\": \"ana\"}";
        Requests.Once once = new Requests.Once("offline-1", "validated " + part);
        desk.validated(id, part, Caller.OPERATOR, once);
        assertThat(desk.validated(id, part, Caller.OPERATOR, once).phase()).isEqualTo("validating");
        assertThat(desk.get(id).decisions()).as("counted once").hasSize(2);

        stop("offline");
        String all = "{\"examples\": 240, \"agreed\": 228, \"who\": \"ana\"}";
        assertThatThrownBy(() -> desk.validated(id, all)).hasMessageContaining("ana stopped workload \"offline\"");
        stops.lift("offline", Caller.OPERATOR);
        String running = StandIn.start(desk, "offline", StandIn.PLAN);
        assertThatThrownBy(() -> desk.validated(id, all)).hasMessageContaining(running + " decides what");
        assertThat(desk.validated(id, "{\"examples\": 10, \"agreed\": 9}").phase())
                .as("a part of it may come")
                .isEqualTo("validating");
        act(running, "abort");
        assertThat(desk.validated(id, all).phase()).isEqualTo("shadow");
    }

    @Test
    void aStopPassesByWhatCannotBeUnderstoodAndALookStopsItOnceItCan() throws Exception {
        String garbled = completed("garbled", StandIn.PLAN);
        String fine = completed("readable", StandIn.PLAN);
        phase(garbled, "nonsense");
        Deciding deciding = deciding();

        StopDesk.StopView view = stop("");
        deciding.round(Set.of());

        assertThat(view.pending()).containsExactly(garbled);
        assertThat(view.stopped()).extracting(StopDesk.Stopped::rollout).contains(fine);
        assertThat(deciding.trouble()).contains(garbled).contains("there is no phase \"nonsense\"");

        phase(garbled, "completed");
        clock.advance(Duration.ofSeconds(2));
        deciding.round(Set.of());

        assertThat(desk.get(garbled).outcome()).isEqualTo("rolled_back");
        assertThat(desk.get(garbled).lastDecision()).contains("ana stopped everything, because: fire");
        assertThat(deciding.trouble()).doesNotContain(garbled);
        stops.lift("", Caller.OPERATOR);
    }

    private void phase(String rollout, String phase) throws SQLException {
        standIn.database()
                .transact(
                        sql -> sql.update("UPDATE controller.rollout SET phase = ? WHERE rollout = ?", phase, rollout));
    }

    /// A row of the evaluator's, of a cohort with this number.
    private void evidence(String workload, String rollout, int cohort) throws SQLException {
        standIn.database()
                .transact(sql -> sql.update(
                        "INSERT INTO evaluator.published_evidence VALUES ('default', ?, ?, 0, ?, 0, false, 'all', ?, 0)",
                        workload,
                        rollout,
                        cohort,
                        new Tally().encode()));
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

    private static String selecting(String deviceClass) {
        return "\"selector\": {\"device_class\": \"" + deviceClass + "\"}, ";
    }

    private String completed(String workload, String plan) {
        String id = StandIn.start(desk, workload, plan);
        promoteToTheEnd(id);
        assertThat(desk.get(id).outcome()).isEqualTo("completed");
        clock.advance(Duration.ofSeconds(1));
        return id;
    }

    private void promoteToTheEnd(String id) {
        for (int stage = 0; stage < 4; stage++) {
            act(id, "promote");
        }
    }

    private String draft(String workload) {
        return desk.start(
                        "{\"workload\": \"" + workload + "\", \"champion\": {\"frontier\": \"cloud\"}, \"challenger\":"
                                + " \"" + workload + "-int4\", \"draft\": true, \"plan\": " + StandIn.PLAN + "}")
                .rollout();
    }

    private RolloutView act(String id, String act) {
        return desk.act(id, "{\"act\": \"" + act + "\", \"who\": \"ana\", \"why\": \"test\"}");
    }

    private StopDesk.StopView stop(String workload) {
        return stops.stop("{\"workload\": \"" + workload + "\", \"why\": \"fire\", \"who\": \"ana\"}", Caller.OPERATOR);
    }
}
