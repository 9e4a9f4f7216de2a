// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.multiple.EValues;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The verdict of a guardrail on the gap between groups of sensitive slices: BREACH where a gap is shown to be larger
/// than the limit, SAFE where all are shown to be within it. A function of all that was counted.
final class BiasVerdict {
    private static final double SHOWN_ALPHA = 0.05;

    private BiasVerdict() {}

    static Verdict of(Guardrail guardrail, Terms terms, Evidence evidence) {
        double limit = guardrail.limit();
        double evidenceLimit = EValues.logThreshold(guardrail.weight(), terms.alphaRollback());
        double promotionLimit = EValues.logThreshold(1, terms.alphaPromotion());
        List<BiasGap> gaps = BiasGap.of(evidence, guardrail.slices(), SHOWN_ALPHA);
        Optional<BiasGap> widest =
                gaps.stream().max(Comparator.comparingDouble(BiasGap::least).thenComparingDouble(BiasGap::value));
        long devices = evidence.devices(GuardrailKind.BIAS_GAP);
        if (widest.isEmpty()) {
            return verdict(
                    guardrail,
                    Outcome.NO_EVIDENCE,
                    Optional.empty(),
                    devices,
                    OptionalLong.empty(),
                    new Totals.Standing(0, evidenceLimit, 0, promotionLimit),
                    "no sensitive slice has two groups of at least " + BiasGap.FEWEST
                            + " observations; the workload names such slices as \"sensitive\"");
        }
        double against = gaps.stream()
                .mapToDouble(gap -> gap.evidence(limit, evidenceLimit))
                .max()
                .orElse(0);
        List<BiasGap> forSafe = BiasGap.of(evidence, guardrail.slices(), terms.alphaPromotion());
        boolean within = forSafe.stream().allMatch(gap -> gap.most() <= limit);
        Totals.Standing standing =
                new Totals.Standing(against, evidenceLimit, within ? promotionLimit : 0, promotionLimit);
        Outcome outcome = standing.outcome(devices >= Judge.SAFE_DEVICES);
        OptionalLong needed = outcome == Outcome.UNDECIDED && !within
                ? needed(forSafe, limit, terms.alphaPromotion())
                : OptionalLong.empty();
        String words = switch (outcome) {
            case BREACH -> standing.breachWords() + ", on the requests served";
            case SAFE -> "SAFE on the requests served";
            case UNDECIDED ->
                "UNDECIDED, "
                        + (within
                                ? "seen on " + Words.count(devices, "device", "devices") + ", SAFE needs "
                                        + Judge.SAFE_DEVICES
                                : needed.isPresent()
                                        ? "about " + Words.count(needed.getAsLong()) + " pairs more"
                                        : "SAFE is not in reach at this value");
            case NO_EVIDENCE -> "";
        };
        return verdict(guardrail, outcome, widest, devices, needed, standing, words);
    }

    private static OptionalLong needed(List<BiasGap> gaps, double limit, double alpha) {
        long most = 0;
        for (BiasGap gap : gaps) {
            Optional<Long> more = gap.most() <= limit ? Optional.of(0L) : gap.needed(limit, alpha);
            if (more.isEmpty()) {
                return OptionalLong.empty();
            }
            most = Math.max(most, more.get());
        }
        return OptionalLong.of(most);
    }

    private static Verdict verdict(
            Guardrail guardrail,
            Outcome outcome,
            Optional<BiasGap> widest,
            long devices,
            OptionalLong needed,
            Totals.Standing standing,
            String words) {
        return Totals.verdict(
                guardrail,
                outcome,
                Estimand.REQUESTS,
                widest.map(BiasGap::n).orElse(0L),
                devices,
                standing,
                Lazy.known(new Verdict.Shown(
                        widest.map(gap -> new Estimate(gap.value(), gap.least(), gap.most())),
                        needed,
                        OptionalLong.of(Math.max(0, Judge.SAFE_DEVICES - devices)),
                        sentence(guardrail, widest, words))));
    }

    private static String sentence(Guardrail guardrail, Optional<BiasGap> widest, String words) {
        String title = guardrail.kind().title();
        return widest.map(gap -> title + " " + Words.points(gap.value()) + " [" + Words.number(gap.least() * 100) + ", "
                        + Words.number(gap.most() * 100) + "] in " + gap.measure() + " between " + gap.attribute() + "="
                        + group(gap.high()) + " and " + gap.attribute() + "=" + group(gap.low()) + ", of "
                        + Words.count(gap.groups(), "group", "groups") + "; limit "
                        + Words.points(guardrail.limit()) + ": " + words + ".")
                .orElse(title + ": NO-EVIDENCE, " + words + ".");
    }

    private static String group(BiasGap.Group group) {
        return group.value() + " (" + Words.percent(group.share()) + ")";
    }
}
