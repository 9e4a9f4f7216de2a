// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.testkit.SeededCases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// "Slow" is made of the control's p99; a control that moves makes a new one, with the next share of alpha.
class MovingControlTest {
    private static final Plan PLAN = Plans.demo();
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);
    private static final Stratum CONTROL = new Stratum(1, Cohort.COHORT_CONTROL, 0, false, Stratum.ALL);
    private static final Stratum CANARY = new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL);

    private final List<EvidenceBlock> blocks = new ArrayList<>();
    private SplittableRandom random = new SplittableRandom(1);

    @Test
    void aSteadyControlKeepsItsLimit() {
        SeededCases.forAll(20, seeded -> {
            blocks.clear();
            random = seeded;
            shadow(3_000, 100_000);
            for (int i = 0; i < 60; i++) {
                live(1_000, 100_000, 100, 20_000);
            }
            assertThat(track(ledger()).turn().number()).isEqualTo(1);
        });
    }

    @Test
    void aControlThatBecomesSlowerClosesTheProcessAndOpensTheNext() {
        shadow(5_000, 100_000);
        live(500, 100_000, 500, 20_000);
        Track first = track(ledger());
        double tau = tau(first);
        live(500, 160_000, 500, 20_000);

        Track closed = track(ledger());
        assertThat(closed.turn().number()).isEqualTo(2);
        assertThat(closed.instrument()).isEmpty();
        Verdict waiting = verdict();
        assertThat(waiting.outcome()).isEqualTo(Outcome.NO_EVIDENCE);
        assertThat(waiting.sentence())
                .contains(
                        "the control's p99 moved by more than 20 % and needs a new limit: the control's p99 needs 2,000"
                                + " of its requests and has 0");

        live(2_500, 160_000, 500, 20_000);
        assertThat(track(ledger()).instrument()).isEmpty();
        live(500, 160_000, 400, 20_000);
        Track second = track(ledger());
        assertThat(tau(second) / tau).isCloseTo(1.6, within(0.12));
        assertThat(second.alphaShare()).isCloseTo(0.1520, within(1e-4));
        Verdict verdict = verdict();
        assertThat(verdict.observations()).as("requests since the new limit").isEqualTo(400);
        assertThat(verdict.promotionLimit()).isCloseTo(Math.log(20 / 0.151982), within(1e-4));
        assertThat(verdict.sentence()).contains("(limit no. 2, since the control moved)");
    }

    @Test
    void whereTheControlEndsTooSoonItsFrozenSketchIsTheLimit() {
        shadow(5_000, 100_000);
        live(500, 100_000, 500, 20_000);
        live(500, 160_000, 500, 20_000);
        assertThat(track(ledger()).instrument()).isEmpty();

        live(0, 100_000, 500, 20_000);

        assertThat(track(ledger()).turn().number()).isEqualTo(2);
        assertThat(track(ledger()).instrument()).isPresent();
    }

    @Test
    void aControlThatBecomesFasterDoesSoToo() {
        shadow(5_000, 100_000);
        for (int i = 0; i < 10; i++) {
            live(1_000, 60_000, 100, 20_000);
        }

        assertThat(track(ledger()).turn().number()).isGreaterThan(1);
    }

    @Test
    void aSlowCanaryDoesNotMoveTheControl() {
        shadow(5_000, 100_000);
        live(1_000, 100_000, 500, 300_000);

        assertThat(track(ledger()).turn().number()).isEqualTo(1);
        assertThat(verdict().outcome()).isEqualTo(Outcome.BREACH);
        assertThat(verdict().hard()).isTrue();
    }

    @Test
    void theFirstProcessHasTheFirstShare() {
        shadow(5_000, 100_000);
        live(1_000, 100_000, 500, 20_000);

        assertThat(verdict().promotionLimit()).isCloseTo(Math.log(20 / 0.607927), within(1e-4));
        assertThat(verdict().evidenceLimit())
                .isCloseTo(Math.log(90 / (0.01 * 0.607927 / PLAN.guardrails().size())), within(1e-3));
    }

    private void shadow(int requests, int typicalUs) {
        cut(Map.of(SHADOW, control(requests, typicalUs)));
    }

    private void live(int control, int controlUs, int canary, int canaryUs) {
        Tally challenger = new Tally().add(Measures.REQUESTS, 0, canary).add(Measures.DEVICES, 0, canary / 2);
        latencies(challenger, canary, canaryUs);
        cut(Map.of(CONTROL, control(control, controlUs), CANARY, challenger));
    }

    private Tally control(int requests, int typicalUs) {
        Tally tally = new Tally().add(Measures.REQUESTS, 0, requests);
        latencies(tally, requests, typicalUs);
        return tally;
    }

    private void latencies(Tally tally, int requests, int typicalUs) {
        for (int i = 0; i < requests; i++) {
            tally.add(Measures.USER_LATENCY, LogGrid.cell(typicalUs * Math.exp(0.5 * random.nextGaussian())));
        }
    }

    private void cut(Map<Stratum, Tally> increments) {
        int number = blocks.size() + 1;
        blocks.add(EvidenceBlock.cut(number, Instant.EPOCH.plusSeconds(10L * number), increments));
    }

    private EvidenceLedger ledger() {
        return EvidenceLedger.of(PLAN, blocks);
    }

    private Verdict verdict() {
        return JudgeTest.verdict(new Evidence(ledger(), new TreeMap<>(), Map.of(), "", ""), "latency-p99");
    }

    private static double tau(Track track) {
        return track.instrument().map(Instrument::baseline).orElseThrow() instanceof Baseline.ControlLatency control
                ? control.limit().tau()
                : Double.NaN;
    }

    private static Track track(EvidenceLedger ledger) {
        return ledger.tracks().stream()
                .filter(track -> track.guardrail().kind() == GuardrailKind.LATENCY_P99)
                .findFirst()
                .orElseThrow();
    }
}
