// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.drift.DriftVerdict;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.multiple.Adjustment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Scores windows, and opens and closes findings with hysteresis. Windows of too few observations say nothing and
/// change nothing.
///
/// A window is beyond a limit when "the index is at most the limit" is rejected at alpha, its p-value adjusted for
/// all features and slices of the look (Benjamini and Hochberg): a fixed cut-off on the index itself would call
/// every small window drifted and no large one. The whole distribution (Kolmogorov-Smirnov, for categories
/// chi-square), missing values and unseen categories are tested beside it. They warn, and never more, where the
/// effect is large and its p-value, adjusted for all such tests of the look, is below alpha.
///
/// One window beyond a limit of the index opens a finding. What has only a p-value opens it when two windows in a
/// row say so, or one says so at alpha divided by the looks of a day: a look each minute at alpha would be wrong
/// every few days. Two calm windows in a row close it, or a long time without any.
///
/// @see <a href="../../../../../../docs/adr/0016-drift-findings.md">ADR 16</a>
public final class DriftJudge {
    static final int CALM_WINDOWS_TO_CLOSE = 2;

    /// The slice of all observations.
    private static final String WHOLE = "all";

    /// One window a minute.
    static final int LOOKS_PER_DAY = 24 * 60;

    private final DriftPolicy policy;

    public DriftJudge(DriftPolicy policy) {
        this.policy = policy;
    }

    /// A feature of a slice in a window.
    ///
    /// @param names of categories by cell, as far as they are known
    public record Observed(String slice, Baseline baseline, Cells window, Map<Integer, String> names) {
        public Observed {
            names = Map.copyOf(names);
        }
    }

    /// How a finding ends: after calm windows, or because nothing more was seen of its slice.
    public enum Ending {
        CALM("calm"),
        SILENT("silent");

        private final String text;

        Ending(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// The minutes of a window, both included.
    public record Span(long firstMinute, long lastMinute) {}

    /// What a window does to a feature's finding.
    public sealed interface Step {
        record Nothing() implements Step {}

        record Open(Finding finding) implements Step {}

        /// `worse`: its severity has risen.
        record Update(Finding finding, boolean worse) implements Step {}

        record Close(Finding finding, long closedMinute, Ending ending) implements Step {}
    }

    /// One look at features of slices; those with too few observations are left out.
    public List<Score> scores(List<Observed> look) {
        List<Observed> enough = look.stream()
                .filter(each -> each.window().total() >= policy.minimumWindow())
                .toList();
        List<Comparison> all = enough.stream()
                .map(each -> Comparison.of(each, policy, enough.size()))
                .toList();
        Adjusted warn = Adjusted.of(all.stream()
                .map(each -> each.index().map(index -> index.decision().pAbove()))
                .toList());
        Adjusted act = Adjusted.of(all.stream()
                .map(each -> each.index().map(Comparison.Index::pAct))
                .toList());
        List<Optional<Double>> others = new ArrayList<>();
        for (Comparison each : all) {
            others.add(each.shape().map(Comparison.Effect::p));
            others.add(Optional.of(each.missing().p()));
            others.add(each.unseen().map(Comparison.Share::p));
        }
        Adjusted other = Adjusted.of(others);
        List<Score> scores = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Comparison each = all.get(i);
            int at = i;
            Optional<Score.Index> index = each.index().map(value -> index(value, warn.at(at), act.at(at)));
            Optional<Score.Shape> shape = each.shape()
                    .map(effect -> new Score.Shape(effect.kind(), effect.size(), effect.error(), other.at(3 * at)));
            Score.Apart missing = apart(each.missing(), other.at(3 * at + 1));
            Optional<Score.Apart> unseen = each.unseen().map(share -> apart(share, other.at(3 * at + 2)));
            scores.add(score(each, index, shape, missing, unseen));
        }
        return List.copyOf(scores);
    }

    private Score.Index index(Comparison.Index index, Score.P warn, Score.P act) {
        boolean breach = warn.adjusted() < policy.alpha();
        return new Score.Index(
                index.psi().value(),
                index.psi().corrected(),
                index.jensenShannon(),
                warn,
                act,
                breach ? DriftVerdict.BREACH : index.decision().verdict(),
                breach ? OptionalLong.of(0) : index.decision().needed());
    }

