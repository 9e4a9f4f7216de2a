// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.controller.PlanCheck;
import io.edgewise.controller.World;
import io.edgewise.controller.shell.Bodies.DecisionView;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.runtime.access.AccessRole;
import io.edgewise.runtime.access.Caller;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// How plans are carried out, on a real database.
@ExtendWith(PlatformExtension.class)
class ConductIT {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final String STAGES = StandIn.PLAN
            .substring(StandIn.PLAN.indexOf("\"stages\""))
            .replace("\"horizonSeconds\": 900}", "\"horizonSeconds\": 2000");

    private final StandIn standIn;
    private final MutableClock clock = new MutableClock(START);
    private final RolloutDesk desk;
    private final PlanDesk plans;
    private final Deciding deciding;

    ConductIT(Platform platform) throws Exception {
        standIn = new StandIn(platform);
        Looking looking = new Looking();
        io.edgewise.controller.SigningKeys keys = StandIn.keys();
        desk = new RolloutDesk(standIn.database(), keys, clock, StandIn.config(), looking);
        plans = new PlanDesk(standIn.database(), clock, StandIn.config());
        RolloutRows rows = new RolloutRows();
        deciding = new Deciding(
                standIn.database(),
                rows,
                looking,
                new Enactment(rows, keys, StandIn.config().pace()),
                clock,
                0);
    }

    @Test
    void aWorkloadThatMayNotReachAFrontierGoesToEverybodyOnTheChampionBuildsWord() throws Exception {
        desk.define(
                "local",
                "{\"prices\": {\"edge\": 5000, \"cloud\": 5000}, \"frontierAllowed\": false, \"inputsStay\": true}");
        build("local", "local-v1", "a");
        build("local", "local-v2", "b");
        String plan = "{" + STAGES + ", \"truth\": [\"FEEDBACK\"]}";

        assertThatThrownBy(() -> desk.start(
                        "{\"workload\": \"local\", \"champion\": {\"frontier\": \"cloud\"}, \"challenger\": \"local-v2\","
                                + " \"plan\": " + plan + "}"))
                .hasMessageContaining("\"agreement\" needs the frontier's answer")
                .hasMessageContaining("compare the champion build with the challenger build");
        assertThatThrownBy(() -> desk.start(start("local", "{" + STAGES + ", \"truth\": [\"JUDGE\"]}", "")))
                .hasMessageContaining("inputs stay on the device here");

        String id = desk.start(start("local", plan, "")).rollout();
        RolloutView end = drive("local", id, new World(new SplittableRandom(7), World.Traits.GOOD));

        assertThat(end.outcome()).as(end.outlook()).isEqualTo("completed");
        assertThat(end.champion().build()).isEqualTo("local-v1");
    }

