// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.drift.EntropyDrift;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Why a finding opened: every reason that is beyond its limit, with its numbers, and what moved.
final class FindingWords {
    private static final int BINS_NAMED = 3;
    private static final String ALL = "all";
    private static final double SMALLEST_P = 1e-300;

    private FindingWords() {}

    static String sentence(Score score, DriftPolicy policy) {
        List<String> reasons = new ArrayList<>();
        score.index()
                .filter(index -> index.pWarn().adjusted() < policy.alpha()
                        || index.pAct().adjusted() < policy.alpha())
                .ifPresent(index -> reasons.add(index(index, policy)));
        score.shape()
                .filter(shape -> shape.isBeyond(policy, policy.alpha()))
                .ifPresent(shape -> reasons.add(shape(shape, policy)));
        if (score.missing().isBeyond(policy, policy.alpha())) {
            reasons.add(apart("without a finite value", score.missing()));
        }
        score.unseen()
                .filter(unseen -> unseen.isBeyond(policy, policy.alpha()))
                .ifPresent(unseen -> reasons.add(apart("in categories that the baseline never saw", unseen)));
        score.entropy().ifPresent(entropy -> reasons.add(entropy(entropy)));
        return String.format(
                Locale.ROOT,
                "%s%s has drifted in %,d observations against %,d of the baseline: %s.%s",
                score.feature(),
                score.slice().equals(ALL) ? "" : " in " + score.slice(),
                score.currentN(),
                score.baselineN(),
                String.join("; ", reasons),
                moved(score.moved()));
    }

    private static String moved(List<Moved> moved) {
        if (moved.isEmpty()) {
            return "";
        }
        List<String> bins = moved.stream()
                .limit(BINS_NAMED)
                .map(each -> String.format(
                        Locale.ROOT,
                        "%s: %.1f %%, was %.1f %% (%.3f of PSI)",
                        each.range(),
                        each.now() * 100,
                        each.before() * 100,
                        each.part()))
                .toList();
        return " What moved: " + String.join("; ", bins) + ".";
    }

    private static String index(Score.Index index, DriftPolicy policy) {
        boolean act = index.pAct().adjusted() < policy.alpha();
        Score.P p = act ? index.pAct() : index.pWarn();
        return String.format(
                Locale.ROOT,
                "PSI %.3f (%.3f without chance), shown to be above %.2f (p %s, adjusted %s)",
                index.psi(),
                index.corrected(),
                act ? policy.act() : policy.warn(),
                p(p.value()),
                p(p.adjusted()));
    }

    private static String shape(Score.Shape shape, DriftPolicy policy) {
        String name = switch (shape.kind()) {
            case KS -> "Kolmogorov-Smirnov D";
            case CHI_SQUARE -> "Cramér's V";
        };
        return String.format(
                Locale.ROOT,
                "%s %.3f, at least %.2f and not by chance (p %s, adjusted %s)",
                name,
                shape.effect(),
                policy.effect(),
                p(shape.p().value()),
                p(shape.p().adjusted()));
    }

    private static String apart(String what, Score.Apart apart) {
        return String.format(
                Locale.ROOT,
                "%.1f %% %s against %.1f %% of the baseline (p %s, adjusted %s)",
                apart.current() * 100,
                what,
                apart.baseline() * 100,
                p(apart.p().value()),
                p(apart.p().adjusted()));
    }

    /// What is too small for a number with an exponent of three digits is not zero.
    private static String p(double p) {
        return p < SMALLEST_P ? "< 1e-300" : String.format(Locale.ROOT, "%.1e", p);
    }

    private static String entropy(EntropyDrift entropy) {
        return String.format(
                Locale.ROOT,
                "mean entropy %.3f against %.3f, a difference of %+.3f [%+.3f, %+.3f]",
                entropy.current(),
                entropy.reference(),
                entropy.difference(),
                entropy.low(),
                entropy.high());
    }
}
