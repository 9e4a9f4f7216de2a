// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
    private static final CountedObservations COUNTED = new CountedObservations(45_678, 0, 0, 0, 0, 12, 0, 0, 11_400);

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
        assertThat(summary(Ending.COMPLETED, new Reconciliation(45_678, 11_400, COUNTED))
                        .isGood())
                .isTrue();
        assertThat(summary(Ending.COMPLETED, new Reconciliation(45_679, 11_400, COUNTED))
                        .isGood())
                .isFalse();
        assertThat(summary(Ending.COMPLETED, new Reconciliation(45_678, 11_401, COUNTED))
                        .isGood())
                .isFalse();
        assertThat(summary(Ending.ROLLED_BACK, new Reconciliation(45_678, 11_400, COUNTED))
                        .isGood())
                .isFalse();
    }

    @Test
    void saysOutcomeStagesAndAccounts() {
        assertThat(String.join(
                        "\n",
                        summary(Ending.COMPLETED, new Reconciliation(45_678, 11_400, COUNTED))
                                .lines()))
                .isEqualTo("""

                        Outcome    completed after 2 min 22 s (as it should be)

                          entered after     share    stayed  decision
                                    0 s       0 %      41 s  began in shadow
                                   41 s       1 %      40 s  promoted to 1 %
                             1 min 21 s     100 %  1 min 01 s  promoted to 100 %
                             2 min 22 s     100 %       0 s  completed

                        Requests   45,690 sent, 12 failed
                        Accounts   observations recorded on devices 45,678 = counted 45,678
                                   feedback sent 11,400 = counted 11,400
                                   duplicates 12 (counted once), late 0, dropped 0, rejected 0, lost 0
                        Console    http://127.0.0.1:8080/
                                   simulated network, demo price card; models, utterances and statistics are real""");
    }

    @Test
    void neverHidesADifference() {
        assertThat(summary(Ending.COMPLETED, new Reconciliation(45_680, 11_400, COUNTED))
                        .lines())
                .anyMatch(line -> line.contains("45,680 ≠ counted 45,678 (difference -2)"))
                .anyMatch(line -> line.contains("differ: this is a fault"));
    }

    @Test
    void isNotExactWhileGapsAreOpenOrTheAccountsDoNotClose() {
        CountedObservations gap = new CountedObservations(10, 0, 0, 0, 0, 0, 1, 0, 0);
        CountedObservations imbalance = new CountedObservations(10, 0, 0, 0, 0, 0, 0, 1, 0);
        CountedObservations lost = new CountedObservations(9, 0, 0, 0, 1, 0, 0, 0, 0);
        CountedObservations twice = new CountedObservations(11, 0, 0, 0, 0, 0, 0, 0, 0);
        CountedObservations dropped = new CountedObservations(9, 0, 0, 1, 0, 0, 0, 0, 0);

        for (CountedObservations wrong : List.of(gap, imbalance, lost, twice)) {
            assertThat(new Reconciliation(10, 0, wrong).isExact()).isFalse();
        }
        assertThat(new Reconciliation(10, 0, dropped).isExact()).isTrue();
        assertThat(new Reconciliation(10, 0, lost).isComplete()).isTrue();
        assertThat(new Reconciliation(11, 0, dropped).isComplete()).isFalse();
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
                        new Decision(5, BEGUN.plusSeconds(142), "completed", 3, 10_000, "completed")),
                BEGUN,
                BEGUN.plusSeconds(142));
    }

    private static Decision decision(long number, long second, int stage, int shareBp, String sentence) {
        return new Decision(number, BEGUN.plusSeconds(second), "promoted", stage, shareBp, sentence);
    }

    private static Summary summary(Ending ending, Reconciliation accounts) {
        return new Summary(
                Scenario.PROMOTE,
                ending,
                Duration.ofSeconds(142),
                passages(),
                new FleetFigures(45_690, 12, 0, 45_678, 11_400, 0, 0),
                accounts,
                "http://127.0.0.1:8080/");
    }
}
