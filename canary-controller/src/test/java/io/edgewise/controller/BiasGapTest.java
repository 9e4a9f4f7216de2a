// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.testkit.SeededCases;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BiasGapTest {
    private static final Guardrail TEN_POINTS =
            new Guardrail("bias-gap", GuardrailKind.BIAS_GAP, 0.1, 1, OptionalDouble.empty(), 300);
    private static final Plan PLAN = new Plan(
            "bias",
            PlanDefaults.stages(List.of(TEN_POINTS)),
            List.of(TEN_POINTS),
            PlanDefaults.terms(PlanDefaults.stages(List.of(TEN_POINTS))),
            new TreeMap<>(),
            Set.of(TruthSource.FEEDBACK));

    private final SortedMap<Stratum, Tally> counters = new TreeMap<>();

    private static Stratum stratum(String slice, boolean escalated) {
        return new Stratum(0, Cohort.COHORT_CONTROL, 10_000, escalated, slice);
    }

    private BiasGapTest group(String slice, long agree, long disagree) {
        return count(
                slice,
                false,
                new Tally()
                        .add(Measures.REQUESTS, 0, agree + disagree)
                        .add(Measures.PAIRS, 0, agree)
                        .add(Measures.PAIRS, 1, disagree));
    }

    private BiasGapTest count(String slice, boolean escalated, Tally tally) {
        counters.merge(stratum(slice, escalated), tally, Tally::plus);
        return this;
    }

    private Evidence on(long devices) {
        count(Stratum.ALL, false, new Tally().add(Measures.DEVICES, 0, devices));
        return new Evidence(EvidenceLedger.empty(PLAN), counters, Map.of(), "", "");
    }

    private static Verdict verdict(Evidence evidence) {
        return Judge.verdicts(PLAN, evidence).getFirst();
    }

    @Test
    void groupsThatFareDifferentlyAreABreachThatNamesThem() {
        Verdict verdict = verdict(group("locale=de", 1_900, 100)
                .group("locale=fr", 1_300, 700)
                .group("locale=it", 950, 50)
                .on(100));

        assertThat(verdict.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(verdict.estimand()).isEqualTo(Estimand.REQUESTS);
        assertThat(verdict.sentence())
                .startsWith("Bias gap +30.0 points [")
                .contains("in agreement between locale=de (95.0 %) and locale=fr (65.0 %), of 3 groups; limit +10.0"
                        + " points")
                .endsWith("BREACH, e = 100 against it (limit 100), on the requests served.");
        assertThat(verdict.estimate().orElseThrow().low()).isBetween(0.2, 0.3);
    }

    @Test
    void groupsThatFareAlikeAreSafeOnceThereAreManyOfThemOnEnoughDevices() {
        group("locale=de", 19_000, 1_000).group("locale=fr", 18_900, 1_100);

        assertThat(verdict(on(20)).sentence()).contains("UNDECIDED, seen on 20 devices, SAFE needs 30");
        assertThat(verdict(on(80)).outcome()).isEqualTo(Outcome.SAFE);
    }

    @Test
    void aFewObservationsDecideNothingAndSayHowManyMoreWould() {
        Verdict verdict =
                verdict(group("locale=de", 380, 20).group("locale=fr", 375, 25).on(100));

        assertThat(verdict.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(verdict.neededObservations().orElseThrow()).isBetween(800L, 8_000L);
        assertThat(verdict.sentence()).contains("pairs more");
    }

    @Test
    void withoutTwoGroupsThereIsNoEvidence() {
        Verdict verdict = verdict(group("locale=de", 1_900, 100)
                .group("locale=fr", 20, 9)
                .group("domain=bank", 500, 0)
                .on(100));

        assertThat(verdict.outcome()).isEqualTo(Outcome.NO_EVIDENCE);
        assertThat(verdict.sentence()).contains("no sensitive slice has two groups of at least 30");
    }

    @Test
    void accuracyRefusalsAndEscalationsAreComparedToo() {
        for (String slice : List.of("locale=de", "locale=fr")) {
            boolean french = slice.endsWith("fr");
            group(slice, 5_000, 0)
                    .count(slice, true, new Tally().add(Measures.REQUESTS, 0, french ? 4_000 : 500))
                    .count(
                            slice,
                            false,
                            new Tally()
                                    .add(Measures.TRUTH, 4, 5_000)
                                    .add(Measures.TRUTH, 5, french ? 3_500 : 4_500)
                                    .add(Measures.PAIR_REFUSALS, 0, french ? 4_000 : 5_000)
                                    .add(Measures.PAIR_REFUSALS, 2, french ? 1_000 : 0));
        }
        List<BiasGap> gaps = BiasGap.of(on(100), List.of(), 0.05);

        assertThat(gaps)
                .extracting(BiasGap::measure)
                .containsExactly("agreement", "accuracy", "refusals", "escalations");
        assertThat(gaps.get(1).value()).isEqualTo(0.9 - 0.7);
        assertThat(gaps.get(2).value()).isEqualTo(0.2);
        assertThat(gaps.get(3).high()).isEqualTo(new BiasGap.Group("fr", 4_000, 9_000));
        assertThat(gaps).allSatisfy(gap -> assertThat(gap.value()).isBetween(gap.least(), gap.most()));
    }

    @Test
    void aClosedBlockSaysWhatTheOpenOneSaid() {
        Evidence open =
                group("locale=de", 1_900, 100).group("locale=fr", 1_300, 700).on(100);

        assertThat(verdict(open.cut(Instant.EPOCH))).isEqualTo(verdict(open));
        assertThat(verdict(open).hard()).isFalse();
    }

    /// At the limit itself, looked at 40 times while the groups grow.
    @Test
    void aGapOfTheLimitIsHardlyEverCalledABreach() {
        int[] breaches = new int[1];
        SeededCases.forAll(60, random -> {
            counters.clear();
            boolean breached = false;
            for (int look = 0; look < 40; look++) {
                for (String slice : List.of("locale=de", "locale=fr")) {
                    long agree = 0;
                    for (int i = 0; i < 50; i++) {
                        agree += random.nextDouble() < (slice.endsWith("fr") ? 0.8 : 0.9) ? 1 : 0;
                    }
                    group(slice, agree, 50 - agree);
                }
                breached |= verdict(on(1)).outcome() == Outcome.BREACH;
            }
            breaches[0] += breached ? 1 : 0;
        });
        assertThat(breaches[0]).isLessThanOrEqualTo(2);
    }
}