    private Score score(
            Comparison each,
            Optional<Score.Index> index,
            Optional<Score.Shape> shape,
            Score.Apart missing,
            Optional<Score.Apart> unseen) {
        Baseline baseline = each.observed().baseline();
        boolean beyond = index.isPresent() && index.get().pWarn().adjusted() < policy.alpha();
        boolean act = index.isPresent()
                && index.get().pAct().adjusted() < policy.alpha()
                && !policy.warnOnly().contains(baseline.feature());
        boolean suspect = hasOtherReason(shape, missing, unseen, policy.alpha());
        boolean rare = hasOtherReason(shape, missing, unseen, policy.alpha() / LOOKS_PER_DAY);
        return new Score(
                each.observed().slice(),
                baseline.feature(),
                baseline.observations(),
                each.currentN(),
                index,
                shape,
                missing,
                unseen,
                each.entropy(),
                each.index().map(Comparison.Index::moved).orElse(List.of()),
                act ? Severity.ACT : beyond || suspect ? Severity.WARN : Severity.NONE,
                beyond || act || rare);
    }

    private boolean hasOtherReason(
            Optional<Score.Shape> shape, Score.Apart missing, Optional<Score.Apart> unseen, double alpha) {
        return shape.isPresent() && shape.get().isBeyond(policy, alpha)
                || missing.isBeyond(policy, alpha)
                || unseen.isPresent() && unseen.get().isBeyond(policy, alpha);
    }

    private static Score.Apart apart(Comparison.Share share, Score.P p) {
        return new Score.Apart(share.baseline(), share.current(), p);
    }

    /// `id` is used where a finding opens; `before` is the severity of the same feature's window before this one.
    public Step step(Optional<Finding> open, Severity before, Score score, Span window, String id) {
        boolean beyond = score.severity() != Severity.NONE;
        if (open.isEmpty()) {
            return beyond && (score.sure() || before != Severity.NONE)
                    ? new Step.Open(new Finding(
                            id,
                            score.slice(),
                            score.feature(),
                            score.severity(),
                            window.firstMinute(),
                            window.lastMinute(),
                            0,
                            FindingWords.sentence(score, policy),
                            score.moved()))
                    : new Step.Nothing();
        }
        Finding finding = open.get();
        if (beyond) {
            boolean worse = score.severity().isBeyond(finding.severity());
            return new Step.Update(
                    finding.beyond(
                            worse ? score.severity() : finding.severity(),
                            window.lastMinute(),
                            worse ? FindingWords.sentence(score, policy) : finding.sentence(),
                            worse ? score.moved() : finding.moved()),
                    worse);
        }
        Finding calmer = finding.calmer();
        return calmer.calmWindows() >= CALM_WINDOWS_TO_CLOSE
                ? new Step.Close(calmer, window.lastMinute(), Ending.CALM)
                : new Step.Update(calmer, false);
    }

    /// A finding whose slice had no window beyond a limit, and too little to be judged now, while the rollout
    /// had traffic in `silent` minutes. It says nothing about now: whoever waits for its end would wait for
    /// ever. Of the whole rollout little traffic is no news, and the finding stays.
    public static Step unseen(Finding finding, long trafficMinutes, long silent, long minute) {
        return finding.slice().equals(WHOLE) || trafficMinutes < silent
                ? new Step.Nothing()
                : new Step.Close(finding, minute, Ending.SILENT);
    }

    /// p-values in the order given, those that are not there in no test.
    @SuppressWarnings("ArrayRecordComponent") // lives within one look
    private record Adjusted(List<Optional<Double>> given, double[] adjusted) {
        static Adjusted of(List<Optional<Double>> given) {
            double[] present = given.stream()
                    .flatMap(Optional::stream)
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            return new Adjusted(given, Adjustment.BENJAMINI_HOCHBERG.adjusted(present));
        }

        /// Of a place that holds one.
        Score.P at(int place) {
            int index = (int)
                    given.subList(0, place).stream().filter(Optional::isPresent).count();
            return new Score.P(given.get(place).orElseThrow(), adjusted[index]);
        }
    }
}
