// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.drift;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.Baseline;
import io.edgewise.drift.DriftJudge;
import io.edgewise.drift.DriftPolicy;
import io.edgewise.drift.Features;
import io.edgewise.drift.Finding;
import io.edgewise.drift.Score;
import io.edgewise.drift.Severity;
import io.edgewise.statistics.grid.Cells;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The judge as the drift role runs it: windows on cells, findings that open and close.
///
/// @param least severity that counts as an alarm
record LiveJudge(Severity least, DriftPolicy policy) implements Detector {
    @Override
    public String name() {
        return "edgewise " + least.text();
    }

    @Override
    public Watch watch(Sample reference) {
        Baseline baseline = Baseline.freeze(
                        reference.measure(), reference.categorical(), cells(reference), policy.minimumBaseline())
                .orElseThrow();
        return new Stream(new DriftJudge(policy), baseline, least);
    }

    static Cells cells(Sample sample) {
        Tally tally = new Tally();
        for (double value : sample.values()) {
            tally.add(sample.measure(), Features.scale(sample.measure()).cell(value), 1);
        }
        return Features.cells(tally.read(sample.measure()));
    }

    private static final class Stream implements Watch {
        private final DriftJudge judge;
        private final Baseline baseline;
        private final Severity least;
        private @Nullable Finding open;
        private Severity before = Severity.NONE;
        private long minute;

        Stream(DriftJudge judge, Baseline baseline, Severity least) {
            this.judge = judge;
            this.baseline = baseline;
            this.least = least;
        }

        @Override
        public boolean alarm(Sample window) {
            minute++;
            for (Score score :
                    judge.scores(List.of(new DriftJudge.Observed("all", baseline, cells(window), Map.of())))) {
                DriftJudge.Step step =
                        judge.step(Optional.ofNullable(open), before, score, new DriftJudge.Span(minute, minute), "F");
                before = score.severity();
                open = switch (step) {
                    case DriftJudge.Step.Nothing nothing -> open;
                    case DriftJudge.Step.Open opening -> opening.finding();
                    case DriftJudge.Step.Update update -> update.finding();
                    case DriftJudge.Step.Close close -> null;
                };
            }
            return open != null && open.severity().compareTo(least) >= 0;
        }
    }
}
