// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.controller.Line.Claim;
import io.edgewise.statistics.multiple.EValues;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Needed;
import io.edgewise.statistics.sequential.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/// What a stage's own pairs show, in a plan whose stages trust the edge's answers ever more. What
/// earlier stages showed was shown of answers of higher confidence: a gate SAFE on pairs is asked of
/// the stage's own strata as well.
///
/// A test for SAFE bets fixed amounts, so that it is a function of totals and holds whenever it is
/// looked at; each stage has one, at alphaPromotion divided by their number. Where doubted answers
/// are served all the same (VERIFY), their stratum must be SAFE too: then every mixture of the two
/// is.
final class OwnPairs {
    private final Plan plan;
    private final Evidence evidence;
    private final int stage;

    private OwnPairs(Plan plan, Evidence evidence, int stage) {
        this.plan = plan;
        this.evidence = evidence;
        this.stage = stage;
    }

    /// What the stage's own pairs do not show yet; computed only where earlier stages trusted the
    /// edge less.
    static List<Lazy<String>> waits(Plan plan, Evidence evidence, int stage) {
        return stage == 0
                        || plan.stages().stream().allMatch(each -> each.hybrid().isEmpty())
                ? List.of()
                : new OwnPairs(plan, evidence, stage).waits();
    }

    private List<Lazy<String>> waits() {
        boolean isDoubtServed = plan.stage(stage).hybrid().stream()
                .anyMatch(terms -> terms.escalation() == HybridTerms.Escalation.VERIFY);
        List<Lazy<String>> waits = new ArrayList<>();
        for (Guardrail guardrail : plan.guardrails()) {
            if (isAsked(guardrail)) {
                check(guardrail, false, waits);
                if (isDoubtServed) {
                    check(guardrail, true, waits);
                }
            }
        }
        return waits;
    }

    private boolean isAsked(Guardrail guardrail) {
        return switch (guardrail.kind()) {
            case AGREEMENT, REFUSAL, WIN_SHARE ->
                plan.stage(stage).gates().get(guardrail.name()) == Gate.SAFE && !plan.isWaived(guardrail.name());
            default -> false;
        };
    }

    private void check(Guardrail guardrail, boolean doubted, List<Lazy<String>> waits) {
        Pools pools = own(doubted);
        double limit = EValues.logThreshold(1, plan.terms().alphaPromotion() / plan.lastStage());
        List<Line> lines = Instruments.of(guardrail, new Baseline.Absolute()).lines().stream()
                .filter(line -> line.claim() == Claim.SAFE)
                .toList();
        boolean isShown = lines.stream().allMatch(line -> log(line, pools) >= limit);
        if (!isShown || !isComplete(guardrail, pools)) {
            waits.add(Lazy.of(() -> guardrail.name() + " SAFE on " + (doubted ? "the doubted answers" : "the pairs")
                    + " of \"" + plan.stage(stage).name() + "\" itself" + more(guardrail, lines, pools, limit)));
        }
    }

    private static double log(Line line, Pools pools) {
        MeanTest test = line.test();
        double log = test.logE(test.growth(line.reading().of(pools)));
        return Double.isNaN(log) ? Double.NEGATIVE_INFINITY : log;
    }

    private boolean isComplete(Guardrail guardrail, Pools pools) {
        boolean isWhole = Instrument.completeness(pools.paired()) >= Judge.SAFE_COMPLETENESS;
        return isWhole
                && (guardrail.safeForFleet()
                        ? Readings.completeness(guardrail.kind(), pools)
                                .map(blocks -> blocks.allowsSafe())
                                .orElse(true)
                        : evidence.devices(stage) >= Judge.SAFE_DEVICES);
    }

    private static String more(Guardrail guardrail, List<Line> lines, Pools pools, double limit) {
        long most = 0;
        for (Line line : lines) {
            Values values = line.reading().of(pools);
            OptionalLong more = values.n() == 0 ? OptionalLong.empty() : Needed.more(line.test(), values, limit);
            if (more.isEmpty()) {
                return "";
            }
            most = Math.max(most, more.getAsLong());
        }
        return most == 0
                ? " (too many are incomplete)"
                : guardrail.safeForFleet()
                        ? ", about " + Words.count(most, "device block", "device blocks") + " more"
                        : ", about " + Words.count(most) + " more";
    }

    /// The stage's strata alone. `doubted`: where the edge's answer was not trusted, in the place of
    /// the others.
    private Pools own(boolean doubted) {
        Map<Stratum, Tally> own = new TreeMap<>();
        for (Stratum stratum : evidence.strata()) {
            if (stratum.stage() == stage && stratum.escalated() == doubted) {
                Stratum plain = new Stratum(stage, stratum.cohort(), stratum.pairingRateBp(), false, stratum.slice());
                own.merge(plain, evidence.tally(stratum), Tally::plus);
            }
        }
        return Pools.of(own);
    }
}
