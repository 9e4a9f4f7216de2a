// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.drift.EntropyDrift;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Why a finding opened: every reason that is beyond its limit, with its numbers.
final class FindingWords {
    private FindingWords() {}

    static String sentence(Score score, DriftPolicy policy) {
        List<String> reasons = new ArrayList<>();
        score.index()
                .filter(index -> index.pWarn() < index.level() || index.pAct() < index.level())
                .ifPresent(index -> reasons.add(index(index, policy)));
        score.shape().filter(shape -> shape.isBeyond(policy)).ifPresent(shape -> reasons.add(shape(shape, policy)));
        if (score.missing().isBeyond(policy)) {
            reasons.add(apart("without a finite value", score.missing()));
        }
        score.unseen()
                .filter(unseen -> unseen.isBeyond(policy))
                .ifPresent(unseen -> reasons.add(apart("in categories that shadow never saw", unseen)));
        score.entropy().ifPresent(entropy -> reasons.add(entropy(entropy)));
        return String.format(
                Locale.ROOT,
                "%s has drifted in %,d observations against %,d in shadow: %s.",
                score.feature(),
                score.currentN(),
                score.baselineN(),
                String.join("; ", reasons));
    }

    private static String index(Score.Index index, DriftPolicy policy) {
        boolean act = index.pAct() < index.level();
        return String.format(
                Locale.ROOT,
                "PSI %.3f (%.3f without chance), shown to be above %.2f (p %.1e, needed below %.1e)",
                index.psi(),
                index.corrected(),
                act ? policy.act() : policy.warn(),
                act ? index.pAct() : index.pWarn(),
                index.level());
    }

    private static String shape(Score.Shape shape, DriftPolicy policy) {
        String name = switch (shape.kind()) {
            case KS -> "Kolmogorov-Smirnov D";
            case CHI_SQUARE -> "Cramér's V";
        };
        return String.format(
                Locale.ROOT,
                "%s %.3f, at least %.2f and not by chance (p %.1e, adjusted %.1e)",
                name,
                shape.effect(),
                policy.effect(),
                shape.p(),
                shape.adjusted());
    }

    private static String apart(String what, Score.Apart apart) {
        return String.format(
                Locale.ROOT,
                "%.1f %% %s against %.1f %% in shadow (p %.1e, adjusted %.1e)",
                apart.current() * 100,
                what,
                apart.baseline() * 100,
                apart.p(),
                apart.adjusted());
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
