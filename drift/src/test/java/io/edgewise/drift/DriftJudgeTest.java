// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.DriftJudge.Step;
import io.edgewise.statistics.drift.DriftVerdict;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
                .doesNotContain("shown to be above");
    }

    /// Ten million observations show a hundredth of a standard deviation, which is nothing.
    @Test
    void whatIsShownButSmallIsNoFinding() {
        Score many = judge.scores(List.of(
                        observed(spread(1_000_000, 0), spread(1_000_000, 4).cells())))
                .getFirst();

        assertThat(many.shape().orElseThrow().p().adjusted()).isLessThan(1e-6);
        assertThat(many.shape().orElseThrow().effect()).isLessThan(0.05);
        assertThat(many.severity()).isEqualTo(Severity.NONE);
    }

    @Test
    void pValuesAreAdjustedForAllFeaturesAndSlicesOfALook() {
        Cells drifted = normal(4, 400, 0.1);
        Score alone = score(drifted);
        List<DriftJudge.Observed> look = new ArrayList<>(List.of(observed(drifted)));
        for (int i = 0; i < 9; i++) {
            look.add(new DriftJudge.Observed("region=" + i, baseline(), normal(100 + i, 400, 0), Map.of()));
        }

        Score among = judge.scores(look).getFirst();

        assertThat(among.shape().orElseThrow().p().adjusted()
                        / alone.shape().orElseThrow().p().adjusted())
                .isCloseTo(10, within(1e-9));
        assertThat(index(among).pWarn().adjusted() / index(among).pWarn().value())
                .isCloseTo(10, within(1e-9));
        assertThat(index(among).pWarn().value()).isEqualTo(index(alone).pWarn().value());
    }

    /// Where many slices move together each of them is shown by less than it would need alone among calm ones.
    @Test
    void slicesThatMoveTogetherAreEasierToSeeThanOneAmongCalmOnes() {
        Cells drifted = normal(4, 400, 0.06);
        List<DriftJudge.Observed> together = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            together.add(new DriftJudge.Observed("region=" + i, baseline(), drifted, Map.of()));
        }

        Score one = judge.scores(together).getFirst();

        assertThat(index(one).pAct().adjusted()).isCloseTo(index(one).pAct().value(), within(1e-12));
    }

    @Test
    void whatWarnsOnlyNeverCallsForAction() {
        DriftPolicy policy = new DriftPolicy(1_000, 200, 0.1, 0.25, 0.001, 0.1, 0.05, Set.of("confidence"), Set.of());

        Score score = new DriftJudge(policy)
                .scores(List.of(observed(normal(4, 4_000, 0.2))))
                .getFirst();

        assertThat(index(score).pAct().adjusted()).isLessThan(1e-6);
        assertThat(score.severity()).isEqualTo(Severity.WARN);
    }

    @Test
    void saysWhatMovedByTheBinsThatAddMost() {
        Score score = score(normal(4, 4_000, 0.2));

        double sum = score.moved().stream().mapToDouble(Moved::part).sum();
        assertThat(score.moved()).hasSize(5).isSortedAccordingTo((a, b) -> Double.compare(b.part(), a.part()));
        assertThat(sum).isBetween(0.8 * index(score).psi(), index(score).psi());
        assertThat(score.moved().getFirst().range()).startsWith("up to 0.4");
        assertThat(score.moved().getFirst().before()).isCloseTo(0.1, within(0.01));
        assertThat(score.moved().getFirst().now()).isGreaterThan(0.5);
        assertThat(sentence(score)).contains("What moved: up to 0.4").contains("was 10.0 %");
    }

    @Test
    void binsOfWholeNumbersAndCategoriesAreNamedAsPeopleWould() {
        Tally words = new Tally();
        for (int i = 1; i <= 10; i++) {
            words.add(Measures.FEATURE + "words", ValueGrid.cell(i), i == 10 ? 900 : 100);
        }
        Cells now = new Cells(new int[] {ValueGrid.cell(2), ValueGrid.cell(10)}, new long[] {20, 380});
        Baseline numbers = Baseline.freeze(
                        Measures.FEATURE + "words", Features.cells(words.read(Measures.FEATURE + "words")), 1_000)
                .orElseThrow();
        int play = LabelHash.bucket("play_music");
        int other = LabelHash.bucket("timer");
        Cells labels =
                new Cells(play < other ? new int[] {play, other} : new int[] {other, play}, new long[] {600, 600});
        Baseline categories = Baseline.freeze(Features.LABELS, labels, 1_000).orElseThrow();
        Cells only = new Cells(new int[] {play}, new long[] {300});

        List<Score> scores = judge.scores(List.of(
                new DriftJudge.Observed("all", numbers, now, Map.of()),
                new DriftJudge.Observed("all", categories, only, Map.of(play, "play_music"))));

        assertThat(scores.get(0).moved().stream().map(Moved::range))
                .contains("exactly 10")
                .contains("above 2, up to 4");
        assertThat(scores.get(1).moved().stream().map(Moved::range)).contains("play_music", "category #" + other);
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
        assertThat(sentence(score)).contains("90.0 % without a finite value against 0.0 % of the baseline");
    }

    @Test
    void aFewMissingValuesAreNoFinding() {
        Cells normal = normal(7, 10_000, 0);
        Cells missing = new Cells(new int[] {UnitGrid.MISSING}, new long[] {200});

        Score score = score(normal.plus(missing));

        assertThat(score.missing().p().adjusted()).isLessThan(1e-6);
        assertThat(score.severity()).isEqualTo(Severity.NONE);
    }

    @Test
    void labelsAreCategoriesAndUnseenOnesAreTestedApart() {
        Cells shadow = new Cells(new int[] {-70_000, 5, 90_000}, new long[] {5_000, 3_000, 2_000});
        Baseline baseline = Baseline.freeze(Features.LABELS, shadow, 1_000).orElseThrow();
        Cells same = new Cells(new int[] {-70_000, 5, 90_000}, new long[] {250, 150, 100});
        Cells other = new Cells(new int[] {-70_000, 5, 17, 90_000}, new long[] {150, 100, 150, 100});

        Score calm = judge.scores(List.of(observed(baseline, same))).getFirst();
        Score moved = judge.scores(List.of(observed(baseline, other))).getFirst();

        assertThat(baseline.feature()).isEqualTo("label");
        assertThat(baseline.bins().bins()).isEqualTo(4);
        assertThat(calm.severity()).isEqualTo(Severity.NONE);
        assertThat(calm.shape().orElseThrow().kind()).isEqualTo(Score.Kind.CHI_SQUARE);
        assertThat(calm.unseen().orElseThrow().p().value()).isEqualTo(1);
        assertThat(moved.unseen().orElseThrow().current()).isCloseTo(0.3, within(1e-12));
        assertThat(sentence(moved)).contains("Cramér's V").contains("in categories that the baseline never saw");
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

        Score score = judge.scores(List.of(observed(baseline, Features.cells(after.read(Measures.ENTROPY)))))
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
                look.add(observed(baseline, normal(random.nextLong(), 600, 0)));
            }
            warned += judge.scores(look).stream().anyMatch(score -> score.severity() != Severity.NONE) ? 1 : 0;
        }
        assertThat(warned).as("seed 17, 99 %% limit of two tests at 0.001 each").isLessThanOrEqualTo(3);
    }

    @Test
    void oneWindowBeyondTheIndexOpensAFindingAndTwoCalmOnesCloseIt() {
        Finding opened = opened(step(Optional.empty(), Severity.NONE, scored(Severity.WARN), 10, "F"));
        assertThat(opened.openedMinute()).isEqualTo(10);
        assertThat(opened.sentence()).contains(FEATURE).contains("0.10");

        Finding once = updated(step(Optional.of(opened), Severity.WARN, scored(Severity.NONE), 11, "G"));
        assertThat(once.id()).isEqualTo("F");

        assertThat(step(Optional.of(once), Severity.NONE, scored(Severity.NONE), 12, "H"))
                .isInstanceOfSatisfying(Step.Close.class, close -> {
                    assertThat(close.closedMinute()).isEqualTo(12);
                    assertThat(close.finding().id()).isEqualTo("F");
                    assertThat(close.finding().lastMinute()).isEqualTo(10);
                });
    }

    /// A look each minute at one in a thousand would open a false finding on most days.
    @Test
    void whatHasOnlyAPValueOpensAFindingWhenTwoWindowsInARowSaySo() {
        Score few = LongStream.range(0, 1_000)
                .mapToObj(seed -> score(normal(seed, 200, 0.045)))
                .filter(score -> score.severity() == Severity.WARN && !score.sure())
                .findFirst()
                .orElseThrow();

        assertThat(step(Optional.empty(), Severity.NONE, few, 10, "F")).isInstanceOf(Step.Nothing.class);
        assertThat(opened(step(Optional.empty(), Severity.WARN, few, 11, "G")).id())
                .isEqualTo("G");
    }

    @Test
    void aWindowBeyondInBetweenKeepsAFindingOpen() {
        Finding opened = opened(step(Optional.empty(), Severity.NONE, scored(Severity.WARN), 10, "F"));
        Finding calm = updated(step(Optional.of(opened), Severity.WARN, scored(Severity.NONE), 11, "G"));
        Finding again = updated(step(Optional.of(calm), Severity.NONE, scored(Severity.WARN), 12, "H"));

        assertThat(again.calmWindows()).isZero();
        assertThat(again.lastMinute()).isEqualTo(12);
        assertThat(updated(step(Optional.of(again), Severity.WARN, scored(Severity.NONE), 13, "I"))
                        .calmWindows())
                .isEqualTo(1);
    }

    @Test
    void aFindingKeepsTheWorstThatWasSeen() {
        Finding warned = opened(step(Optional.empty(), Severity.NONE, scored(Severity.WARN), 10, "F"));
        Finding worse = updated(step(Optional.of(warned), Severity.WARN, scored(Severity.ACT), 11, "G"));
        Finding milder = updated(step(Optional.of(worse), Severity.ACT, scored(Severity.WARN), 12, "H"));

        assertThat(worse.severity()).isEqualTo(Severity.ACT);
        assertThat(worse.sentence()).contains("0.25");
        assertThat(milder.severity()).isEqualTo(Severity.ACT);
    }

    @Test
    void calmWindowsOpenNothing() {
        assertThat(step(Optional.empty(), Severity.NONE, scored(Severity.NONE), 1, "F"))
                .isInstanceOf(Step.Nothing.class);
    }

    @Test
    void declaredFeaturesKeepTheirNamesUnlessTheyClash() {
        assertThat(Features.name(Measures.ENTROPY)).isEqualTo("entropy");
        assertThat(Features.name(Measures.FEATURE + "text-length")).isEqualTo("text-length");
        assertThat(Features.name(Measures.FEATURE + "entropy")).isNotEqualTo("entropy");
        for (String name : List.of("confidence", "label", "output-length", "latency", "words")) {
            assertThat(Features.name(Features.measure(name))).isEqualTo(name);
        }
    }

    @Test
    void numbersThatAreCodesAreCategories() {
        DriftPolicy policy = new DriftPolicy(1_000, 200, 0.1, 0.25, 0.001, 0.1, 0.05, Set.of(), Set.of("region-code"));
        Cells codes = new Cells(new int[] {ValueGrid.cell(3), ValueGrid.cell(7)}, new long[] {700, 700});
        String measure = Features.measure("region-code");
        Baseline baseline = Baseline.freeze(measure, policy.isCategorical(measure), codes, 1_000)
                .orElseThrow();

        Score score = new DriftJudge(policy)
                .scores(List.of(observed(baseline, new Cells(new int[] {ValueGrid.cell(3)}, new long[] {300}))))
                .getFirst();

        assertThat(score.shape().orElseThrow().kind()).isEqualTo(Score.Kind.CHI_SQUARE);
        assertThat(score.moved()).extracting(Moved::range).contains("3", "7");
        assertThat(policy.isCategorical(Features.measure("words"))).isFalse();
    }

    @Test
    void watchesTheChallengersAnswersAndDeclaredFeaturesAlone() {
        Tally tally = new Tally()
                .add(Measures.REQUESTS, 0, 5)
                .add(Measures.ENTROPY, 3)
                .add(Measures.CONFIDENCE, 7)
                .add(Measures.ARM_LATENCY + 1, 12)
                .add(Measures.ARM_LATENCY + 2, 12)
                .add(Measures.OUTPUT_LENGTH + 2, 12)
                .add(Measures.FEATURE + "words", 12);

        assertThat(Features.measures(tally).stream().map(Features::name))
                .containsExactly("confidence", "entropy", "words", "latency", "output-length");
    }

    private Step step(Optional<Finding> open, Severity before, Score score, long minute, String id) {
        return judge.step(open, before, score, new DriftJudge.Span(minute, minute), id);
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
                "all",
                FEATURE,
                20_000,
                500,
                Optional.of(new Score.Index(
                        0.3,
                        0.28,
                        0.02,
                        new Score.P(pWarn, pWarn),
                        new Score.P(pAct, pAct),
                        DriftVerdict.BREACH,
                        OptionalLong.of(0))),
                Optional.empty(),
                new Score.Apart(0, 0, new Score.P(1, 1)),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                severity,
                severity != Severity.NONE);
    }

    private List<Score> scores(Cells window) {
        return judge.scores(List.of(observed(window)));
    }

    private Score score(Cells window) {
        return scores(window).getFirst();
    }

    private static DriftJudge.Observed observed(Cells window) {
        return observed(baseline(), window);
    }

    private static DriftJudge.Observed observed(Baseline baseline, Cells window) {
        return new DriftJudge.Observed("all", baseline, window, Map.of());
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
