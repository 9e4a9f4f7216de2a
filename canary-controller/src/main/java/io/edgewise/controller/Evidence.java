// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What is known at a moment: the ledger of closed blocks, the open block, when each stratum was last
/// appended to, what drift says, and what is wrong with the measurement itself (empty when nothing is).
///
/// `driftHold` names open findings that hold promotion; drift never rolls back.
public record Evidence(
        EvidenceLedger ledger,
        SortedMap<Stratum, Tally> open,
        Map<Stratum, Long> lastAppendMs,
        String driftHold,
        String fault,
        Fleet fleet) {
    /// Where nothing is known of the devices themselves.
    public Evidence(
            EvidenceLedger ledger,
            SortedMap<Stratum, Tally> open,
            Map<Stratum, Long> lastAppendMs,
            String driftHold,
            String fault) {
        this(ledger, open, lastAppendMs, driftHold, fault, Fleet.UNKNOWN);
    }

    public Evidence {
        open = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(open)));
        lastAppendMs = Map.copyOf(lastAppendMs);
    }

    public static Evidence none(Plan plan) {
        return new Evidence(EvidenceLedger.empty(plan), new TreeMap<>(), Map.of(), "", "");
    }

    /// The same evidence with the open block closed.
    public Evidence cut(Instant at) {
        if (open.isEmpty()) {
            return this;
        }
        EvidenceBlock block = EvidenceBlock.cut(ledger.blocks() + 1, at, open);
        return new Evidence(ledger.append(block), new TreeMap<>(), lastAppendMs, driftHold, fault, fleet);
    }

    /// When anything of this stage's relevant cohort arrived last; a time from the future is no evidence.
    Optional<Instant> lastSeen(int stage, Instant now) {
        return lastAppendMs.entrySet().stream()
                .filter(entry -> relevant(stage).test(entry.getKey()))
                .map(entry -> Instant.ofEpochMilli(entry.getValue()))
                .filter(seen -> !seen.isAfter(now.plusSeconds(60)))
                .max(Comparator.naturalOrder());
    }

    /// When a control's request arrived last, in any stage.
    Optional<Instant> lastControl() {
        return lastAppendMs.entrySet().stream()
                .filter(entry -> entry.getKey().cohort() == Cohort.COHORT_CONTROL)
                .map(entry -> Instant.ofEpochMilli(entry.getValue()))
                .max(Comparator.naturalOrder());
    }

    /// Complete pairs of this stage, of every cohort, without those that met the frontier by escalation.
    long pairs(int stage) {
        return sum(
                stratum -> stratum.stage() == stage && !stratum.escalated(),
                tally -> tally.get(Measures.PAIRS, 0) + tally.get(Measures.PAIRS, 1));
    }

    /// What this stage shows of the champion, whoever asked it: control, a pair, or a fall-back.
    Champion champion(int stage) {
        return new Champion(
                sum(stratum -> stratum.stage() == stage, tally -> tally.get(Measures.ATTEMPTS, Champion.ATTEMPTS)),
                sum(stratum -> stratum.stage() == stage, tally -> tally.get(Measures.ATTEMPTS, Champion.FAILED)));
    }

    /// The same of the open block and the newest closed one in which this stage asked it.
    Champion championLately(int stage) {
        return ledger.championLately(stage).plus(Champion.of(open).getOrDefault(stage, Champion.UNASKED));
    }

    /// Whether anything of this stage's relevant cohort arrived lately; a time from the future is no evidence.
    boolean isFresh(int stage, Instant now, int freshnessSeconds) {
        long last = lastAppendMs.entrySet().stream()
                .filter(entry -> relevant(stage).test(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .max()
                .orElse(Long.MIN_VALUE);
        long ageLimit = freshnessSeconds * 1000L;
        return last != Long.MIN_VALUE && last >= now.toEpochMilli() - ageLimit && last <= now.toEpochMilli() + ageLimit;
    }

    /// How much of the chance of a false roll-back is spent; {@link AlphaSpent}.
    public double alphaSpent() {
        return AlphaSpent.of(ledger);
    }

    /// When the newest of it came to Kafka; long ago where nothing came.
    public Instant heard() {
        return Instant.ofEpochMilli(
                lastAppendMs.values().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    /// Devices of which this was told, each counted once; {@link Fleet} names the buckets.
    long told(int bucket) {
        return sum(stratum -> true, tally -> tally.get(Fleet.COUNTS, bucket));
    }

    /// Answers to the reference holdout since the rollout began, and of these the correct ones.
    long holdout(int bucket) {
        return sum(stratum -> true, tally -> tally.get(HoldoutVerdict.ANSWERS, bucket));
    }

    /// Requests of a cohort in a stage, those that met the frontier by escalation among them.
    long requests(int stage, Cohort cohort) {
        return sum(
                stratum -> stratum.stage() == stage && stratum.cohort() == cohort,
                tally -> tally.get(Measures.REQUESTS, 0));
    }

    /// With what devices have told.
    public Evidence with(Fleet told) {
        return new Evidence(ledger, open, lastAppendMs, driftHold, fault, told);
    }

    /// Complete pairs in shadow, requests of the canary after it.
    long observations(int stage) {
        return sum(
                relevant(stage),
                tally -> stage == 0
                        ? tally.get(Measures.PAIRS, 0) + tally.get(Measures.PAIRS, 1)
                        : tally.get(Measures.REQUESTS, 0));
    }

    /// Devices seen in this stage; a device in two strata is not counted twice, so this may be too few,
    /// never too many.
    long devices(int stage) {
        return mostDevices(relevant(stage));
    }

    /// Devices behind a guardrail.
    long devices(GuardrailKind kind) {
        return mostDevices(stratum -> kind.isLive()
                ? stratum.cohort() == Cohort.COHORT_CANARY
                : kind == GuardrailKind.ERROR || kind.isShare() || !stratum.escalated());
    }

    private static Predicate<Stratum> relevant(int stage) {
        return stratum -> stratum.stage() == stage
                && (stage == 0 ? !stratum.escalated() : stratum.cohort() == Cohort.COHORT_CANARY);
    }

    private long mostDevices(Predicate<Stratum> which) {
        return strata().stream()
                .filter(stratum -> stratum.slice().equals(Stratum.ALL))
                .filter(which)
                .mapToLong(stratum -> get(stratum, tally -> tally.get(Measures.DEVICES, 0)))
                .max()
                .orElse(0);
    }

    private long sum(Predicate<Stratum> which, java.util.function.ToLongFunction<Tally> amount) {
        return strata().stream()
                .filter(stratum -> stratum.slice().equals(Stratum.ALL))
                .filter(which)
                .mapToLong(stratum -> get(stratum, amount))
                .sum();
    }

    long get(Stratum stratum, java.util.function.ToLongFunction<Tally> amount) {
        Tally closed = ledger.totals().get(stratum);
        Tally growing = open.get(stratum);
        return Counts.plus(
                closed == null ? 0 : amount.applyAsLong(closed), growing == null ? 0 : amount.applyAsLong(growing));
    }

    /// All that was counted of a stratum.
    Tally tally(Stratum stratum) {
        Tally closed = ledger.totals().getOrDefault(stratum, new Tally());
        Tally growing = open.get(stratum);
        return growing == null ? closed : closed.plus(growing);
    }

    Set<Stratum> strata() {
        Set<Stratum> all = new TreeSet<>(ledger.totals().keySet());
        all.addAll(open.keySet());
        return all;
    }
}
