// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.grid.Cells;
import java.util.Locale;
import java.util.Optional;

/// Scores windows, and opens and closes findings with hysteresis: one window beyond a limit opens a finding, two calm
/// ones in a row close it. Windows of too few observations say nothing and change nothing.
///
/// A window is beyond a limit when "the index is at most the limit" is rejected, at a level divided by the number of
/// features (Bonferroni): a fixed cut-off on the index itself would call every small window drifted and no large one.
public final class DriftJudge {
    static final int CALM_WINDOWS_TO_CLOSE = 2;

    private final DriftPolicy policy;

    public DriftJudge(DriftPolicy policy) {
        this.policy = policy;
    }

    /// What a window does to a feature's finding.
    public sealed interface Step {
        record Nothing() implements Step {}

        record Open(Finding finding) implements Step {}

        record Update(Finding finding) implements Step {}

        record Close(Finding finding, long closedMinute) implements Step {}
    }

    /// Empty where the window has too few observations of the feature.
    public Optional<Score> score(Baseline baseline, Cells window, int features) {
        long currentN = baseline.comparable(window);
        if (currentN < policy.minimumWindow()) {
            return Optional.empty();
        }
        Psi psi = baseline.against(window);
        double pWarn = psi.pAbove(policy.warn());
        double pAct = psi.pAbove(policy.act());
        double level = policy.alpha() / Math.max(1, features);
        Severity severity = pAct < level ? Severity.ACT : pWarn < level ? Severity.WARN : Severity.NONE;
        return Optional.of(new Score(
                baseline.feature(),
                baseline.observations(),
                currentN,
                psi.value(),
                psi.corrected(),
                pWarn,
                pAct,
                level,
                severity));
    }

    /// `id` is used where a finding opens.
    public Step step(Optional<Finding> open, Score score, long minute, String id) {
        if (open.isEmpty()) {
            return score.severity() == Severity.NONE
                    ? new Step.Nothing()
                    : new Step.Open(new Finding(id, score.feature(), score.severity(), minute, 0, sentence(score)));
        }
        Finding finding = open.get();
        if (score.severity() != Severity.NONE) {
            boolean worse = score.severity().isBeyond(finding.severity());
            return new Step.Update(new Finding(
                    finding.id(),
                    finding.feature(),
                    worse ? score.severity() : finding.severity(),
                    finding.openedMinute(),
                    0,
                    worse ? sentence(score) : finding.sentence()));
        }
        int calm = finding.calmWindows() + 1;
        Finding calmer = new Finding(
                finding.id(), finding.feature(), finding.severity(), finding.openedMinute(), calm, finding.sentence());
        return calm >= CALM_WINDOWS_TO_CLOSE ? new Step.Close(calmer, minute) : new Step.Update(calmer);
    }

    private String sentence(Score score) {
        boolean act = score.severity() == Severity.ACT;
        return String.format(
                Locale.ROOT,
                "%s has drifted: PSI %.3f (%.3f without chance) in %,d observations against %,d in shadow; shown to be "
                        + "above %.2f (p %.1e, needed below %.1e).",
                score.feature(),
                score.psi(),
                score.psiCorrected(),
                score.currentN(),
                score.baselineN(),
                act ? policy.act() : policy.warn(),
                act ? score.pAct() : score.pWarn(),
                score.level());
    }
}
