// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.multiple.Adjustment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Scores windows, and opens and closes findings with hysteresis: one window beyond a limit opens a finding, two calm
/// ones in a row close it. Windows of too few observations say nothing and change nothing.
///
/// A window is beyond a limit when "the index is at most the limit" is rejected, at a level divided by the number of
/// features (Bonferroni): a fixed cut-off on the index itself would call every small window drifted and no large one.
/// The whole distribution (Kolmogorov-Smirnov, for categories chi-square), missing values and unseen categories are
/// tested beside it. They warn, and never more, where the effect is large and its p-value, adjusted for all tests of
/// the
/// look (Benjamini and Hochberg), is below alpha.
public final class DriftJudge {
    static final int CALM_WINDOWS_TO_CLOSE = 2;

    private final DriftPolicy policy;

    public DriftJudge(DriftPolicy policy) {
        this.policy = policy;
    }

    /// A feature in a window.
    public record Observed(Baseline baseline, Cells window) {}

    /// What a window does to a feature's finding.
    public sealed interface Step {
        record Nothing() implements Step {}

        record Open(Finding finding) implements Step {}

        record Update(Finding finding) implements Step {}

        record Close(Finding finding, long closedMinute) implements Step {}
    }

    /// One look at all features of a window; those with too few observations are left out. `features` is how many share
    /// alpha, those left out included.
    public List<Score> scores(List<Observed> look, int features) {
        List<Comparison> all = look.stream()
                .filter(each -> each.window().total() >= policy.minimumWindow())
                .map(each -> Comparison.of(each.baseline(), each.window(), policy, features))
                .toList();
        List<Double> given = new ArrayList<>();
        for (Comparison each : all) {
            each.shape().ifPresent(shape -> given.add(shape.p()));
            given.add(each.missing().p());
            each.unseen().ifPresent(unseen -> given.add(unseen.p()));
        }
        double[] adjusted = Adjustment.BENJAMINI_HOCHBERG.adjusted(
                given.stream().mapToDouble(Double::doubleValue).toArray());
        List<Score> scores = new ArrayList<>();
        int at = 0;
        for (Comparison each : all) {
            Optional<Score.Shape> shape = Optional.empty();
            if (each.shape().isPresent()) {
                Comparison.Effect effect = each.shape().get();
                shape = Optional.of(new Score.Shape(effect.kind(), effect.size(), effect.p(), adjusted[at++]));
            }
            Score.Apart missing = apart(each.missing(), adjusted[at++]);
            Optional<Score.Apart> unseen = Optional.empty();
            if (each.unseen().isPresent()) {
                unseen = Optional.of(apart(each.unseen().get(), adjusted[at++]));
            }
            scores.add(new Score(
                    each.baseline().feature(),
                    each.baseline().observations(),
                    each.currentN(),
                    each.index(),
                    shape,
                    missing,
                    unseen,
                    each.entropy(),
                    severity(each.index(), shape, missing, unseen)));
        }
        return List.copyOf(scores);
    }

    private static Score.Apart apart(Comparison.Share share, double adjusted) {
        return new Score.Apart(share.baseline(), share.current(), share.p(), adjusted);
    }

    private Severity severity(
            Optional<Score.Index> index,
            Optional<Score.Shape> shape,
            Score.Apart missing,
            Optional<Score.Apart> unseen) {
        if (index.isPresent() && index.get().pAct() < index.get().level()) {
            return Severity.ACT;
        }
        boolean warn = index.isPresent() && index.get().pWarn() < index.get().level()
                || shape.isPresent() && shape.get().isBeyond(policy)
                || missing.isBeyond(policy)
                || unseen.isPresent() && unseen.get().isBeyond(policy);
        return warn ? Severity.WARN : Severity.NONE;
    }

    /// `id` is used where a finding opens.
    public Step step(Optional<Finding> open, Score score, long minute, String id) {
        if (open.isEmpty()) {
            return score.severity() == Severity.NONE
                    ? new Step.Nothing()
                    : new Step.Open(new Finding(
                            id, score.feature(), score.severity(), minute, 0, FindingWords.sentence(score, policy)));
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
                    worse ? FindingWords.sentence(score, policy) : finding.sentence()));
        }
        int calm = finding.calmWindows() + 1;
        Finding calmer = new Finding(
                finding.id(), finding.feature(), finding.severity(), finding.openedMinute(), calm, finding.sentence());
        return calm >= CALM_WINDOWS_TO_CLOSE ? new Step.Close(calmer, minute) : new Step.Update(calmer);
    }
}
