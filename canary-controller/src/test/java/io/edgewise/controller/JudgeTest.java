// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JudgeTest {
    private static final Plan PLAN = Plans.demo();
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);

    @Test
    void goodShadowIsSafeWhereItCanBeSeen() {
        Evidence evidence = shadow(World.Traits.GOOD, 12_000);

        assertThat(verdict(evidence, "agreement").outcome()).isEqualTo(Outcome.SAFE);
        assertThat(verdict(evidence, "agreement").estimand()).isEqualTo(Estimand.FLEET);
        assertThat(verdict(evidence, "agreement").sentence())
                .startsWith("Agreement 9")
                .contains("pairs of 64 devices, for the fleet ")
                .contains("from 64 device blocks; floor 85 %: SAFE for the fleet, e = ");
        assertThat(verdict(evidence, "error").outcome()).isEqualTo(Outcome.SAFE);
        assertThat(verdict(evidence, "error").estimand()).isEqualTo(Estimand.REQUESTS);
        assertThat(verdict(evidence, "win-share").outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(verdict(evidence, "calibration").sentence())
                .contains("ECE")
                .contains("of which chance alone explains up to");
        assertThat(verdict(evidence, "latency-p99").sentence())
                .isEqualTo("Latency p99: NO-EVIDENCE, its limit is fixed with the first canary requests.");
        assertThat(verdict(evidence, "cost").outcome()).isEqualTo(Outcome.NO_EVIDENCE);
    }

    @Test
    void badShadowIsABreachForTheFleet() {
        Verdict agreement = verdict(shadow(World.Traits.BAD, 4_000), "agreement");

        assertThat(agreement.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(agreement.estimand()).isEqualTo(Estimand.FLEET);
        assertThat(agreement.evidence()).isGreaterThan(agreement.evidenceLimit());
    }

    @Test
    void aCatastropheIsAHardBreachBeforeAnyDeviceBlockCloses() {
        SortedMap<Stratum, Tally> open = new TreeMap<>();
        open.put(
                SHADOW,
                new Tally()
                        .add(Measures.PAIRS, 0, 10)
                        .add(Measures.PAIRS, 1, 190)
                        .add(Measures.DEVICES, 0, 64));

        Verdict agreement = verdict(evidence(open), "agreement");

        assertThat(agreement.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(agreement.hard()).isTrue();
        assertThat(agreement.estimand()).isEqualTo(Estimand.REQUESTS);
        assertThat(agreement.sentence()).contains("on the requests served");
    }

    @Test
    void missingChallengersAreNotAgreementAndMissingFrontiersAreNothing() {
        Tally blocks = new Tally().add(Measures.DEVICES, 0, 64);
        blocks.add(Measures.BLOCKS_DISAGREE, Measures.block(20, 0), 64);
        blocks.add(Measures.BLOCKS_DISAGREE_SAFE, Measures.block(20, 0), 64);
        blocks.add(Measures.BLOCKS_OPENED, Measures.blockPlace(Measures.BLOCKS_DISAGREE_SAFE), 64);
        Tally complete = blocks.copy().add(Measures.PAIRS, 0, 1_280);
        Tally half = complete.copy().add(Measures.PAIRS, 3, 40);

        assertThat(verdict(evidence(strata(complete)), "agreement").outcome()).isEqualTo(Outcome.SAFE);
        Verdict incomplete = verdict(evidence(strata(half)), "agreement");
        assertThat(incomplete.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(incomplete.sentence()).contains("only 97.0 % of the pairs have both sides, SAFE needs 98 %");
        assertThat(incomplete.estimate().orElseThrow().value()).isEqualTo(1);
    }

    @Test
    void safeOnRequestsNeedsThirtyDevices() {
        Evidence few = shadowOn(20);
        Verdict error = verdict(few, "error");

        assertThat(error.promotion()).isGreaterThan(error.promotionLimit());
        assertThat(error.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(error.sentence()).contains("seen on 20 devices, SAFE needs 30");
    }

    @Test
    void latencyIsMeasuredAgainstTheFrozenP99OfTheShadow() {
        World world = new World(new SplittableRandom(3), World.Traits.GOOD).shadow(4_000);
        Evidence first =
                EvidenceLedgerTest.open(EvidenceLedger.empty(PLAN), world).cut(Instant.EPOCH);
        world.canary(1, 20_000, 1_000, 10_000);
        Evidence evidence = EvidenceLedgerTest.open(first.ledger(), world).cut(Instant.EPOCH.plusSeconds(10));

        Verdict latency = verdict(evidence, "latency-p99");

        assertThat(latency.outcome()).isEqualTo(Outcome.SAFE);
        assertThat(latency.sentence())
                .contains("at most 1 % may take longer than")
                .contains("1.4 × the control's p99");
    }

    @Test
    void aSlowCanaryIsAHardBreach() {
        World world = new World(new SplittableRandom(4), new World.Traits(0.93, 0.0005, 0.001, 0.10, 0.25, 1_000))
                .shadow(4_000);
        Evidence first =
                EvidenceLedgerTest.open(EvidenceLedger.empty(PLAN), world).cut(Instant.EPOCH);
        world.canary(1, 5_000, 1_000, 10_000);

        Verdict latency = verdict(EvidenceLedgerTest.open(first.ledger(), world), "latency-p99");

        assertThat(latency.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(latency.hard()).isTrue();
    }

    @Test
    void aShortShadowIsCompletedByTheControlOfTheCanary() {
        World world = new World(new SplittableRandom(5), World.Traits.GOOD).shadow(1_500);
        Evidence first =
                EvidenceLedgerTest.open(EvidenceLedger.empty(PLAN), world).cut(Instant.EPOCH);
        world.canary(1, 5_000, 1_000, 10_000);

        Evidence second = EvidenceLedgerTest.open(first.ledger(), world);
        assertThat(verdict(first, "latency-p99").sentence()).contains("needs 2,000 of its requests and has 1,500");
        assertThat(verdict(second, "latency-p99").sentence()).contains("fixed with the next canary requests");

        Evidence closed = second.cut(Instant.EPOCH.plusSeconds(10));
        world.canary(1, 20_000, 1_000, 10_000);

        assertThat(verdict(EvidenceLedgerTest.open(closed.ledger(), world), "latency-p99")
                        .outcome())
                .isEqualTo(Outcome.SAFE);
    }

    @Test
    void deviceBlocksThatClosedBeforeTheErrorLimitStoodAreStaked() {
        Tally early = new Tally().add(Measures.ASSIGNED, 0, 1_000).add(Measures.DEVICES, 0, 64);
        early.add(Measures.BLOCKS_ERROR, Measures.block(20, 20), 64);
        Evidence before = evidence(strata(early)).cut(Instant.EPOCH);
        assertThat(verdict(before, "error").outcome()).isEqualTo(Outcome.NO_EVIDENCE);

        Tally later = new Tally().add(Measures.ATTEMPTS, 4, 10);
        Evidence open = new Evidence(before.ledger(), strata(later), Map.of(), "", "");

        Verdict looked = verdict(open, "error");
        assertThat(looked.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(looked.estimand()).isEqualTo(Estimand.FLEET);
        assertThat(looked.blocks()).isEqualTo(64);
        Verdict cut = verdict(open.cut(Instant.EPOCH.plusSeconds(10)), "error");
        assertThat(cut.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(cut.evidence()).isEqualTo(looked.evidence());
    }

    @Test
    void escalatedPairsSayNothingAboutTheOthers() {
        SortedMap<Stratum, Tally> open = new TreeMap<>();
        open.put(
                new Stratum(0, Cohort.COHORT_CONTROL, 10_000, true, Stratum.ALL),
                new Tally().add(Measures.PAIRS, 1, 1_000).add(Measures.BLOCKS_DISAGREE, Measures.block(20, 20), 50));

        assertThat(verdict(evidence(open), "agreement").outcome()).isEqualTo(Outcome.NO_EVIDENCE);
    }

    @Test
    void anExpensiveCanaryIsABreachAndACheapOneBecomesSafe() {
        assertThat(cost(9_000).outcome()).isEqualTo(Outcome.BREACH);
        assertThat(cost(1_000).outcome()).isEqualTo(Outcome.SAFE);
        assertThat(cost(20_000).sentence()).contains("BREACH");
    }

    /// Sixty of a hundred judged disagreements are the challenger's, or five of a hundred; its floor is 30 %.
    @Test
    void theWinShareOnDisagreementsBecomesSafeOrABreachByDeviceBlocks() {
        Verdict safe = verdict(evidence(strata(judged(64, 12))), "win-share");
        Verdict breach = verdict(evidence(strata(judged(64, 1))), "win-share");

        assertThat(safe.outcome()).as(safe.sentence()).isEqualTo(Outcome.SAFE);
        assertThat(safe.estimand()).isEqualTo(Estimand.FLEET);
        assertThat(breach.outcome()).as(breach.sentence()).isEqualTo(Outcome.BREACH);
        assertThat(breach.sentence()).startsWith("Win share on disagreements 5").contains("BREACH");
    }

    @Test
    void refusalsBeyondTheChampionsBecomeSafeOrABreachByDeviceBlocks() {
        Verdict safe = verdict(evidence(strata(refusing(600, 0))), "refusal");
        Verdict breach = verdict(evidence(strata(refusing(600, 3))), "refusal");

        assertThat(safe.outcome()).as(safe.sentence()).isEqualTo(Outcome.SAFE);
        assertThat(safe.estimand()).isEqualTo(Estimand.FLEET);
        assertThat(breach.outcome()).as(breach.sentence()).isEqualTo(Outcome.BREACH);
        assertThat(breach.hard()).isFalse();
        assertThat(breach.sentence())
                .startsWith("Refusal difference +15.0 points")
                .contains("BREACH");
    }

    @Test
    void aChallengerThatRefusesEverySecondRequestIsAHardBreachBeforeABlockCloses() {
        Tally open = new Tally()
                .add(Measures.PAIRS, 0, 150)
                .add(Measures.PAIRS, 1, 150)
                .add(Measures.PAIR_REFUSALS, 0, 150)
                .add(Measures.PAIR_REFUSALS, 2, 150)
                .add(Measures.DEVICES, 0, 64);

        Verdict refusal = verdict(evidence(strata(open)), "refusal");

        assertThat(refusal.outcome()).as(refusal.sentence()).isEqualTo(Outcome.BREACH);
        assertThat(refusal.hard()).isTrue();
    }

    /// Every device had 20 disagreements judged, of which so many were won.
    private static Tally judged(long devices, int won) {
        return new Tally()
                .add(Measures.DEVICES, 0, devices)
                .add(Measures.PAIRS, 0, devices * 80)
                .add(Measures.PAIRS, 1, devices * 20)
                .add(Measures.WINS, 0, devices * won)
                .add(Measures.WINS, 1, devices * (20 - won))
                .add(Measures.BLOCKS_WINS, Measures.block(20, 2 * won), devices)
                .add(Measures.BLOCKS_OPENED, Measures.blockPlace(Measures.BLOCKS_WINS), devices);
    }

    /// Every device had 20 pairs, of which the challenger alone refused so many.
    private static Tally refusing(long devices, int refused) {
        return new Tally()
                .add(Measures.DEVICES, 0, devices)
                .add(Measures.PAIRS, 0, devices * 20)
                .add(Measures.PAIR_REFUSALS, 0, devices * (20 - refused))
                .add(Measures.PAIR_REFUSALS, 2, devices * refused)
                .add(Measures.BLOCKS_REFUSAL, Measures.block(20, refused), devices)
                .add(Measures.BLOCKS_OPENED, Measures.blockPlace(Measures.BLOCKS_REFUSAL), devices);
    }

    private static Verdict cost(long nanos) {
        World world =
                new World(new SplittableRandom(6), new World.Traits(0.93, 0, 0, 0.001, 0.25, nanos)).shadow(3_000);
        Evidence evidence =
                EvidenceLedgerTest.open(EvidenceLedger.empty(PLAN), world).cut(Instant.EPOCH);
        for (int i = 1; i <= 40; i++) {
            world.canary(1, 500, 1_000, 10_000);
            evidence = EvidenceLedgerTest.open(evidence.ledger(), world).cut(Instant.EPOCH.plusSeconds(10L * i));
        }
        return verdict(evidence, "cost");
    }

    private static Evidence shadowOn(int devices) {
        World world = new World(new SplittableRandom(2), devices, World.Traits.GOOD).shadow(2_000);
        Evidence first =
                EvidenceLedgerTest.open(EvidenceLedger.empty(PLAN), world).cut(Instant.EPOCH);
        world.shadow(6_000);
        return EvidenceLedgerTest.open(first.ledger(), world);
    }

    private static Evidence shadow(World.Traits traits, int requests) {
        World world = new World(new SplittableRandom(1), traits).shadow(requests / 2);
        Evidence first =
                EvidenceLedgerTest.open(EvidenceLedger.empty(PLAN), world).cut(Instant.EPOCH);
        world.shadow(requests / 2);
        return EvidenceLedgerTest.open(first.ledger(), world);
    }

    private static SortedMap<Stratum, Tally> strata(Tally tally) {
        return new TreeMap<>(Map.of(SHADOW, tally));
    }

    private static Evidence evidence(SortedMap<Stratum, Tally> open) {
        return new Evidence(EvidenceLedger.empty(PLAN), open, Map.of(), "", "");
    }

    static Verdict verdict(Evidence evidence, String guardrail) {
        return Judge.verdicts(PLAN, evidence).stream()
                .filter(verdict -> verdict.name().equals(guardrail))
                .findFirst()
                .orElseThrow();
    }
}
