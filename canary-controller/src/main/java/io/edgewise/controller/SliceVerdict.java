// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Role;
import io.edgewise.statistics.multiple.EValues;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The verdict of a guardrail that every slice must keep on its own. The bets against the slices are judged together by
/// e-BH: of the slices that are named, at most the guardrail's part of alpha are named wrongly, in the mean and however
/// they depend on each other; where no slice is bad, that is the chance of a roll-back. On the requests served.
final class SliceVerdict {
    /// Slices that a family is planned for: one that is not there yet counts as one without evidence.
    static final int FAMILY = 32;

    /// Attributes that a guardrail may name.
    static final int MOST_ATTRIBUTES = 8;

    private static final int MOST_NAMED = 5;
    private static final int CHALLENGER = Role.ROLE_CHALLENGER_VALUE;

    private SliceVerdict() {}

    /// One slice and what was bet on it.
    private record Slice(String name, Values values, double against, double promotion) {}

    static Verdict of(Guardrail guardrail, Terms terms, Evidence evidence) {
        long devices = evidence.devices(guardrail.kind());
        List<Slice> slices = slices(guardrail, evidence);
        if (slices.isEmpty()) {
            return Totals.nothing(
                    guardrail,
                    terms,
                    Estimand.REQUESTS,
                    devices,
                    "nothing was observed yet in a slice of " + String.join(", ", guardrail.slices()));
        }
        double alpha = guardrail.weight() * terms.alphaRollback();
        List<Slice> bad = rejected(slices, alpha);
        List<Slice> large = slices.stream()
                .filter(slice -> slice.values().n() >= guardrail.minObservations())
                .toList();
        double least = large.stream().mapToDouble(Slice::promotion).min().orElse(0);
        Totals.Standing standing = new Totals.Standing(
                strongest(slices),
                EValues.logThreshold(1, alpha / family(slices)),
                least,
                EValues.logThreshold(1, terms.alphaPromotion()));
        Outcome outcome = !bad.isEmpty()
                ? Outcome.BREACH
                : !large.isEmpty() && standing.isShown() && devices >= Judge.SAFE_DEVICES
                        ? Outcome.SAFE
                        : Outcome.UNDECIDED;
        return Totals.verdict(
                guardrail,
                outcome,
                Estimand.REQUESTS,
                slices.stream().mapToLong(slice -> slice.values().n()).max().orElse(0),
                devices,
                standing,
                Lazy.of(() -> shown(guardrail, outcome, slices, bad, large, standing)));
    }

    private static List<Slice> slices(Guardrail guardrail, Evidence evidence) {
        SortedMap<String, Values> values = new TreeMap<>();
        evidence.ledger().totals().forEach((stratum, tally) -> count(guardrail, stratum, tally, values));
        evidence.open().forEach((stratum, tally) -> count(guardrail, stratum, tally, values));
        MeanTest against = test(guardrail, Purpose.BREACH, Side.ABOVE);
        MeanTest safe = test(guardrail, Purpose.SAFE, Side.BELOW);
        List<Slice> slices = new ArrayList<>();
        values.forEach((name, seen) -> {
            if (seen.n() > 0) {
                slices.add(new Slice(name, seen, against.logE(seen), safe.logE(seen)));
            }
        });
        return slices;
    }

    private static MeanTest test(Guardrail guardrail, Purpose purpose, Side side) {
        double low = guardrail.kind() == GuardrailKind.SLICE_REFUSAL ? -1 : 0;
        return new MeanTest(purpose, side, bad(guardrail), low, 1);
    }

    /// The mean of what is bad that a slice may have.
    static double bad(Guardrail guardrail) {
        return switch (guardrail.kind()) {
            case SLICE_AGREEMENT -> 1 - guardrail.limit();
            case SLICE_LATENCY, SLICE_FIRST_TOKEN -> Shares.BEYOND_P95;
            default -> guardrail.limit();
        };
    }

    private static void count(Guardrail guardrail, Stratum stratum, Tally tally, SortedMap<String, Values> values) {
        int equals = stratum.slice().indexOf('=');
        if (equals > 0 && guardrail.slices().contains(stratum.slice().substring(0, equals))) {
            values.merge(stratum.slice(), values(guardrail, stratum, tally), Values::plus);
        }
    }

    /// Requests that met the frontier by escalation are chosen by their answers: their pairs say nothing of the others.
    private static Values values(Guardrail guardrail, Stratum stratum, Tally tally) {
        GuardrailKind kind = guardrail.kind();
        if (kind.isBudgetOfSlices()) {
            return stratum.cohort() == Cohort.COHORT_CANARY
                    ? Shares.slower(tally, measure(kind), guardrail.limit(stratum.slice()))
                    : Values.empty();
        }
        if (kind == GuardrailKind.SLICE_ERROR) {
            boolean canary = stratum.cohort() == Cohort.COHORT_CANARY;
            long attempts = canary ? tally.get(Measures.ASSIGNED, 0) : tally.get(Measures.ATTEMPTS, 2 * CHALLENGER);
            long failed = canary ? tally.get(Measures.ASSIGNED, 1) : tally.get(Measures.ATTEMPTS, 2 * CHALLENGER + 1);
            return Values.binary(failed, attempts);
        }
        if (stratum.escalated()) {
            return Values.empty();
        }
        return kind == GuardrailKind.SLICE_REFUSAL ? Readings.refusals(tally) : Readings.disagreements(tally);
    }

