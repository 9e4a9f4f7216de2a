// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.statistics.grid.ValueGrid;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WindowFiguresTest {
    private static final int CHAMPION = 1;
    private static final int CHALLENGER = 2;
    private static final Offset<Double> EXACT = within(1e-12);

    private static double figure(Tally tally, String name) {
        Double value = WindowFigures.of(tally).get(name);
        assertThat(value).as(name).isNotNull();
        return value == null ? Double.NaN : value;
    }

    @Test
    void nothingCountedGivesCountsOfZeroAndNoOtherNumber() {
        Map<String, Double> figures = WindowFigures.of(new Tally());

        assertThat(figures.values()).containsOnly(0.0);
        assertThat(figures.keySet())
                .containsExactlyInAnyOrder(
                        "requests",
                        "assigned_attempts",
                        "pairs",
                        "pairs_compared",
                        "orphans_champion_only",
                        "orphans_challenger_only",
                        "wins_judged",
                        "ece_n",
                        "agreement_ece_n",
                        "thumbs",
                        "user_scores",
                        "attempts_champion",
                        "failed_champion",
                        "truths_champion",
                        "attempts_challenger",
                        "failed_challenger",
                        "truths_challenger",
                        "attempts_reference",
                        "failed_reference",
                        "truths_reference");
    }

    @Test
    void namesHaveOneOrderAndSayTheirUnits() {
        List<String> names = WindowFigures.names();

        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z][a-z0-9_]*"));
        assertThat(names.subList(0, 2)).containsExactly("requests", "served_champion_share");
        // Stored by place: these may only be followed by further ones.
        assertThat(names.indexOf("kappa")).isEqualTo(33);
        assertThat(names.indexOf("output_length_reference_p95")).isEqualTo(110);
        assertThat(WindowFigures.of(new Tally().add(Measures.REQUESTS, 0).add(Measures.THUMBS, 0))
                        .keySet())
                .isSubsetOf(names);
    }

    @Test
    void trafficIsSplitByWhatTheUserWasServed() {
        Tally tally = new Tally()
                .add(Measures.REQUESTS, 0, 8)
                .add(Measures.SERVED, CHAMPION, 5)
                .add(Measures.SERVED, CHALLENGER, 2)
                .add(Measures.DETOURS, 0, 4)
                .add(Measures.DETOURS, 1, 2)
                .add(Measures.ASSIGNED, 0, 8)
                .add(Measures.ASSIGNED, 1, 1)
                .add(Measures.ATTEMPTS, 2 * CHALLENGER, 4)
                .add(Measures.ATTEMPTS, 2 * CHALLENGER + 1, 3)
                .add(Measures.REFUSALS, 2 * CHALLENGER, 4)
                .add(Measures.REFUSALS, 2 * CHALLENGER + 1, 1);

        assertThat(figure(tally, "served_champion_share")).isEqualTo(0.625);
        assertThat(figure(tally, "served_challenger_share")).isEqualTo(0.25);
        assertThat(figure(tally, "served_reference_share")).isZero();
        assertThat(figure(tally, "unserved_share")).isEqualTo(0.125);
        assertThat(figure(tally, "detour_share")).isEqualTo(0.5);
        assertThat(figure(tally, "escalated_share")).isEqualTo(0.25);
        assertThat(figure(tally, "offline_share")).isZero();
        assertThat(figure(tally, "assigned_error_share")).isEqualTo(0.125);
        assertThat(figure(tally, "error_challenger_share")).isEqualTo(0.75);
        assertThat(figure(tally, "refusal_challenger_share")).isEqualTo(0.25);
        assertThat(WindowFigures.of(tally)).doesNotContainKeys("error_champion_share", "refusal_champion_share");
    }

    /// Champion a a a a b b b b b b, challenger a a a b b b b b b a: 8 of 10 agree, p(a) 0.4 on both sides.
    @Test
    void pairsGiveAgreementKappaAndCompleteness() {
        int a = LabelHash.bucket("a");
        int b = LabelHash.bucket("b");
        Tally tally = new Tally()
                .add(Measures.PAIRS, 0, 8)
                .add(Measures.PAIRS, 1, 2)
                .add(Measures.PAIRS, 2, 6)
                .add(Measures.PAIRS, 3, 4)
                .add(Measures.AGREEMENT_SCORE, 0, 8_500_000_000L)
                .add(Measures.AGREEMENT_SCORE, 1, 10)
                .add(Measures.PAIR_LABELS + CHAMPION, a, 4)
                .add(Measures.PAIR_LABELS + CHAMPION, b, 6)
                .add(Measures.PAIR_LABELS + CHALLENGER, a, 4)
                .add(Measures.PAIR_LABELS + CHALLENGER, b, 6)
                .add(Measures.PAIR_REFUSALS, 0, 6)
                .add(Measures.PAIR_REFUSALS, 1, 1)
                .add(Measures.PAIR_REFUSALS, 2, 3);

        assertThat(figure(tally, "pairs")).isEqualTo(20);
        assertThat(figure(tally, "pairs_compared")).isEqualTo(10);
        assertThat(figure(tally, "orphans_champion_only")).isEqualTo(6);
        assertThat(figure(tally, "orphans_challenger_only")).isEqualTo(4);
        assertThat(figure(tally, "ecr_at_1_share")).isEqualTo(0.5);
        assertThat(figure(tally, "agreement_share")).isEqualTo(0.8);
        assertThat(figure(tally, "agreement_strict_share")).isEqualTo(0.5);
        assertThat(figure(tally, "agreement_score_mean")).isEqualTo(0.85, EXACT);
        assertThat(figure(tally, "kappa")).isEqualTo((0.8 - 0.52) / 0.48, EXACT);
        assertThat(figure(tally, "pair_refusal_difference")).isEqualTo(0.2, EXACT);
    }

    @Test
    void kappaIsAbsentWithoutAllLabelsOrWithoutAnythingToTellApart() {
        Tally some = new Tally()
                .add(Measures.PAIRS, 0, 3)
                .add(Measures.PAIR_LABELS + CHAMPION, 7, 2)
                .add(Measures.PAIR_LABELS + CHALLENGER, 7, 2);
        Tally oneLabel = new Tally()
                .add(Measures.PAIRS, 0, 3)
                .add(Measures.PAIR_LABELS + CHAMPION, 7, 3)
                .add(Measures.PAIR_LABELS + CHALLENGER, 7, 3);

        assertThat(WindowFigures.of(some)).doesNotContainKey("kappa");
        assertThat(WindowFigures.of(oneLabel)).doesNotContainKey("kappa");
    }

    @Test
    void truthGivesAccuracyWinsAndCalibration() {
        Tally tally = new Tally()
                .add(Measures.TRUTH, 2 * CHALLENGER, 4)
                .add(Measures.TRUTH, 2 * CHALLENGER + 1, 3)
                .add(Measures.WINS, 0, 2)
                .add(Measures.WINS, 1, 3)
                .add(Measures.WINS, 2, 4)
                .add(Measures.WINS, 3, 1)
                // Two answers at 0.9 (one right), two at 0.5 (one right).
                .add(Measures.CALIBRATION, 4 * 13, 2)
                .add(Measures.CALIBRATION, 4 * 13 + 1, 1)
                .add(Measures.CALIBRATION, 4 * 13 + 2, 1_800_000_000L)
                .add(Measures.CALIBRATION, 4 * 7, 2)
                .add(Measures.CALIBRATION, 4 * 7 + 1, 1)
                .add(Measures.CALIBRATION, 4 * 7 + 2, 1_000_000_000L)
                .add(Measures.CALIBRATION_GAP, 2 * 180)
                .add(Measures.CALIBRATION_GAP, 2 * 180 + 1)
                .add(Measures.CALIBRATION_GAP, 2 * 100)
                .add(Measures.CALIBRATION_GAP, 2 * 100 + 1)
                .add(Measures.AGREEMENT_CALIBRATION, 0, 1)
                .add(Measures.AGREEMENT_CALIBRATION, 2, 50_000_000L);

        assertThat(figure(tally, "accuracy_challenger_share")).isEqualTo(0.75);
        assertThat(figure(tally, "wins_judged")).isEqualTo(10);
        assertThat(figure(tally, "win_share")).isEqualTo(0.45, EXACT);
        assertThat(figure(tally, "both_wrong_share")).isEqualTo(0.4, EXACT);
        assertThat(figure(tally, "ece_n")).isEqualTo(4);
        assertThat(figure(tally, "ece")).isEqualTo(0.2, EXACT);
        assertThat(figure(tally, "calibration_gap")).isEqualTo(0.2, EXACT);
        assertThat(figure(tally, "brier")).isEqualTo((0.81 + 0.01 + 0.25 + 0.25) / 4, within(0.005));
        assertThat(figure(tally, "agreement_ece_n")).isEqualTo(1);
        assertThat(figure(tally, "agreement_ece")).isEqualTo(0.05, EXACT);
    }

    @Test
    void percentilesComeFromCellsAndNeedEnoughOfThem() {
        Tally tally = new Tally();
        for (int i = 1; i <= 100; i++) {
            tally.add(Measures.USER_LATENCY, LogGrid.cell(i * 1000.0));
            tally.add(Measures.ARRIVAL, LogGrid.cell(i < 60 ? -5.0 : i));
        }
        for (int i = 0; i < 19; i++) {
            tally.add(Measures.ARM_LATENCY + CHAMPION, LogGrid.cell(10));
        }

        assertThat(figure(tally, "latency_user_p50_us")).isEqualTo(50_000, within(500.0));
        assertThat(figure(tally, "latency_user_p99_us")).isEqualTo(99_000, within(990.0));
        assertThat(figure(tally, "arrival_p50_ms")).isZero();
        assertThat(figure(tally, "arrival_p99_ms")).isEqualTo(99, within(1.0));
        assertThat(WindowFigures.of(tally))
                .doesNotContainKeys("latency_user_p999_us", "latency_champion_p50_us", "first_token_user_p50_us");
    }

    @Test
    void infiniteLatencyIsNoNumber() {
        Tally tally = new Tally().add(Measures.USER_LATENCY, LogGrid.POSITIVE_INFINITY, 30);

        assertThat(WindowFigures.of(tally)).doesNotContainKey("latency_user_p50_us");
    }

    /// Lengths up to 1,024 are exact, longer ones within 1 %; fractions stand behind integers on the grid, not here.
    @Test
    void outputLengthsAreReadInTheOrderOfTheirValues() {
        String measure = Measures.OUTPUT_LENGTH + CHALLENGER;
        Tally tally = new Tally()
                .add(measure, ValueGrid.cell(7), 9)
                .add(measure, ValueGrid.cell(2.5), 1)
                .add(measure, ValueGrid.cell(40), 8)
                .add(measure, ValueGrid.cell(5000), 2)
                .add(measure, ValueGrid.MISSING, 50);

        assertThat(figure(tally, "output_length_challenger_p50")).isEqualTo(7);
        assertThat(figure(tally, "output_length_challenger_p95")).isEqualTo(5000, within(50.0));
        tally.add(measure, ValueGrid.cell(7), -1);
        assertThat(WindowFigures.of(tally)).doesNotContainKey("output_length_challenger_p50");
    }

    @Test
    void costsSpeedAndFeedback() {
        Tally tally = new Tally()
                .add(Measures.USER_COST, 0, 900)
                .add(Measures.USER_COST, 1, 3)
                .add(Measures.ARM_COST, 2 * CHAMPION, 4_000)
                .add(Measures.ARM_COST, 2 * CHAMPION + 1, 4)
                .add(Measures.TOKENS, 4 * CHAMPION, 300)
                .add(Measures.TOKENS, 4 * CHAMPION + 1, 100)
                .add(Measures.TOKENS, 4 * CHAMPION + 2, 2)
                .add(Measures.TOKENS, 4 * CHAMPION + 3, 2_500_000)
                .add(Measures.THUMBS, 0, 3)
                .add(Measures.THUMBS, 1, 1)
                .add(Measures.SCORES, 0, 1_200_000)
                .add(Measures.SCORES, 1, 2);

        assertThat(figure(tally, "cost_per_request_nanos")).isEqualTo(300);
        assertThat(figure(tally, "cost_per_answer_champion_nanos")).isEqualTo(1000);
        assertThat(figure(tally, "cost_per_1000_tokens_champion_nanos")).isEqualTo(5000, EXACT);
        assertThat(figure(tally, "tokens_per_second_champion")).isEqualTo(40, EXACT);
        assertThat(figure(tally, "thumbs_up_share")).isEqualTo(0.75);
        assertThat(figure(tally, "user_score_mean")).isEqualTo(0.6, EXACT);
    }

    @Test
    void meansComeFromCells() {
        Tally tally = new Tally()
                .add(Measures.ENTROPY, LogGrid.cell(1.0), 1)
                .add(Measures.ENTROPY, LogGrid.ZERO, 1)
                .add(Measures.ENTROPY, LogGrid.MISSING, 9)
                .add(Measures.CONFIDENCE, UnitGrid.cell(0.25), 1)
                .add(Measures.CONFIDENCE, UnitGrid.cell(0.75), 1);

        assertThat(figure(tally, "entropy_mean")).isEqualTo(0.5, within(0.005));
        assertThat(figure(tally, "confidence_mean")).isEqualTo(0.5, within(1.0 / 2048));
    }

    @Test
    void bucketsThatNoCountingGivesSpoilTheirOwnFiguresOnly() {
        Tally tally = new Tally()
                .add(Measures.REQUESTS, 0, 2)
                .add(Measures.CONFIDENCE, UnitGrid.CELLS)
                .add(Measures.CALIBRATION, 1, 5)
                .add(Measures.USER_LATENCY, LogGrid.cell(10), -30);

        assertThat(WindowFigures.of(tally))
                .containsEntry("requests", 2.0)
                .doesNotContainKeys("confidence_mean", "ece", "ece_n", "latency_user_p50_us");
    }

    @Test
    void theStoredArrayHasAPlaceForEachName() {
        String[] places = WindowFigures.array(new Tally().add(Measures.REQUESTS, 0, 3))
                .replaceAll("[{}]", "")
                .split(",", -1);

        assertThat(places).hasSize(WindowFigures.names().size());
        assertThat(places[0]).isEqualTo("3.0");
        assertThat(places[1]).isEqualTo("0.0");
        assertThat(places[WindowFigures.names().indexOf("kappa")]).isEqualTo("NULL");
    }
}
