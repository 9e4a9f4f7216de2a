// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.RolloutId;
import io.edgewise.contracts.Ulid;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A rollout that was called back is on its way until the devices that can be reached are home.
class ReturnTest {
    private static final Instant START = Instant.parse("2026-11-30T08:00:00Z");
    private static final Plan PLAN = Plans.demo();

    @Test
    void aRollBackOfARolloutWhoseDevicesReportWaitsForThem() {
        Rollout canary = at(new Phase.Canary(1));
        Evidence evidence = Evidence.none(PLAN);

        Transition known = new RolloutMachine(canary, PLAN, evidence.with(Fleet.of(9)), List.of(), START)
                .rollBack("ana", "because", "she asked.", 0);
        Transition unknown = new RolloutMachine(canary, PLAN, evidence, List.of(), START)
                .rollBack("ana", "because", "she asked.", 0);

        assertThat(known.next().phase()).isEqualTo(new Phase.RollingBack(1));
        assertThat(unknown.next().phase()).isEqualTo(new Phase.RolledBack(1));
    }

    @Test
    void aStopWaitsForThemToo() {
        Transition stopped = HumanActs.stop(at(new Phase.Canary(1)), PLAN, Fleet.of(3), "ana", "smoke", START)
                .orElseThrow();

        assertThat(stopped.next().phase()).isEqualTo(new Phase.RollingBack(1));
    }

    @Test
    void anAbortWaitsForThemTooAndEndsAsAborted() {
        Act abort = new Act(Act.Kind.ABORT, "ana", "not needed");
        Transition aborted = aborted(at(new Phase.Canary(1)), Fleet.of(3), abort);

        Transition waits = RolloutMachine.decide(
                aborted.next(), PLAN, Evidence.none(PLAN).with(new Fleet(3, 1, 1, 0)), START.plusSeconds(10));
        Transition over = RolloutMachine.decide(
                waits.next(), PLAN, Evidence.none(PLAN).with(new Fleet(3, 0, 0, 0)), START.plusSeconds(20));

        assertThat(aborted.next().phase()).isEqualTo(new Phase.RollingBack(1));
        assertThat(waits.decides()).isFalse();
        assertThat(waits.outlook()).startsWith("Aborting: 1 device has not confirmed the champion yet, of 3;");
        assertThat(over.next().phase()).isEqualTo(new Phase.Aborted(1));
        assertThat(over.outlook()).isEqualTo("Aborted everywhere: all 3 devices that were seen obey the champion.");
        assertThat(aborted(at(new Phase.Canary(1)), Fleet.UNKNOWN, abort).next().phase())
                .as("nobody is known to be waited for")
                .isEqualTo(new Phase.Aborted(1));
    }

    private static Transition aborted(Rollout rollout, Fleet fleet, Act act) {
        HumanActs.Answer answer =
                HumanActs.act(rollout, PLAN, Evidence.none(PLAN).with(fleet), act, START);
        assertThat(answer).isInstanceOf(HumanActs.Answer.Done.class);
        return ((HumanActs.Answer.Done) answer).transition();
    }

    @Test
    void whoIsOnlineIsWaitedForAndCounted() {
        Transition waits = decide(new Fleet(40, 7, 2, 0), 10);

        assertThat(waits.decides()).isFalse();
        assertThat(waits.outlook())
                .isEqualTo("Rolling back: 7 devices have not confirmed the champion yet, of 40; 2 were heard of lately."
                        + " One that cannot be reached returns when its lease runs out, by 2026-11-30T08:17:00Z.");
    }

    @Test
    void onceTheOnlineDevicesAreHomeItIsRolledBackAndTheAbsentAreNamed() {
        Transition done = decide(new Fleet(40, 5, 0, 0), 10);

        assertThat(done.next().phase()).isEqualTo(new Phase.RolledBack(1));
        assertThat(done.outlook())
                .isEqualTo(
                        "Rolled back on every device that is online: 5 devices have not confirmed, of 40, and not been"
                                + " heard of lately. One that cannot be reached returns when its lease runs out, by"
                                + " 2026-11-30T08:17:00Z.");
        assertThat(decide(new Fleet(40, 0, 0, 0), 10).outlook())
                .isEqualTo("Rolled back everywhere: all 40 devices that were seen obey the champion.");
    }

    @Test
    void anApprovalNeedsNoLeaseAndItsDevicesAreNotCalledHome() {
        assertThat(decide(new Fleet(40, 5, 0, 5), 2_000).outlook())
                .isEqualTo("Rolled back: 5 devices have not confirmed, of 40. The challenger was approved on 5 of them:"
                        + " such a device returns when it asks for orders.");
    }

    @Test
    void whenNoLeaseCanBeAliveItIsOverWhoeverAnswers() {
        assertThat(decide(new Fleet(40, 7, 7, 0), 17 * 60 - 1).decides()).isFalse();
        assertThat(decide(new Fleet(40, 7, 7, 0), 17 * 60).next().phase()).isEqualTo(new Phase.RolledBack(1));
    }

    @Test
    void aCountOfDevicesThatCannotBeIsRefused() {
        assertThatThrownBy(() -> new Fleet(3, 4, 0, 0)).hasMessageContaining("4 are unconfirmed");
        assertThatThrownBy(() -> new Fleet(3, 2, 3, 0)).hasMessageContaining("3 awaited");
    }

    private static Transition decide(Fleet fleet, long seconds) {
        return RolloutMachine.decide(
                at(new Phase.RollingBack(1)), PLAN, Evidence.none(PLAN).with(fleet), START.plusSeconds(seconds));
    }

    private static Rollout at(Phase phase) {
        Rollout.Identity identity = new Rollout.Identity(
                new RolloutId(Ulid.of(START, new SplittableRandom(1))),
                "default",
                "home",
                new Model.Frontier("cloud"),
                new Model.Build("edge", Map.of("any", "a".repeat(64))),
                START);
        return new Rollout(
                identity, phase, new Rollout.Times(START, START, START, START), new Rollout.Lease(1, START), Map.of());
    }
}
