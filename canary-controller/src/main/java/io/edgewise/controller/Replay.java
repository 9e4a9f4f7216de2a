// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What was decided, computed once more from the list of evidence blocks: by the plan that decided, or by another one.
/// Grows block by block, so that a long list need not be in memory.
public final class Replay {
    private final Plan plan;
    private EvidenceLedger ledger;
    private final Map<String, Outcome> said = new TreeMap<>();

    public Replay(Plan plan) {
        this.plan = plan;
        this.ledger = EvidenceLedger.empty(plan);
    }

    /// A guardrail's verdict that became another one with a block.
    public record Change(long block, Instant at, String guardrail, String was, String is, String sentence) {}

    public void append(EvidenceBlock block) {
        ledger = ledger.append(block);
    }

    public long blocks() {
        return ledger.blocks();
    }

    /// The part of a decision's detail that these blocks give, as it is written there: canonical JSON.
    public String detail() {
        return CanonicalJson.of(Details.recomputable(plan, ledger, verdicts()));
    }

    /// The verdicts that are others since the last time.
    public List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (Verdict verdict : verdicts()) {
            Outcome was = said.put(verdict.name(), verdict.outcome());
            Outcome before = was == null ? Outcome.NO_EVIDENCE : was;
            if (before != verdict.outcome()) {
                changes.add(new Change(
                        ledger.blocks(),
                        Instant.ofEpochMilli(ledger.lastCutAtMs()),
                        verdict.name(),
                        before.text(),
                        verdict.outcome().text(),
                        verdict.sentence()));
            }
        }
        return changes;
    }

    private List<Verdict> verdicts() {
        return Judge.verdicts(plan, new Evidence(ledger, new TreeMap<>(), Map.of(), "", ""));
    }
}
