// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The evidence that a decision rests on, as integers and texts, so that its hash can be recomputed anywhere.
final class Details {
    /// Of the mathematics: raised whenever the same blocks could give another verdict.
    static final String STATISTICS = "statistics/2";

    private static final MathContext SIX_DIGITS = new MathContext(6);

    private Details() {}

    static String of(Plan plan, Evidence evidence, List<Verdict> verdicts, Phase from, Phase to, String why) {
        SortedMap<String, Object> detail = recomputable(plan, evidence.ledger(), verdicts);
        detail.put("from", place(from));
        detail.put("to", place(to));
        detail.put("waivers", new TreeMap<>(plan.waivers()));
        if (!why.isEmpty()) {
            detail.put("why", why);
        }
        if (!evidence.driftHold().isEmpty()) {
            detail.put("drift", evidence.driftHold());
        }
        if (!evidence.fault().isEmpty()) {
            detail.put("fault", evidence.fault());
        }
        return CanonicalJson.of(detail);
    }

    /// What is a function of the plan and of the list of evidence blocks, and of nothing else.
    static SortedMap<String, Object> recomputable(Plan plan, EvidenceLedger ledger, List<Verdict> verdicts) {
        SortedMap<String, Object> detail = new TreeMap<>();
        detail.put("statistics", STATISTICS);
        detail.put("planHash", plan.hash());
        detail.put("blocks", ledger.blocks());
        detail.put("evidenceHash", ledger.digest());
        SortedMap<String, Object> alpha = new TreeMap<>();
        alpha.put("rollback", number(plan.terms().alphaRollback()));
        alpha.put("rollbackSpent", number(AlphaSpent.of(ledger)));
        alpha.put("promotion", number(plan.terms().alphaPromotion()));
        detail.put("alpha", alpha);
        SortedMap<String, Object> guardrails = new TreeMap<>();
        for (Verdict verdict : verdicts) {
            SortedMap<String, Object> entry = new TreeMap<>();
            entry.put("verdict", verdict.outcome().text());
            entry.put("estimand", verdict.estimand().name());
            entry.put("observations", verdict.observations());
            entry.put("devices", verdict.devices());
            entry.put("blocks", verdict.blocks());
            entry.put("threshold", number(verdict.threshold()));
            entry.put("evidence", number(verdict.evidence()));
            entry.put("evidenceLimit", number(verdict.evidenceLimit()));
            entry.put("sentence", verdict.sentence());
            looks(ledger, verdict.name()).ifPresent(looks -> entry.put("looks", looks));
            guardrails.put(verdict.name(), entry);
        }
        detail.put("guardrails", guardrails);
        return detail;
    }

    /// What the looks that were taken found, oldest first; they are not taken again.
    private static Optional<List<Object>> looks(EvidenceLedger ledger, String guardrail) {
        List<Object> looks = new ArrayList<>();
        for (Track track : ledger.tracks()) {
            if (track.guardrail().name().equals(guardrail)) {
                track.looks()
                        .forEach(look -> looks.add(new TreeMap<String, Object>(Map.of(
                                "block", look.block(),
                                "labels", look.labels(),
                                "planned", look.plan().labels(),
                                "finding", look.answer().finding().name()))));
            }
        }
        return looks.isEmpty() ? Optional.empty() : Optional.of(looks);
    }

    /// With six digits, as a text: everybody writes it the same.
    private static String number(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).round(SIX_DIGITS).stripTrailingZeros().toPlainString()
                : String.valueOf(value);
    }

    private static String place(Phase phase) {
        return phase.text() + ":" + phase.stageNumber();
    }
}
