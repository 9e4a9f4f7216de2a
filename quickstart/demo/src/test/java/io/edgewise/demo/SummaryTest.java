// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
    private static final CountedObservations COUNTED = new CountedObservations(45_678, 0, 0, 0, 0, 12, 0, 0, 11_400);
    private static final Reconciliation EXACT =
            new Reconciliation(new FleetFigures(45_678, 12, 0, 11_400, 45_678, 11_400, 0, 0), COUNTED);

    @Test
    void tellsTheStagesFromTheDecisionLog() {
        List<Passage> passages = passages();

        assertThat(passages).hasSize(4);
        assertThat(passages.get(1))
                .isEqualTo(new Passage(1, 100, Duration.ofSeconds(41), Duration.ofSeconds(40), "promoted to 1 %"));
        assertThat(Passage.highestShareBp(passages)).isEqualTo(10_000);
        assertThat(Passage.of(List.of(), BEGUN, BEGUN)).isEmpty();
    }

    @Test
    void isGoodWhenTheScenarioEndedAsPromisedAndTheBooksBalance() {
        assertThat(summary(Ending.COMPLETED, EXACT).isGood()).isTrue();
        assertThat(summary(Ending.ROLLED_BACK, EXACT).isGood()).isFalse();
    }

    @Test
    void isNotGoodWhenSentRecordedAndCountedAreNotTheSame() {
        for (FleetFigures wrong : List.of(
                new FleetFigures(45_679, 12, 0, 11_400, 45_678, 11_400, 0, 0),
                new FleetFigures(45_679, 12, 0, 11_400, 45_679, 11_400, 0, 0),
                new FleetFigures(45_678, 12, 0, 11_401, 45_678, 11_400, 0, 0),
                new FleetFigures(45_678, 12, 0, 11_401, 45_678, 11_401, 0, 0),
                new FleetFigures(45_678, 12, 0, 11_400, 45_678, 11_400, 0, 1))) {
            assertThat(summary(Ending.COMPLETED, new Reconciliation(wrong, COUNTED))
                            .isGood())
                    .as(wrong.toString())
                    .isFalse();
        }
    }

    @Test
    void promotesOnlyByTheControllersOwnCompletion() {
        assertThat(Scenario.PROMOTE.endedWell(Ending.COMPLETED, 10_000, Optional.of(last("completed", "controller"))))
                .isTrue();
        assertThat(Scenario.PROMOTE.endedWell(Ending.COMPLETED, 10_000, Optional.of(last("overridden", "ann"))))
                .isFalse();
        assertThat(Scenario.PROMOTE.endedWell(Ending.COMPLETED, 10_000, Optional.empty()))
                .isFalse();
    }

    @Test
    void rollsBackOnlyByTheControllerAndForABreach() {
        assertThat(rolledBack(last("rolled_back", "controller", "agreement"))).isTrue();
        assertThat(rolledBack(last("rolled_back", "controller"))).isFalse();
        assertThat(rolledBack(last("rolled_back", "ann", "agreement"))).isFalse();
        assertThat(rolledBack(last("aborted", "controller", "agreement"))).isFalse();
    }

    @Test
    void whatDevicesConfirmAfterARollBackIsNotItsDecision() {
        Decision back = last("rolled_back", "controller", "agreement");

        assertThat(Decision.last(List.of(back, last("confirmed", "controller"))))
                .contains(back);
        assertThat(Decision.last(List.of())).isEmpty();
    }

    @Test
    void saysOutcomeStagesAndAccounts() {
        assertThat(String.join("\n", summary(Ending.COMPLETED, EXACT).lines())).isEqualTo("""

                        Outcome    completed after 2 min 22 s (as it should be)

                          entered after     share    stayed  decision
                                    0 s       0 %      41 s  began in shadow
                                   41 s       1 %      40 s  promoted to 1 %
                             1 min 21 s     100 %  1 min 01 s  promoted to 100 %
                             2 min 22 s     100 %       0 s  completed

                        Requests   45,678 sent, 12 failed
                        Accounts   requests sent 45,678 = recorded 45,678 = counted 45,678
                                   truths told 11,400 = recorded 11,400 = counted 11,400
                                   duplicates 12 (counted once), late 0, dropped 0, rejected 0, lost 0
                        Console    http://127.0.0.1:8080/
                                   simulated network, demo price card; models, utterances and statistics are real""");
    }

    @Test
    void neverHidesADifference() {
        assertThat(summary(Ending.COMPLETED, sent(45_680, 45_679, COUNTED)).lines())
                .anyMatch(line ->
                        line.contains("45,680 ≠ recorded 45,679 (difference -1) ≠ counted 45,678 (difference -1)"))
                .anyMatch(line -> line.contains("differ: this is a fault"));
    }

    @Test
    void isNotExactWhileGapsAreOpenOrTheAccountsDoNotClose() {
        CountedObservations gap = new CountedObservations(10, 0, 0, 0, 0, 0, 1, 0, 0);
        CountedObservations imbalance = new CountedObservations(10, 0, 0, 0, 0, 0, 0, 1, 0);
        CountedObservations lost = new CountedObservations(9, 0, 0, 0, 1, 0, 0, 0, 0);
        CountedObservations twice = new CountedObservations(11, 0, 0, 0, 0, 0, 0, 0, 0);
        CountedObservations dropped = new CountedObservations(9, 0, 0, 1, 0, 0, 0, 0, 0);

        for (CountedObservations wrong : List.of(gap, imbalance, lost, twice, dropped)) {
            assertThat(sent(10, 10, wrong).isExact()).isFalse();
        }
        assertThat(sent(10, 10, dropped).isExact()).isFalse();
        assertThat(sent(10, 10, dropped).isComplete()).isTrue();
        assertThat(sent(11, 10, dropped).isComplete()).isFalse();
        assertThat(sent(10, 10, lost).isComplete()).isTrue();
        assertThat(sent(11, 11, dropped).isComplete()).isFalse();
    }

    @Test
    void countsSinceABeginning() {
        CountedObservations since = new CountedObservations(110, 1, 2, 3, 4, 5, 0, 0, 60)
                .since(new CountedObservations(100, 1, 1, 1, 1, 1, 0, 0, 50));

        assertThat(since).isEqualTo(new CountedObservations(10, 0, 1, 2, 3, 4, 0, 0, 10));
    }

    private static List<Passage> passages() {
        return Passage.of(
                List.of(
                        decision(1, 0, 0, 0, "began in shadow"),
                        decision(2, 20, 0, 0, "agreement is SAFE"),
                        decision(3, 41, 1, 100, "promoted to 1 %"),
                        decision(4, 81, 3, 10_000, "promoted to 100 %"),
                        new Decision(
                                5,
                                BEGUN.plusSeconds(142),
                                "completed",
                                "controller",
                                3,
                                10_000,
                                "completed",
                                List.of())),
                BEGUN,
                BEGUN.plusSeconds(142));
    }

    private static Decision decision(long number, long second, int stage, int shareBp, String sentence) {
        return new Decision(
                number, BEGUN.plusSeconds(second), "promoted", "controller", stage, shareBp, sentence, List.of());
    }

    private static Decision last(String kind, String actor, String... breached) {
        return new Decision(6, BEGUN.plusSeconds(142), kind, actor, 3, 10_000, "ended", List.of(breached));
    }

    private static boolean rolledBack(Decision last) {
        return Scenario.BAD_QUANTIZATION.endedWell(Ending.ROLLED_BACK, 100, Optional.of(last));
    }

    private static Reconciliation sent(long requests, long recorded, CountedObservations counted) {
        return new Reconciliation(
                new FleetFigures(requests, 0, 0, counted.feedback(), recorded, counted.feedback(), 0, 0), counted);
    }

    private static Summary summary(Ending ending, Reconciliation accounts) {
        return new Summary(
                Scenario.PROMOTE,
                ending,
                Duration.ofSeconds(142),
                passages(),
                Optional.of(last("completed", "controller")),
                accounts,
                "http://127.0.0.1:8080/");
    }
}
