// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Guardrails that every slice keeps on its own: a bad one is named, and how often a good one is.
class SliceVerdictTest {
    private static final int SLICES = 12;

    @Test
    void oneBadSliceAmongManyIsNamedAndNoOther() {
        SortedMap<Stratum, Tally> counted = new TreeMap<>();
        for (int i = 0; i < SLICES; i++) {
            pairs(counted, "locale=l" + i, 380, i == 7 ? 220 : 20);
        }
        all(counted);

        Verdict verdict = verdict(plan(GuardrailKind.SLICE_AGREEMENT, 0.75, 0.01), counted);

        assertThat(verdict.outcome()).isEqualTo(Outcome.BREACH);
        assertThat(verdict.hard()).isFalse();
        assertThat(verdict.sentence())
                .startsWith("Agreement in each slice: of 12 slices by locale the worst is locale=l7 with 63.3 % [")
                .contains("of 600 pairs; floor 75 %: BREACH, e = ")
                .endsWith(" in locale=l7, on the requests served.");
    }

    @Test
    void severalBadSlicesHelpEachOther() {
        SortedMap<Stratum, Tally> one = new TreeMap<>();
        SortedMap<Stratum, Tally> many = new TreeMap<>();
        for (int i = 0; i < SLICES; i++) {
            pairs(one, "locale=l" + i, i == 0 ? 62 : 95, i == 0 ? 40 : 5);
            pairs(many, "locale=l" + i, i < 9 ? 62 : 95, i < 9 ? 40 : 5);
        }
        Plan plan = plan(GuardrailKind.SLICE_AGREEMENT, 0.75, 0.3);

        assertThat(verdict(plan, one).outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(verdict(plan, many).outcome()).isEqualTo(Outcome.BREACH);
    }

    @Test
    void safeNeedsEverySliceThatIsLargeEnoughAndNamesHowManyAreNot() {
        SortedMap<Stratum, Tally> counted = new TreeMap<>();
        pairs(counted, "locale=de", 580, 20);
        pairs(counted, "locale=fr", 570, 30);
        pairs(counted, "locale=mt", 9, 1);
        all(counted);
        Plan plan = plan(GuardrailKind.SLICE_AGREEMENT, 0.75, 0.01);

        Verdict safe = verdict(plan, counted);
        pairs(counted, "locale=it", 310, 90);
        Verdict undecided = verdict(plan, counted);

        assertThat(safe.outcome()).isEqualTo(Outcome.SAFE);
        assertThat(safe.sentence()).contains("1 slice is too small to be called safe (fewer than 300)");
        assertThat(undecided.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(undecided.sentence()).contains("UNDECIDED, 1 of the slices with at least 300 pairs not shown yet");
    }

    @Test
    void refusalsAndErrorsAreAskedOfEachSliceToo() {
        SortedMap<Stratum, Tally> counted = new TreeMap<>();
        for (String locale : List.of("de", "fr")) {
            boolean bad = locale.equals("fr");
            counted.put(
                    stratum("locale=" + locale, Cohort.COHORT_CANARY),
                    new Tally()
                            .add(Measures.PAIR_REFUSALS, 0, 400)
                            .add(Measures.PAIR_REFUSALS, 2, bad ? 200 : 0)
                            .add(Measures.ASSIGNED, 0, 600)
                            .add(Measures.ASSIGNED, 1, bad ? 120 : 0));
        }

        assertThat(verdict(plan(GuardrailKind.SLICE_REFUSAL, 0.1, 0.01), counted)
                        .sentence())
                .contains("the worst is locale=fr with +33.3 points")
                .contains("BREACH");
        assertThat(verdict(plan(GuardrailKind.SLICE_ERROR, 0.05, 0.01), counted).sentence())
                .contains("the worst is locale=fr with 20.0 %")
                .contains("BREACH");
    }

    @Test
    void slicesOfOtherAttributesAndEscalatedRequestsDoNotCount() {
        SortedMap<Stratum, Tally> counted = new TreeMap<>();
        pairs(counted, "domain=bank", 100, 500);
        counted.put(
                new Stratum(0, Cohort.COHORT_CONTROL, 10_000, true, "locale=de"),
                new Tally().add(Measures.PAIRS, 1, 500));

        Verdict verdict = verdict(plan(GuardrailKind.SLICE_AGREEMENT, 0.75, 0.01), counted);

        assertThat(verdict.outcome()).isEqualTo(Outcome.NO_EVIDENCE);
        assertThat(verdict.sentence()).contains("nothing was observed yet in a slice of locale");
    }

    /// All slices lie at the limit and share the luck of each moment; looked at after every block.
    @Test
    void whereNoSliceIsBadTheChanceOfARollBackStaysBelowAlpha() {
        double alpha = 0.2;
        int runs = 150;
        Plan plan = plan(GuardrailKind.SLICE_AGREEMENT, 0.75, alpha);
        int[] rolledBack = new int[1];
        SeededCases.forAll(
                runs, random -> rolledBack[0] += named(plan, random, 0).isEmpty() ? 0 : 1);

        assertThat(rolledBack[0]).isLessThanOrEqualTo((int) (alpha * runs) + 15);
    }

    /// A quarter of the slices is bad: of those that are named at the first roll-back few are good.
    @Test
    void ofTheSlicesThatAreNamedFewAreGood() {
        double alpha = 0.2;
        int runs = 150;
        Plan plan = plan(GuardrailKind.SLICE_AGREEMENT, 0.75, alpha);
        double[] falsely = new double[1];
        int[] found = new int[1];
        SeededCases.forAll(runs, random -> {
            List<String> named = named(plan, random, 3);
            long good = named.stream().filter(name -> !isBad(name, 3)).count();
            falsely[0] += named.isEmpty() ? 0 : good / (double) named.size();
            found[0] += named.isEmpty() ? 0 : 1;
        });

        assertThat(found[0]).isGreaterThan(runs / 2);
        assertThat(falsely[0] / runs).isLessThanOrEqualTo(alpha);
    }

    private static boolean isBad(String slice, int bad) {
        return Integer.parseInt(slice.substring("locale=l".length())) < bad;
    }

    /// The slices that the first BREACH names.
    private static List<String> named(Plan plan, SplittableRandom random, int bad) {
        SortedMap<Stratum, Tally> counted = new TreeMap<>();
        for (int block = 0; block < 20; block++) {
            double luck = (random.nextDouble() - 0.5) * 0.2;
            for (int i = 0; i < SLICES; i++) {
                double share = (i < bad ? 0.55 : 0.75) + luck;
                int agree = 0;
                for (int pair = 0; pair < 25; pair++) {
                    agree += random.nextDouble() < share ? 1 : 0;
                }
                pairs(counted, "locale=l" + i, agree, 25 - agree);
            }
            Verdict verdict = verdict(plan, counted);
            if (verdict.outcome() == Outcome.BREACH) {
                String sentence = verdict.sentence();
                String list = sentence.substring(
                        sentence.lastIndexOf(") in ") + 5, sentence.lastIndexOf(", on the requests"));
                return List.of(list.split(" and ")[0].split(", "));
            }
        }
        return List.of();
    }

    private static void pairs(SortedMap<Stratum, Tally> counted, String slice, long agree, long disagree) {
        counted.merge(
                stratum(slice, Cohort.COHORT_CONTROL),
                new Tally().add(Measures.PAIRS, 0, agree).add(Measures.PAIRS, 1, disagree),
                Tally::plus);
    }

    private static void all(SortedMap<Stratum, Tally> counted) {
        counted.put(
                stratum(Stratum.ALL, Cohort.COHORT_CONTROL),
                new Tally().add(Measures.REQUESTS, 0, 9_000).add(Measures.DEVICES, 0, 60));
    }

    private static Stratum stratum(String slice, Cohort cohort) {
        return new Stratum(cohort == Cohort.COHORT_CANARY ? 1 : 0, cohort, 10_000, false, slice);
    }

    private static Verdict verdict(Plan plan, SortedMap<Stratum, Tally> counted) {
        return Judge.verdicts(plan, new Evidence(EvidenceLedger.empty(plan), counted, Map.of(), "", ""))
                .getFirst();
    }

    private static Plan plan(GuardrailKind kind, double limit, double alpha) {
        List<Guardrail> guardrails = new ArrayList<>();
        guardrails.add(
                new Guardrail("sliced", kind, limit, 1, OptionalDouble.empty(), 300, List.of(), List.of("locale")));
        List<Stage> stages = PlanDefaults.stages(guardrails);
        long horizon = PlanDefaults.terms(stages).horizonSeconds();
        return new Plan(
                "one", stages, guardrails, new Terms(alpha, 0.05, 60, horizon, 60, 15), new TreeMap<>(), Set.of());
    }
}
