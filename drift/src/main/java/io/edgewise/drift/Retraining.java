// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.Proportion;
import io.edgewise.statistics.proportion.TwoProportions;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// When a build is due to be trained again.
///
/// @param afterDays age at which it is due
/// @param holdoutDrop fall of the accuracy on the reference holdout, as a share, beyond which it is due
public record Retraining(int afterDays, double holdoutDrop) {
    public static final Retraining DEFAULT = new Retraining(90, 0.05);

    /// Of the interval of the fall.
    private static final double ALPHA = 0.05;

    public Retraining {
        if (afterDays < 1 || !(holdoutDrop > 0 && holdoutDrop < 1)) {
            throw new IllegalArgumentException(
                    "retraining is due after at least 1 day, and by a drop that is a share in" + " (0, 1) (0.05), not "
                            + afterDays + " and " + holdoutDrop);
        }
    }

    /// Why, with a sentence for people.
    public sealed interface Due {
        String sentence();

        /// The word in the event: "drift", "age" or "holdout".
        String reason();

        /// @param findings all that are open and call for action
        record ByDrift(List<Finding> findings) implements Due {
            public ByDrift {
                findings = List.copyOf(findings);
            }

            @Override
            public String reason() {
                return "drift";
            }

            @Override
            public String sentence() {
                List<String> features = findings.stream()
                        .map(each ->
                                each.slice().equals("all") ? each.feature() : each.feature() + " in " + each.slice())
                        .sorted()
                        .toList();
                return "drift that calls for action on " + String.join(", ", features);
            }
        }

        record ByAge(LocalDate trainedOn, long days) implements Due {
            @Override
            public String reason() {
                return "age";
            }

            @Override
            public String sentence() {
                return "trained on " + trainedOn + ", " + days + " days ago";
            }
        }

        /// @param low lower end of the 95 % interval of the drop
        record ByHoldout(Accuracy reference, Accuracy now, double drop, double low) implements Due {
            @Override
            public String reason() {
                return "holdout";
            }

            @Override
            public String sentence() {
                return String.format(
                        Locale.ROOT,
                        "accuracy on the reference holdout fell by %.1f points (at least %.1f), from %d of %d to %d of %d",
                        drop * 100,
                        low * 100,
                        reference.correct(),
                        reference.n(),
                        now.correct(),
                        now.n());
            }
        }
    }

    /// One run over the reference holdout.
    public record Accuracy(long correct, long n) {
        public Accuracy {
            if (correct < 0 || n < correct) {
                throw new IllegalArgumentException(
                        "accuracy needs 0 <= correct <= n, not " + correct + " correct of " + n);
            }
        }
    }

    public Optional<Due> byAge(LocalDate trainedOn, LocalDate today) {
        long days = ChronoUnit.DAYS.between(trainedOn, today);
        return days >= afterDays ? Optional.of(new Due.ByAge(trainedOn, days)) : Optional.empty();
    }

    /// Large and not by chance: the accuracy has fallen by more than the limit, and the interval of the fall
    /// (Newcombe, 95 %) lies above 0. Nothing is due on a missing run.
    public Optional<Due> byHoldout(Accuracy reference, Accuracy now) {
        if (reference.n() == 0 || now.n() == 0) {
            return Optional.empty();
        }
        TwoProportions both = new TwoProportions(
                new Proportion(reference.correct(), reference.n()), new Proportion(now.correct(), now.n()));
        Interval interval = both.newcombe(ALPHA);
        return both.difference() > holdoutDrop && interval.low() > 0
                ? Optional.of(new Due.ByHoldout(reference, now, both.difference(), interval.low()))
                : Optional.empty();
    }

    /// Due when a finding begins to call for action.
    public Optional<Due> byDrift(DriftJudge.Step step, List<Finding> openThatAct) {
        boolean begins = switch (step) {
            case DriftJudge.Step.Nothing nothing -> false;
            case DriftJudge.Step.Open open -> open.finding().severity() == Severity.ACT;
            case DriftJudge.Step.Update update ->
                update.worse() && update.finding().severity() == Severity.ACT;
            case DriftJudge.Step.Close close -> false;
        };
        return begins ? Optional.of(new Due.ByDrift(openThatAct)) : Optional.empty();
    }
}
