// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.DriftJudge.Step;
import io.edgewise.statistics.drift.DriftVerdict;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
        assertThat(scores(normal(2, 199, 0))).isEmpty();
        assertThat(scores(normal(2, 200, 0))).hasSize(1);
    }

    @Test
    void findsNothingWhereNothingMoved() {
        SeededCases.forAll(200, random -> {
            Score score = score(normal(random.nextLong(), 250, 0));
            assertThat(score.severity()).isEqualTo(Severity.NONE);
        });
    }

    @Test
    void warnsAndCallsForActionAsAFeatureMovesFurther() {
        Score some = score(normal(4, 4_000, 0.062));
        Score much = score(normal(4, 4_000, 0.2));

        assertThat(some.severity()).isEqualTo(Severity.WARN);
        assertThat(much.severity()).isEqualTo(Severity.ACT);
        assertThat(index(some).verdict()).isEqualTo(DriftVerdict.BREACH);
        assertThat(index(much).psi()).isGreaterThan(index(some).psi());
        assertThat(index(much).corrected()).isLessThan(index(much).psi());
        assertThat(much.baselineN()).isEqualTo(20_000);
        assertThat(much.currentN()).isEqualTo(4_000);
    }

    /// The index alone shows nothing there, the whole distribution does: it asks whether there is a change at all.
    @Test
    void aFewObservationsShowNoIndexBeyondALimitButPerhapsAnotherDistribution() {
        Score few = score(normal(4, 200, 0.062));

        assertThat(index(few).psi()).isGreaterThan(0.1);
        assertThat(index(few).verdict()).isEqualTo(DriftVerdict.UNDECIDED);
        assertThat(index(few).needed()).isNotEmpty();
        assertThat(few.shape().orElseThrow().effect()).isGreaterThan(0.15);
        assertThat(few.severity()).isEqualTo(Severity.WARN);
        assertThat(sentence(few))
                .contains("Kolmogorov-Smirnov D")
                .contains("adjusted")
                .doesNotContain("PSI");
    }

    /// Ten million observations show a hundredth of a standard deviation, which is nothing.
    @Test
    void whatIsShownButSmallIsNoFinding() {
        Score many = judge.scores(
                        List.of(new DriftJudge.Observed(
                                spread(1_000_000, 0), spread(1_000_000, 4).cells())),
                        1)
                .getFirst();

        assertThat(many.shape().orElseThrow().adjusted()).isLessThan(1e-6);
        assertThat(many.shape().orElseThrow().effect()).isLessThan(0.05);
        assertThat(many.severity()).isEqualTo(Severity.NONE);
    }

    @Test
    void moreFeaturesAskForMoreEvidence() {
        Score score = judge.scores(List.of(observed(normal(4, 400, 0))), 10).getFirst();

        assertThat(index(score).level()).isEqualTo(0.0001);
    }

    @Test
    void pValuesAreAdjustedForAllTestsOfALook() {
        Cells drifted = normal(4, 400, 0.06);
        double alone = score(drifted).shape().orElseThrow().adjusted();
        List<DriftJudge.Observed> look = new ArrayList<>(List.of(observed(drifted)));
        for (int i = 0; i < 9; i++) {
            look.add(observed(normal(100 + i, 400, 0)));
        }

        double among = judge.scores(look, 10).getFirst().shape().orElseThrow().adjusted();

        assertThat(among / alone).isCloseTo(10, within(1e-9));
    }

    @Test
    void missingValuesWarnAlsoWhereNothingElseIsLeft() {
        Tally tally =
                new Tally().add(Measures.CONFIDENCE, UnitGrid.MISSING, 180).add(Measures.CONFIDENCE, 600, 20);

        Score score = score(Features.cells(tally.read(Measures.CONFIDENCE)));

        assertThat(score.index()).isEmpty();
        assertThat(score.shape()).isEmpty();
        assertThat(score.currentN()).isEqualTo(20);
        assertThat(score.missing().current()).isCloseTo(0.9, within(1e-12));
        assertThat(score.severity()).isEqualTo(Severity.WARN);
        assertThat(sentence(score)).contains("90.0 % without a finite value against 0.0 % in shadow");
    }

    @Test
    void aFewMissingValuesAreNoFinding() {
        Cells normal = normal(7, 10_000, 0);
        Cells missing = new Cells(new int[] {UnitGrid.MISSING}, new long[] {200});

        Score score = score(normal.plus(missing));

        assertThat(score.missing().adjusted()).isLessThan(1e-6);
        assertThat(score.severity()).isEqualTo(Severity.NONE);
    }

    @Test
    void labelsAreCategoriesAndUnseenOnesAreTestedApart() {
        Cells shadow = new Cells(new int[] {-70_000, 5, 90_000}, new long[] {5_000, 3_000, 2_000});
        Baseline baseline = Baseline.freeze(Features.LABELS, shadow, 1_000).orElseThrow();
        Cells same = new Cells(new int[] {-70_000, 5, 90_000}, new long[] {250, 150, 100});
        Cells other = new Cells(new int[] {-70_000, 5, 17, 90_000}, new long[] {150, 100, 150, 100});

        Score calm = judge.scores(List.of(new DriftJudge.Observed(baseline, same)), 1)
                .getFirst();
        Score moved = judge.scores(List.of(new DriftJudge.Observed(baseline, other)), 1)
                .getFirst();

        assertThat(baseline.feature()).isEqualTo("label");
        assertThat(baseline.bins().bins()).isEqualTo(4);
        assertThat(calm.severity()).isEqualTo(Severity.NONE);
        assertThat(calm.shape().orElseThrow().kind()).isEqualTo(Score.Kind.CHI_SQUARE);
        assertThat(calm.unseen().orElseThrow().p()).isEqualTo(1);
        assertThat(moved.unseen().orElseThrow().current()).isCloseTo(0.3, within(1e-12));
        assertThat(sentence(moved)).contains("Cramér's V").contains("in categories that shadow never saw");
    }

    @Test
    void entropySaysHowItsMeanChanged() {
        Tally before = new Tally()
                .add(Measures.ENTROPY, LogGrid.cell(0.4), 2_000)
                .add(Measures.ENTROPY, LogGrid.cell(0.8), 2_000);
        Tally after =
                new Tally().add(Measures.ENTROPY, LogGrid.cell(0.4), 300).add(Measures.ENTROPY, LogGrid.cell(1.6), 700);
        Baseline baseline = Baseline.freeze(Measures.ENTROPY, Features.cells(before.read(Measures.ENTROPY)), 1_000)
                .orElseThrow();

        Score score = judge.scores(
                        List.of(new DriftJudge.Observed(baseline, Features.cells(after.read(Measures.ENTROPY)))), 1)
                .getFirst();

        assertThat(score.entropy().orElseThrow().difference()).isCloseTo(0.64, within(0.02));
        assertThat(sentence(score)).contains("mean entropy 1.2").contains("against 0.60");
    }

    /// The promise of alpha over all features and tests of a look, where nothing moved.
    @Test
    void aCalmLookOfThreeFeaturesWarnsRarely() {
        int warned = 0;
        SplittableRandom random = new SplittableRandom(17);
        Baseline baseline = baseline();
        for (int run = 0; run < 200; run++) {
            List<DriftJudge.Observed> look = new ArrayList<>();
            for (int feature = 0; feature < 3; feature++) {
                look.add(new DriftJudge.Observed(baseline, normal(random.nextLong(), 600, 0)));
            }
            warned += judge.scores(look, 3).stream().anyMatch(score -> score.severity() != Severity.NONE) ? 1 : 0;
        }
        assertThat(warned).as("seed 17, 99 %% limit of two tests at 0.001 each").isLessThanOrEqualTo(3);
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
        double pWarn = severity == Severity.NONE ? 0.5 : 1e-6;
        double pAct = severity == Severity.ACT ? 1e-6 : 0.5;
        return new Score(
                FEATURE,
                20_000,
                500,
                Optional.of(new Score.Index(0.3, 0.28, pWarn, pAct, 1e-3, DriftVerdict.BREACH, OptionalLong.of(0))),
                Optional.empty(),
                new Score.Apart(0, 0, 1, 1),
                Optional.empty(),
                Optional.empty(),
                severity);
    }

    private List<Score> scores(Cells window) {
        return judge.scores(List.of(observed(window)), 3);
    }

    private Score score(Cells window) {
        return scores(window).getFirst();
    }

    private static DriftJudge.Observed observed(Cells window) {
        return new DriftJudge.Observed(baseline(), window);
    }

    private static Score.Index index(Score score) {
        return score.index().orElseThrow();
    }

    private static String sentence(Score score) {
        return FindingWords.sentence(score, DriftPolicy.DEFAULT);
    }

    /// So many observations, evenly over 400 cells from an offset on.
    private static Baseline spread(long n, int offset) {
        int[] cells = IntStream.range(offset, offset + 400).toArray();
        long[] counts = LongStream.generate(() -> n / 400).limit(400).toArray();
        return Baseline.freeze(Measures.CONFIDENCE, new Cells(cells, counts), 1_000)
                .orElseThrow();
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