    @Test
    void aDraftIsValidatedShadowedApprovedWatchedAndCompletedAndEachStepIsWritten() throws Exception {
        desk.define("full", "{\"prices\": {\"edge\": 5000}}");
        build("full", "full-v1", "a");
        build("full", "full-v2", "b");
        String plan = "{" + STAGES.replace("\"minSeconds\": 60", "\"approvals\": 2, \"minSeconds\": 60")
                + ", \"validation\": {\"minExamples\": 100}, \"watchSeconds\": 60, \"holdbackBp\": 100}";
        String id = desk.start(start("full", plan, ", \"draft\": true")).rollout();

        assertThat(desk.get(id).phase()).isEqualTo("draft");
        assertThat(desk.get(id).revision()).isZero();
        assertThat(act(id, "start", "ana").phase()).isEqualTo("validating");
        assertThat(desk.validated(id, "{\"examples\": 60, \"agreed\": 57, \"who\": \"ana\"}")
                        .phase())
                .isEqualTo("validating");
        assertThat(desk.validated(id, "{\"examples\": 240, \"agreed\": 228, \"who\": \"ana\"}")
                        .phase())
                .isEqualTo("shadow");

        World world = new World(new SplittableRandom(8), World.Traits.GOOD);
        RolloutView waiting =
                driveUntil("full", id, world, view -> view.outlook().contains("approval by 2 people"));
        assertThat(waiting.stage()).isEqualTo(2);
        assertThatThrownBy(() -> act(id, "approve", "ana")).hasMessageContaining("a shared token is nobody's own");
        assertThatThrownBy(() -> act(id, "promote", "ana")).hasMessageContaining("a shared token is nobody's own");
        assertThatThrownBy(() -> approver(id, "promote", "ana")).hasMessageContaining("asks for 2 people");
        assertThat(approver(id, "approve", "ana").stage()).isEqualTo(2);
        assertThatThrownBy(() -> approver(id, "approve", "ana")).hasMessageContaining("somebody else must");
        assertThatThrownBy(() -> approver(id, "promote", "ana")).hasMessageContaining("asks for 2 people");
        approver(id, "approve", "ben");
        RolloutView watched = driveUntil("full", id, world, view -> view.phase().equals("watched"));
        assertThat(watched.shareBp()).isEqualTo(9_900);
        RolloutView end = drive("full", id, world);

        assertThat(end.outcome()).isEqualTo("completed");
        assertThat(end.shareBp()).isEqualTo(10_000);
        assertThat(desk.decisions(id).stream().map(DecisionView::kind).filter(kind -> !kind.equals("verdict")))
                .containsExactly(
                        "drafted",
                        "validating",
                        "validated",
                        "started",
                        "promoted",
                        "promoted",
                        "approved",
                        "approved",
                        "promoted",
                        "watched",
                        "completed");
        assertThat(desk.decisions(id).stream()
                        .filter(d -> d.kind().equals("promoted"))
                        .toList()
                        .getLast()
                        .sentence())
                .contains("Approved by ana, ben.");
        assertThat(desk.audit(id).intact()).isTrue();
    }

    @Test
    void aDraftDoesNotKeepAnotherRolloutFromRunning() throws Exception {
        desk.define("two", "{\"prices\": {\"edge\": 5000}}");
        build("two", "two-v1", "a");
        build("two", "two-v2", "b");
        String plan = "{" + STAGES + "}";
        String draft = desk.start(start("two", plan, ", \"draft\": true")).rollout();
        String running = desk.start(start("two", plan, "")).rollout();

        assertThatThrownBy(() -> act(draft, "start", "ana")).hasMessageContaining(running);
        assertThat(act(draft, "abort", "ana").outcome()).isEqualTo("aborted");
        assertThat(desk.get(running).outcome()).isNull();
    }

    @Test
    void templatesAreKeptInVersionsAndPlansAreCheckedAgainstTraffic() throws Exception {
        desk.define("checked", "{\"prices\": {\"cloud\": 5000}}");
        String body = "{\"template\": \"quick\", \"guardrails\": [{\"name\": \"agreement\", \"limit\": 0.9}]}";
        assertThatThrownBy(() -> plans.put("mine", body, "ana")).hasMessageContaining("does not name another template");
        String mine = "{" + STAGES + ", \"safeMode\": true}";
        assertThat(plans.put("mine", mine, "ana").version()).isEqualTo(1);
        assertThat(plans.put("mine", mine, "ana").version()).isEqualTo(1);
        assertThat(plans.put("mine", mine.replace("true", "false"), "ana").version())
                .isEqualTo(2);
        // Each version is in the tenant's chain, once.
        assertThat(standIn.database().read(sql -> ActBook.all(sql, "default")).stream()
                        .map(stored -> stored.link())
                        .filter(link -> link.kind().equals("template-saved")))
                .extracting(ChainLink::actor, ChainLink::sentence)
                .containsExactly(
                        tuple("ana", "ana saved template mine, version 1."),
                        tuple("ana", "ana saved template mine, version 2."));
        assertThatThrownBy(() -> plans.put("quick", mine, "ana")).hasMessageContaining("give yours another name");
        assertThat(plans.templates().stream().map(PlanTemplates.Template::name))
                .contains("standard", "quick", "hybrid", "cautious", "mine");

        PlanDesk.CheckView large = plans.check("{\"workload\": \"checked\", \"champion\": {\"frontier\": \"cloud\"},"
                + " \"plan\": {\"template\": \"mine\", \"devices\": 5000},"
                + " \"traffic\": {\"requestsPerSecond\": 500, \"devices\": 5000, \"unitsPerDevice\": 50}}");
        assertThat(large.findings()).isNotEmpty();
        assertThat(large.plan().devices()).isEqualTo(5_000);
        PlanDesk.CheckView small = plans.check(
                "{\"plan\": {\"template\": \"quick\"}, \"traffic\": {\"requestsPerSecond\": 0.01, \"devices\": 10}}");
        assertThat(small.verdict()).isEqualTo(PlanCheck.Level.REFUSE);
        assertThatThrownBy(() -> plans.check("{\"plan\": {\"template\": \"none\"}, \"traffic\":"
                        + " {\"requestsPerSecond\": 1, \"devices\": 10}}"))
                .hasMessageContaining("GET /api/v1/plans/templates lists those that are");
        assertThatThrownBy(() -> plans.check("{\"plan\": {}}")).hasMessageContaining("it needs traffic");
    }

