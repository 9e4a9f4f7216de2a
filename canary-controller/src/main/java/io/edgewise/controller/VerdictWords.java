// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.statistics.calibration.CalibrationBins;
import io.edgewise.statistics.calibration.EceInterval;
import io.edgewise.statistics.sequential.Exceedance;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A verdict as a sentence with its numbers.
final class VerdictWords {
    private static final double CONFIDENCE = 0.95;

    private VerdictWords() {}

    /// `verdict` with what is shown of it but its sentence.
    static String sentence(Verdict verdict, Judge.Figures figures, Standing.Way way, List<String> obstacles) {
        return measured(verdict, figures) + "; " + limit(verdict, figures) + ": "
                + outcome(verdict, figures, way, obstacles) + ".";
    }

    static String noBaseline(Track track, Pools total) {
        return switch (track.guardrail().kind()) {
            case ERROR ->
                "the control has " + Words.count(total.control().get(Measures.ASSIGNED, 0), "request", "requests")
                        + " and its failure rate needs " + Words.count(Baseline.ERROR_REQUESTS);
            case LATENCY_P99 -> {
                long requests = Baseline.control(track.turn(), total, total).total();
                String when = total.canary().get(Measures.REQUESTS, 0) == 0 ? "first" : "next";
                String moved = track.turn().number() == 1
                        ? ""
                        : "the control's p99 moved by more than " + Words.chosen(Instruments.CONTROL_MOVES)
                                + " and needs a new limit: ";
                yield moved
                        + (requests < Exceedance.FEWEST_REQUESTS
                                ? "the control's p99 needs " + Words.count(Exceedance.FEWEST_REQUESTS)
                                        + " of its requests and has " + Words.count(requests)
                                : "its limit is fixed with the " + when + " canary requests");
            }
            case AGREEMENT,
                    REFUSAL,
                    WIN_SHARE,
                    CALIBRATION,
                    COST,
                    ENERGY,
                    COMPLETION,
                    FEEDBACK,
                    OUTPUT_LENGTH,
                    LATENCY_P95,
                    FIRST_TOKEN -> Shares.noBaseline(track.guardrail().kind());
            case CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> throw Totals.elsewhere(track.guardrail().kind());
        };
    }

    private static String measured(Verdict verdict, Judge.Figures figures) {
        GuardrailKind kind = verdict.guardrail().kind();
        StringBuilder text = new StringBuilder(kind.title());
        figures.shown().get().ifPresent(shown -> text.append(' ').append(range(kind, shown)));
        text.append(" on ")
                .append(Words.count(verdict.observations()))
                .append(' ')
                .append(kind.things());
        text.append(" of ").append(Words.count(verdict.devices(), "device", "devices"));
        Optional<Estimate> fleet = figures.fleet().get();
        if (fleet.isPresent()) {
            text.append(", for the fleet ").append(range(kind, fleet.get())).append(" from ");
            text.append(Words.count(verdict.blocks(), "device block", "device blocks"));
        }
        if (kind == GuardrailKind.CALIBRATION) {
            text.append(ece(Readings.reliability(figures.pools().paired()).bins()));
        }
        return text.toString();
    }

    /// The plug-in value with its interval, and what a perfect model stays below by chance in 95 of 100 cases.
    private static String ece(CalibrationBins bins) {
        if (bins.total() == 0) {
            return "";
        }
        EceInterval interval = EceInterval.of(bins, CONFIDENCE);
        return ", ECE " + Words.percent(bins.ece()) + " [" + Words.number(interval.low() * 100) + ", "
                + Words.number(interval.high() * 100) + "], of which chance alone explains up to "
                + Words.percent(bins.nullQuantile(CONFIDENCE));
    }

