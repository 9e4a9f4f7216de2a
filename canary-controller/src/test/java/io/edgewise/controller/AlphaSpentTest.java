// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AlphaSpentTest {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");
    private final Plan plan = Plans.demo();

    @Test
    void nothingIsSpentBeforeTheFirstBlock() {
        assertThat(AlphaSpent.of(EvidenceLedger.empty(plan))).isZero();
    }

    @Test
    void itGrowsWithEachBlockAndIsNeverMoreThanThePlanAllows() {
        EvidenceLedger ledger = EvidenceLedger.empty(plan);
        World world = new World(new SplittableRandom(11), World.Traits.GOOD);
        double before = 0;
        for (int block = 1; block <= plan.terms().blocks(); block++) {
            world.shadow(300);
            ledger = ledger.append(
                    EvidenceBlock.cut(block, START.plusSeconds(10L * block), ledger.since(world.counters())));
            double spent = AlphaSpent.of(ledger);
            assertThat(spent)
                    .isGreaterThan(before)
                    .isLessThanOrEqualTo(plan.terms().alphaRollback());
            before = spent;
        }
    }

    @Test
    void aGuardrailWithoutABaselineHasSpentNothing() {
        EvidenceLedger ledger = EvidenceLedger.empty(plan).append(EvidenceBlock.cut(1, START, new TreeMap<>()));
        Track latency = track(ledger, GuardrailKind.LATENCY_P99);
        assertThat(latency.instrument()).isEmpty();
        double all = AlphaSpent.of(ledger);
        double begun = ledger.tracks().stream()
                .filter(track -> track.instrument().isPresent())
                .mapToDouble(track -> track.guardrail().weight())
                .sum();
        assertThat(begun).isLessThan(1);
        assertThat(all).isCloseTo(0, within(begun * plan.terms().alphaRollback()));
    }

    private static Track track(EvidenceLedger ledger, GuardrailKind kind) {
        return ledger.tracks().stream()
                .filter(track -> track.guardrail().kind() == kind)
                .findFirst()
                .orElseThrow();
    }
}