    @Test
    void aReachedLimitOfExposureBringsTheCanaryBack() throws Exception {
        desk.define("bounded", "{\"prices\": {\"edge\": 5000}}");
        build("bounded", "bounded-v1", "a");
        build("bounded", "bounded-v2", "b");
        String plan = "{" + STAGES.replace("\"minObservations\": 60", "\"minObservations\": 6000")
                + ", \"maxExposure\": {\"requests\": 40}}";
        String id = desk.start(start("bounded", plan, "")).rollout();

        RolloutView end = drive("bounded", id, new World(new SplittableRandom(9), World.Traits.GOOD));

        assertThat(end.outcome()).isEqualTo("rolled_back");
        assertThat(end.lastDecision())
                .contains("the plan's limit of exposure is reached")
                .contains("canary requests");
    }

    private void build(String workload, String name, String digit) {
        desk.register(
                name, "{\"workload\": \"" + workload + "\", \"artifacts\": {\"any\": \"" + digit.repeat(64) + "\"}}");
    }

    private static String start(String workload, String plan, String more) {
        return "{\"workload\": \"" + workload + "\", \"champion\": {\"build\": \"" + workload
                + "-v1\"}, \"challenger\": \"" + workload + "-v2\", \"plan\": " + plan + more + "}";
    }

    private RolloutView act(String id, String act, String who) {
        return desk.act(id, "{\"act\": \"" + act + "\", \"who\": \"" + who + "\", \"why\": \"test\"}");
    }

    /// With a token of their own.
    private RolloutView approver(String id, String act, String who) {
        return desk.act(
                id,
                "{\"act\": \"" + act + "\", \"why\": \"test\"}",
                new Caller(who, AccessRole.APPROVER, false),
                Requests.Once.NO);
    }

    private RolloutView drive(String workload, String id, World world) throws Exception {
        return driveUntil(workload, id, world, view -> view.outcome() != null);
    }

    private RolloutView driveUntil(
            String workload, String id, World world, java.util.function.Predicate<RolloutView> there) throws Exception {
        for (int step = 0; step < 200 && !there.test(desk.get(id)); step++) {
            RolloutView now = desk.get(id);
            if (now.stage() == 0) {
                world.shadow(900);
            } else {
                world.canary(now.stage(), 900, now.shareBp(), now.stage() == 3 ? 200 : 10_000);
            }
            clock.advance(Duration.ofSeconds(3));
            standIn.publish(workload, id, world, clock.instant());
            deciding.round(Set.of(id));
        }
        RolloutView view = desk.get(id);
        assertThat(there.test(view)).as(view.phase() + ": " + view.outlook()).isTrue();
        return view;
    }
}
