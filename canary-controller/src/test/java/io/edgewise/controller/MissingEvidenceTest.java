// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Everything that can be missing or wrong in what a decision rests on, one cause or two at a time: the share does not
/// rise, and once nothing is missing it does.
class MissingEvidenceTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private static final int DEVICES = 64;

    /// What is wrong.
    private enum Cause {
        NOTHING_CAME,
        FEW_DEVICES,
        FEW_OBSERVATIONS,
        STALE,
        FROM_THE_FUTURE,
        MEASUREMENT_BROKEN,
        DRIFT,
        HALF_OF_THE_PAIRS,
        BLOCKS_OPEN,
        CHAMPION_NOT_ASKED,
        CHAMPION_FAILS
    }

    /// Healthy until a cause spoils it.
    private static final class Given {
        private long devices = DEVICES;
        private long blocks = DEVICES;
        private long lost;
        private long asked = 20 * DEVICES;
        private long failed;
        private boolean came = true;
        private long ageSeconds;
        private String drift = "";
        private String fault = "";

        void spoil(Cause cause) {
            switch (cause) {
                case NOTHING_CAME -> came = false;
                case FEW_DEVICES -> devices = 29;
                case FEW_OBSERVATIONS -> {
                    devices = Math.min(devices, 4);
                    blocks = Math.min(blocks, 4);
                }
                case STALE -> ageSeconds = 61;
                case FROM_THE_FUTURE -> ageSeconds = -3_600;
                case MEASUREMENT_BROKEN -> fault = "counters went back";
                case DRIFT -> drift = "open finding of severity act on entropy";
                case HALF_OF_THE_PAIRS -> lost = 20 * DEVICES;
                case BLOCKS_OPEN -> blocks = Math.min(blocks, 20);
                case CHAMPION_NOT_ASKED -> asked = 0;
                case CHAMPION_FAILS -> failed = asked;
            }
        }

        Evidence evidence(Plan plan, Phase phase, Instant now) {
            int stage = phase.stageNumber();
            Cohort cohort = stage == 0 ? Cohort.COHORT_CONTROL : Cohort.COHORT_CANARY;
            Stratum stratum = new Stratum(stage, cohort, 10_000, false, Stratum.ALL);
            int block = Measures.block(20, 1);
            Tally tally = new Tally()
                    .add(Measures.DEVICES, 0, devices)
                    .add(Measures.REQUESTS, 0, 20 * devices)
                    .add(Measures.ATTEMPTS, Champion.ATTEMPTS, asked)
                    .add(Measures.ATTEMPTS, Champion.FAILED, failed)
                    .add(Measures.PAIRS, 0, 19 * devices)
                    .add(Measures.PAIRS, 1, devices)
                    .add(Measures.PAIRS, 3, lost)
                    .add(Measures.BLOCKS_DISAGREE, block, blocks)
                    .add(Measures.BLOCKS_DISAGREE_SAFE, block, blocks)
                    .add(Measures.BLOCKS_OPENED, Measures.blockPlace(Measures.BLOCKS_DISAGREE_SAFE), DEVICES);
            return new Evidence(
                    EvidenceLedger.empty(plan),
                    new TreeMap<>(came ? Map.of(stratum, tally) : Map.of()),
                    came ? Map.of(stratum, now.minusSeconds(ageSeconds).toEpochMilli()) : Map.of(),
                    drift,
                    fault);
        }
    }

    @Test
    void noCauseAndNoTwoCausesTogetherRaiseTheShareInAnyStageUnderAnyPolicy() {
        int tried = 0;
        for (OnUndecided policy : OnUndecided.values()) {
            Plan plan = RolloutMachineTest.small(policy);
            for (Phase.Active phase : List.of(new Phase.Shadow(), new Phase.Canary(1))) {
                for (Cause first : Cause.values()) {
                    for (Cause second : Cause.values()) {
                        for (long seconds : new long[] {20, 150}) {
                            check(plan, phase, first, second, START.plusSeconds(seconds));
                            tried++;
                        }
                    }
                }
            }
        }
        assertThat(tried).isEqualTo(3 * 2 * 121 * 2);
    }

    private static void check(Plan plan, Phase.Active phase, Cause first, Cause second, Instant now) {
        String at = phase + " " + first + " and " + second + " at " + now;
        Given given = new Given();
        given.spoil(first);
        given.spoil(second);
        Rollout before = RolloutMachineTest.at(phase, plan);

        Transition transition = RolloutMachine.decide(before, plan, given.evidence(plan, phase, now), now);

        assertThat(transition.next().shareBp(plan)).as(at).isLessThanOrEqualTo(before.shareBp(plan));
        assertThat(transition.outlook()).as(at).isNotBlank();
        // What is seen again goes on from where it stands; what a policy ended stays ended.
        if (transition.next().phase().equals(phase)) {
            Instant later = now.plusSeconds(10);
            Transition again =
                    RolloutMachine.decide(transition.next(), plan, new Given().evidence(plan, phase, later), later);
            assertThat(again.next().shareBp(plan)).as(at).isGreaterThan(before.shareBp(plan));
        }
    }

    @Test
    void withoutACauseItRises() {
        Plan plan = RolloutMachineTest.small(OnUndecided.HOLD);
        for (Phase.Active phase : List.of(new Phase.Shadow(), new Phase.Canary(1))) {
            Instant now = START.plusSeconds(20);
            Transition transition = RolloutMachine.decide(
                    RolloutMachineTest.at(phase, plan), plan, new Given().evidence(plan, phase, now), now);

            assertThat(transition.next().phase()).isEqualTo(new Phase.Canary(phase.stage() + 1));
        }
    }

    /// Evidence has the log's time: to an instance ahead it is stale, to one behind it comes from the future.
    @Test
    void anInstanceWhoseClockIsAnHourOffNeverRaisesTheShareAndStillRollsBack() {
        for (OnUndecided policy : OnUndecided.values()) {
            Plan plan = RolloutMachineTest.small(policy);
            for (Phase phase : List.of(new Phase.Shadow(), new Phase.Canary(1), new Phase.Watched(2))) {
                for (long off : new long[] {-3_600, 3_600}) {
                    Instant now = START.plusSeconds(20);
                    Rollout rollout = RolloutMachineTest.at(phase, plan);
                    Evidence good = Seen.evidence(plan, Seen.GOOD, phase, now);
                    Evidence bad = Seen.evidence(plan, Seen.BAD, phase, now);
                    String at = policy + " " + phase + " " + off;

                    Transition held = RolloutMachine.decide(rollout, plan, good, now.plusSeconds(off));
                    Transition back = RolloutMachine.decide(rollout, plan, bad, now.plusSeconds(off));

                    assertThat(held.next().shareBp(plan)).as(at).isLessThanOrEqualTo(rollout.shareBp(plan));
                    assertThat(held.next().phase()).as(at).isNotInstanceOf(Phase.Completed.class);
                    assertThat(back.next().phase()).as(at).isInstanceOf(Phase.RolledBack.class);
                }
            }
        }
    }
}