    /// The times that a budget is of.
    static String measure(GuardrailKind kind) {
        return kind == GuardrailKind.SLICE_LATENCY ? Measures.USER_LATENCY : Measures.USER_FIRST_TOKEN;
    }

    private static int family(List<Slice> slices) {
        return Math.max(FAMILY, slices.size());
    }

    /// The slices that e-BH names, the strongest first.
    private static List<Slice> rejected(List<Slice> slices, double alpha) {
        double[] logE = new double[family(slices)];
        Arrays.fill(logE, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < slices.size(); i++) {
            logE[i] = slices.get(i).against();
        }
        boolean[] rejected = EValues.benjaminiHochberg(logE, alpha);
        List<Slice> bad = new ArrayList<>();
        for (int i = 0; i < slices.size(); i++) {
            if (rejected[i]) {
                bad.add(slices.get(i));
            }
        }
        bad.sort(Comparator.comparingDouble(Slice::against).reversed());
        return bad;
    }

    /// The evidence of the k-th strongest slice with what k slices at once are allowed, where that is largest.
    private static double strongest(List<Slice> slices) {
        double[] logE = slices.stream().mapToDouble(Slice::against).sorted().toArray();
        double strongest = Double.NEGATIVE_INFINITY;
        for (int k = 1; k <= logE.length; k++) {
            strongest = Math.max(strongest, logE[logE.length - k] + StrictMath.log(k));
        }
        return strongest;
    }

    private static Verdict.Shown shown(
            Guardrail guardrail,
            Outcome outcome,
            List<Slice> slices,
            List<Slice> bad,
            List<Slice> large,
            Totals.Standing standing) {
        Slice worst = slices.stream()
                .max(Comparator.comparingDouble(Slice::against)
                        .thenComparingDouble(slice -> slice.values().mean()))
                .orElseThrow();
        Estimate estimate = estimate(guardrail, worst);
        int small = slices.size() - large.size();
        String words = switch (outcome) {
            case BREACH ->
                standing.breachWords() + " in "
                        + bad.stream().limit(MOST_NAMED).map(Slice::name).collect(Collectors.joining(", "))
                        + (bad.size() > MOST_NAMED ? " and " + (bad.size() - MOST_NAMED) + " more" : "")
                        + ", on the requests served";
            case SAFE -> "SAFE in each on the requests served" + small(guardrail, small);
            case UNDECIDED ->
                "UNDECIDED, "
                        + large.stream()
                                .filter(slice -> slice.promotion() < standing.promotionLimit())
                                .count()
                        + " of the slices with at least " + Words.count(guardrail.minObservations()) + " "
                        + guardrail.kind().things() + " not shown yet" + small(guardrail, small);
            case NO_EVIDENCE -> "NO-EVIDENCE";
        };
        return new Verdict.Shown(
                Optional.of(estimate),
                OptionalLong.empty(),
                OptionalLong.empty(),
                guardrail.kind().title() + ": of " + Words.count(slices.size(), "slice", "slices") + " by "
                        + String.join(", ", guardrail.slices()) + " the worst is " + worst.name() + " with "
                        + share(guardrail, estimate) + " of "
                        + Words.count(worst.values().n()) + " "
                        + guardrail.kind().things() + "; " + limit(guardrail, worst.name()) + ": " + words + ".");
    }

    private static String small(Guardrail guardrail, int small) {
        return small == 0
                ? ""
                : "; " + Words.count(small, "slice is", "slices are") + " too small to be called safe (fewer than "
                        + Words.count(guardrail.minObservations()) + ")";
    }

    private static Estimate estimate(Guardrail guardrail, Slice slice) {
        return switch (guardrail.kind()) {
            case SLICE_AGREEMENT -> Estimate.ofShare(slice.values()).complement();
            case SLICE_REFUSAL -> Estimate.ofMean(slice.values(), -1, 1);
            default -> Estimate.ofShare(slice.values());
        };
    }

    private static String share(Guardrail guardrail, Estimate estimate) {
        String value = guardrail.kind() == GuardrailKind.SLICE_REFUSAL
                ? Words.points(estimate.value())
                : Words.percent(estimate.value());
        return value + " [" + Words.number(estimate.low() * 100) + ", " + Words.number(estimate.high() * 100) + "]";
    }

    private static String limit(Guardrail guardrail, String slice) {
        return switch (guardrail.kind()) {
            case SLICE_LATENCY -> "at most 5 % may take longer than " + Words.micros(guardrail.limit(slice));
            case SLICE_FIRST_TOKEN -> "at most 5 % may wait longer than " + Words.micros(guardrail.limit(slice));
            case SLICE_AGREEMENT -> "floor " + Words.chosen(guardrail.limit());
            case SLICE_REFUSAL -> "limit " + Words.points(guardrail.limit());
            default -> "limit " + Words.chosen(guardrail.limit());
        };
    }
}
