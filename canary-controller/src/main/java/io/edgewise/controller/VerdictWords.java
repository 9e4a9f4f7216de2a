// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.calibration.Reliability;
import java.util.List;
import java.util.Optional;

/// A verdict as a sentence with its numbers.
final class VerdictWords {
    private VerdictWords() {}

    static Verdict withSentence(Verdict verdict, Judge.Figures figures, List<String> obstacles) {
        String sentence =
                measured(verdict, figures) + "; " + limit(verdict, figures) + ": " + outcome(verdict, obstacles) + ".";
        return new Verdict(
                verdict.guardrail(),
                verdict.outcome(),
                verdict.hard(),
                verdict.estimand(),
                verdict.estimate(),
                verdict.threshold(),
                verdict.observations(),
                verdict.devices(),
                verdict.blocks(),
                verdict.neededObservations(),
                verdict.neededDevices(),
                verdict.evidence(),
                verdict.evidenceLimit(),
                verdict.promotion(),
                verdict.promotionLimit(),
                sentence);
    }

    static String noBaseline(Guardrail guardrail, Pools total) {
        return switch (guardrail.kind()) {
            case ERROR ->
                "the control has " + Words.count(total.control().get(Measures.ASSIGNED, 0), "request", "requests")
                        + " and its failure rate needs " + Words.count(Baseline.ERROR_REQUESTS);
            case LATENCY_P99 -> {
                long requests = total.control().sum(Measures.USER_LATENCY);
                String when = total.canary().get(Measures.REQUESTS, 0) == 0 ? "first" : "next";
                yield requests < Baseline.LATENCY_REQUESTS
                        ? "the control's p99 needs " + Words.count(Baseline.LATENCY_REQUESTS)
                                + " of its requests and has " + Words.count(requests)
                        : "its limit is fixed with the " + when + " canary requests";
            }
            case AGREEMENT, REFUSAL, WIN_SHARE, CALIBRATION, COST -> "nothing was observed yet";
        };
    }

    private static String measured(Verdict verdict, Judge.Figures figures) {
        GuardrailKind kind = verdict.guardrail().kind();
        StringBuilder text = new StringBuilder(kind.title());
        figures.shown().ifPresent(shown -> text.append(' ').append(range(kind, shown)));
        text.append(" on ")
                .append(Words.count(verdict.observations()))
                .append(' ')
                .append(kind.things());
        text.append(" of ").append(Words.count(verdict.devices(), "device", "devices"));
        Optional<Estimate> fleet = figures.fleet();
        if (fleet.isPresent()) {
            text.append(", for the fleet ").append(range(kind, fleet.get())).append(" from ");
            text.append(Words.count(verdict.blocks(), "device block", "device blocks"));
        }
        if (kind == GuardrailKind.CALIBRATION) {
            reliability(figures.pools().paired())
                    .ifPresent(bins -> text.append(", ECE ")
                            .append(Words.percent(bins.ece()))
                            .append(" (shown only)"));
        }
        return text.toString();
    }

    private static String range(GuardrailKind kind, Estimate estimate) {
        return switch (kind) {
            case AGREEMENT, ERROR, WIN_SHARE ->
                Words.percent(estimate.value()) + " [" + Words.number(estimate.low() * 100) + ", "
                        + Words.number(estimate.high() * 100) + "]";
            case LATENCY_P99 ->
                "(" + Words.percent(estimate.value()) + " [" + Words.number(estimate.low() * 100) + ", "
                        + Words.number(estimate.high() * 100) + "] slower)";
            case REFUSAL, CALIBRATION ->
                Words.points(estimate.value()) + " [" + Words.number(estimate.low() * 100) + ", "
                        + Words.number(estimate.high() * 100) + "]";
            case COST ->
                Words.nanos(estimate.value()) + " [" + String.format(java.util.Locale.ROOT, "%,.0f", estimate.low())
                        + ", " + String.format(java.util.Locale.ROOT, "%,.0f", estimate.high()) + "]";
        };
    }

    private static String limit(Verdict verdict, Judge.Figures figures) {
        double limit = verdict.guardrail().limit();
        return switch (verdict.guardrail().kind()) {
            case AGREEMENT, WIN_SHARE -> "floor " + Words.chosen(limit);
            case REFUSAL -> "limit " + Words.points(limit);
            case ERROR ->
                "limit " + Words.percent(verdict.threshold()) + ", " + Words.points(limit)
                        + " over the control's bound";
            case CALIBRATION -> "limit " + Words.points(limit).replace("+", "±");
            case LATENCY_P99 ->
                figures.baseline() instanceof Baseline.ControlLatency control
                        ? "at most 1 % may take longer than " + Words.micros(control.tauUs()) + ", "
                                + Words.plain(1 + limit) + " × the control's p99 of " + Words.micros(control.p99Us())
                        : "at most 1 % may be slower";
            case COST -> "budget " + Words.nanos(limit);
        };
    }

    private static String outcome(Verdict verdict, List<String> obstacles) {
        return switch (verdict.outcome()) {
            case BREACH ->
                "BREACH, e = " + Words.e(verdict.evidence()) + " against it (limit " + Words.e(verdict.evidenceLimit())
                        + ")" + (verdict.hard() ? ", on the requests served" : "");
            case SAFE ->
                "SAFE" + (verdict.guardrail().safeForFleet() ? " for the fleet" : " on the requests served") + ", e = "
                        + Words.e(verdict.promotion());
            case UNDECIDED ->
                "UNDECIDED, e = " + Words.e(verdict.promotion()) + " of " + Words.e(verdict.promotionLimit())
                        + " for it" + needed(verdict, obstacles);
            case NO_EVIDENCE -> "NO-EVIDENCE";
        };
    }

    private static String needed(Verdict verdict, List<String> obstacles) {
        if (!obstacles.isEmpty()) {
            return ", " + String.join(", ", obstacles);
        }
        if (verdict.neededObservations().isEmpty()) {
            return ", SAFE is not in reach at this value";
        }
        return verdict.guardrail().safeForFleet()
                ? ", about " + Words.count(verdict.neededDevices().orElse(0), "device block", "device blocks") + " more"
                : ", about " + Words.count(verdict.neededObservations().getAsLong()) + " "
                        + (verdict.guardrail().kind() == GuardrailKind.COST
                                ? "evidence blocks"
                                : verdict.guardrail().kind().things())
                        + " more";
    }

    private static Optional<Reliability> reliability(Tally tally) {
        Counts counts = tally.read(Measures.CALIBRATION);
        if (counts.isZero()) {
            return Optional.empty();
        }
        long[] n = new long[Reliability.BINS];
        long[] correct = new long[Reliability.BINS];
        double[] sums = new double[Reliability.BINS];
        for (int bin = 0; bin < Reliability.BINS; bin++) {
            n[bin] = counts.get(4 * bin);
            correct[bin] = counts.get(4 * bin + 1);
            sums[bin] = counts.get(4 * bin + 2) / 1e9;
        }
        return Optional.of(new Reliability(n, correct, sums));
    }
}