    private static String range(GuardrailKind kind, Estimate estimate) {
        return switch (kind) {
            case AGREEMENT, ERROR, WIN_SHARE, COMPLETION, FEEDBACK, OUTPUT_LENGTH, LATENCY_P95, FIRST_TOKEN ->
                Words.percent(estimate.value()) + " [" + Words.number(estimate.low() * 100) + ", "
                        + Words.number(estimate.high() * 100) + "]";
            case LATENCY_P99 ->
                "(" + Words.percent(estimate.value()) + " [" + Words.number(estimate.low() * 100) + ", "
                        + Words.number(estimate.high() * 100) + "] slower)";
            case CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> throw Totals.elsewhere(kind);
            case REFUSAL, CALIBRATION ->
                Words.points(estimate.value()) + " [" + Words.number(estimate.low() * 100) + ", "
                        + Words.number(estimate.high() * 100) + "]";
            case COST, ENERGY ->
                Words.amount(kind, estimate.value()) + " ["
                        + String.format(java.util.Locale.ROOT, "%,.0f", estimate.low()) + ", "
                        + String.format(java.util.Locale.ROOT, "%,.0f", estimate.high()) + "]";
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
            case CALIBRATION ->
                "limit " + Words.points(limit).replace("+", "±") + " and an ECE of " + Words.chosen(limit);
            case LATENCY_P99 ->
                figures.track().instrument().map(Instrument::baseline).orElseThrow()
                                instanceof Baseline.ControlLatency control
                        ? "at most 1 % may take longer than "
                                + Words.micros(control.limit().tau()) + ", " + Words.plain(1 + limit)
                                + " × the control's p99 of "
                                + Words.micros(control.limit().p99Bound()) + process(figures.track())
                        : "at most 1 % may be slower";
            case COST, ENERGY -> "budget " + Words.amount(verdict.guardrail().kind(), limit);
            case CRASHES,
                    BREAKERS,
                    SILENCE,
                    BIAS_GAP,
                    SLICE_AGREEMENT,
                    SLICE_REFUSAL,
                    SLICE_ERROR,
                    SLICE_LATENCY,
                    SLICE_FIRST_TOKEN,
                    TRAFFIC_SPLIT,
                    HOLDOUT -> throw Totals.elsewhere(verdict.guardrail().kind());
            case COMPLETION, FEEDBACK, OUTPUT_LENGTH, LATENCY_P95, FIRST_TOKEN ->
                Shares.limit(
                        verdict.guardrail(),
                        verdict.threshold(),
                        figures.track().instrument().map(Instrument::baseline).orElse(new Baseline.Absolute()));
        };
    }

    private static String process(Track track) {
        return track.turn().number() == 1 ? "" : " (limit no. " + track.turn().number() + ", since the control moved)";
    }

    private static String outcome(Verdict verdict, Judge.Figures figures, Standing.Way way, List<String> obstacles) {
        boolean looks = verdict.guardrail().kind() == GuardrailKind.CALIBRATION;
        return switch (verdict.outcome()) {
            case BREACH ->
                "BREACH, e = " + Words.e(verdict.evidence()) + " against it (limit " + Words.e(verdict.evidenceLimit())
                        + ")"
                        + switch (way) {
                            case FLEET -> "";
                            case HARD -> ", on the requests served";
                            case BINS -> ", by its error in bins of confidence, on the requests served";
                        };
            case SAFE ->
                "SAFE" + (verdict.guardrail().safeForFleet() ? " for the fleet" : " on the requests served")
                        + (looks
                                ? LookWords.safe(figures.track())
                                : ", e = " + Words.e(verdict.promotion()) + fleet(figures));
            case UNDECIDED ->
                looks
                        ? "UNDECIDED" + LookWords.undecided(figures.track(), verdict.neededObservations())
                                + obstacles.stream().map(each -> ", " + each).collect(Collectors.joining())
                        : "UNDECIDED, e = " + Words.e(verdict.promotion()) + " of " + Words.e(verdict.promotionLimit())
                                + " for it" + needed(verdict, obstacles);
            case NO_EVIDENCE -> "NO-EVIDENCE";
        };
    }

    private static String fleet(Judge.Figures figures) {
        long more = figures.neededForFleet().get().orElse(0);
        return more == 0 ? "" : ", for the fleet about " + Words.count(more, "device block", "device blocks") + " more";
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
                        + (verdict.guardrail().kind().isOfBlocks()
                                ? "evidence blocks"
                                : verdict.guardrail().kind().things())
                        + " more";
    }
}
