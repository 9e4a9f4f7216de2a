// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.DriftJudge.Step;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.testkit.SeededCases;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DriftJudgeTest {
    private static final String FEATURE = "confidence";

    private final DriftJudge judge = new DriftJudge(DriftPolicy.DEFAULT);

    @Test
    void freezesNoBaselineFromTooFewObservations() {
        assertThat(Baseline.freeze(Measures.CONFIDENCE, normal(1, 999, 0), 1_000))
                .isEmpty();
        assertThat(Baseline.freeze(Measures.CONFIDENCE, normal(1, 1_000, 0), 1_000))
                .isPresent();
    }

    @Test
    void missingValuesAreNoObservationsOfABaseline() {
        Tally tally =
                new Tally().add(Measures.CONFIDENCE, UnitGrid.MISSING, 5_000).add(Measures.CONFIDENCE, 500, 999);

        assertThat(Baseline.freeze(Measures.CONFIDENCE, Features.cells(tally.read(Measures.CONFIDENCE)), 1_000))
                .isEmpty();
    }

    @Test
    void scoresNoWindowOfTooFewObservations() {
        assertThat(judge.score(baseline(), normal(2, 199, 0), 3)).isEmpty();
        assertThat(judge.score(baseline(), normal(2, 200, 0), 3)).isPresent();
    }

    @Test
    void findsNothingWhereNothingMoved() {
        SeededCases.forAll(200, random -> {
            Score score = judge.score(baseline(), normal(random.nextLong(), 250, 0), 3)
                    .orElseThrow();
            assertThat(score.severity()).isEqualTo(Severity.NONE);
        });
    }

    @Test
    void warnsAndCallsForActionAsAFeatureMovesFurther() {
        Score some = judge.score(baseline(), normal(4, 4_000, 0.062), 3).orElseThrow();
        Score much = judge.score(baseline(), normal(4, 4_000, 0.2), 3).orElseThrow();

        assertThat(some.severity()).isEqualTo(Severity.WARN);
        assertThat(much.severity()).isEqualTo(Severity.ACT);
        assertThat(much.psi()).isGreaterThan(some.psi());
        assertThat(much.psiCorrected()).isLessThan(much.psi());
        assertThat(much.baselineN()).isEqualTo(20_000);
        assertThat(much.currentN()).isEqualTo(4_000);
    }

    @Test
    void theSameIndexInAFewObservationsShowsNothing() {
        Score few = judge.score(baseline(), normal(4, 200, 0.062), 3).orElseThrow();

        assertThat(few.psi()).isGreaterThan(0.1);
        assertThat(few.severity()).isEqualTo(Severity.NONE);
    }

    @Test
    void moreFeaturesAskForMoreEvidence() {
        assertThat(judge.score(baseline(), normal(4, 400, 0), 10).orElseThrow().level())
                .isEqualTo(0.0001);
    }

    @Test
    void oneWindowOpensAFindingAndTwoCalmOnesCloseIt() {
        Finding opened = opened(judge.step(Optional.empty(), scored(Severity.WARN), 10, "F"));
        assertThat(opened.openedMinute()).isEqualTo(10);
        assertThat(opened.sentence()).contains(FEATURE).contains("0.10");

        Finding once = updated(judge.step(Optional.of(opened), scored(Severity.NONE), 11, "G"));
        assertThat(once.id()).isEqualTo("F");

        assertThat(judge.step(Optional.of(once), scored(Severity.NONE), 12, "H"))
                .isInstanceOfSatisfying(Step.Close.class, close -> {
                    assertThat(close.closedMinute()).isEqualTo(12);
                    assertThat(close.finding().id()).isEqualTo("F");
                });
    }

    @Test
    void aWindowBeyondInBetweenKeepsAFindingOpen() {
        Finding opened = opened(judge.step(Optional.empty(), scored(Severity.WARN), 10, "F"));
        Finding calm = updated(judge.step(Optional.of(opened), scored(Severity.NONE), 11, "G"));
        Finding again = updated(judge.step(Optional.of(calm), scored(Severity.WARN), 12, "H"));

        assertThat(again.calmWindows()).isZero();
        assertThat(updated(judge.step(Optional.of(again), scored(Severity.NONE), 13, "I"))
                        .calmWindows())
                .isEqualTo(1);
    }

    @Test
    void aFindingKeepsTheWorstThatWasSeen() {
        Finding warned = opened(judge.step(Optional.empty(), scored(Severity.WARN), 10, "F"));
        Finding worse = updated(judge.step(Optional.of(warned), scored(Severity.ACT), 11, "G"));
        Finding milder = updated(judge.step(Optional.of(worse), scored(Severity.WARN), 12, "H"));

        assertThat(worse.severity()).isEqualTo(Severity.ACT);
        assertThat(worse.sentence()).contains("0.25");
        assertThat(milder.severity()).isEqualTo(Severity.ACT);
    }

    @Test
    void calmWindowsOpenNothing() {
        assertThat(judge.step(Optional.empty(), scored(Severity.NONE), 1, "F")).isInstanceOf(Step.Nothing.class);
    }

    @Test
    void declaredFeaturesKeepTheirNamesUnlessTheyClash() {
        assertThat(Features.name(Measures.ENTROPY)).isEqualTo("entropy");
        assertThat(Features.name(Measures.FEATURE + "text-length")).isEqualTo("text-length");
        assertThat(Features.name(Measures.FEATURE + "entropy")).isNotEqualTo("entropy");
    }

    @Test
    void watchesConfidenceEntropyAndDeclaredFeaturesAlone() {
        Tally tally = new Tally()
                .add(Measures.REQUESTS, 0, 5)
                .add(Measures.ENTROPY, 3)
                .add(Measures.CONFIDENCE, 7)
                .add(Measures.FEATURE + "words", 12);

        assertThat(Features.measures(tally))
                .containsExactly(Measures.CONFIDENCE, Measures.ENTROPY, Measures.FEATURE + "words");
    }

    private static Finding opened(Step step) {
        assertThat(step).isInstanceOf(Step.Open.class);
        return ((Step.Open) step).finding();
    }

    private static Finding updated(Step step) {
        assertThat(step).isInstanceOf(Step.Update.class);
        return ((Step.Update) step).finding();
    }

    private static Score scored(Severity severity) {
        return new Score(FEATURE, 20_000, 500, 0.3, 0.28, 1e-6, 1e-5, 1e-3, severity);
    }

    private static Baseline baseline() {
        return Baseline.freeze(Measures.CONFIDENCE, normal(3, 20_000, 0), 1_000).orElseThrow();
    }

    /// Around 0.6, or so much below.
    private static Cells normal(long seed, int n, double shift) {
        SplittableRandom random = new SplittableRandom(seed);
        Tally tally = new Tally();
        for (int i = 0; i < n; i++) {
            tally.add(Measures.CONFIDENCE, UnitGrid.cell(0.6 - shift + 0.13 * random.nextGaussian()));
        }
        return Features.cells(tally.read(Measures.CONFIDENCE));
    }
}
