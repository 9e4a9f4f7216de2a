// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.statistics.planning.SimulatedDelay.Runs;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelaysTest {
    private static final long SEED = 20_261_121;
    private static final Law GOOD = Law.binary(0.05);

    @Test
    void horizonsAreTenSecondBlocksAndTheirThresholds() {
        assertThat(Horizon.HOUR.blocks()).isEqualTo(360);
        assertThat(Horizon.DAY.blocks()).isEqualTo(8_640);
        assertThat(Horizon.FORTNIGHT.blocks()).isEqualTo(120_960);
        assertThat(Horizon.FORTNIGHT.logThreshold(1 / 8.0, 0.01)).isCloseTo(18.89, within(0.005));
        assertThat(Horizon.logThreshold(360, 1, 0.01, 3) - Horizon.logThreshold(360, 1, 0.01))
                .isCloseTo(Math.log(9), within(1e-12));
        double spent = 0;
        for (int process = 1; process <= 2_000; process++) {
            spent += 360 / Math.exp(Horizon.logThreshold(360, 0.5, 0.01, process));
        }
        assertThat(spent).as("of all processes together").isBetween(0.00499, 0.005);
        assertThatThrownBy(() -> Horizon.logThreshold(360, 1, 0.01, 0)).hasMessageContaining("no share 0");
        assertThatThrownBy(() -> Horizon.logThreshold(0, 1, 0.01)).hasMessageContaining("0 blocks");
        assertThatThrownBy(() -> Horizon.HOUR.logThreshold(2, 0.01)).hasMessageContaining("weight 2.0");
        assertThatThrownBy(() -> Horizon.HOUR.logThreshold(1, 0)).hasMessageContaining("alpha 0.0");
    }

    /// The known figures: 14 days, 200 pairs/s, 8 guardrails at 1 %, floor 0.92.
    @ParameterizedTest
    @CsvSource({"0.15, 817", "0.12, 2215", "0.20, 320"})
    void fourteenDaysAsPublished(double disagreement, int published) {
        Goal goal = fortnight();
        Law truth = Law.binary(disagreement);
        OptionalLong simulated = SimulatedDelay.of(goal, GOOD, truth, new Runs(SEED, 500, 50_000))
                .median();
        OptionalLong expected = ExpectedDelay.of(goal, truth).median();

        assertThat(simulated.orElseThrow()).isBetween(published * 3L / 4, published * 5L / 4);
        assertThat(expected.orElseThrow()).isBetween(published * 3L / 4, published * 5L / 4);
    }

    @Test
    void theWrongSideOfTheLimitIsNeverShown() {
        Goal safe = Goal.safe(0.05, new MeanTest(Purpose.SAFE, Side.BELOW, 0.08, 0, 1));

        assertThat(ExpectedDelay.of(safe, Law.binary(0.08))).isEqualTo(Delay.NEVER);
        assertThat(ExpectedDelay.of(safe, Law.binary(0.2))).isEqualTo(Delay.NEVER);
        assertThat(ExpectedDelay.of(fortnight(), Law.binary(0.07))).isEqualTo(Delay.NEVER);
        assertThat(SimulatedDelay.of(safe, GOOD, Law.binary(0.2), new Runs(SEED, 50, 1_000)))
                .isEqualTo(Delay.NEVER);
        assertThat(SimulatedDelay.of(fortnight(), GOOD, Law.binary(0.07), new Runs(SEED, 20, 5_000)))
                .isEqualTo(Delay.NEVER);
    }

    @Test
    void aCleanStreamTakesWhatItMustWithoutChance() {
        Goal safe = Goal.safe(0.05, new MeanTest(Purpose.SAFE, Side.BELOW, 0.01, 0, 1));
        Delay simulated = SimulatedDelay.of(safe, GOOD, Law.binary(0), new Runs(SEED, 20, 1_000));

        assertThat(simulated.median().orElseThrow()).isBetween(299L, 375L);
        assertThat(ExpectedDelay.of(safe, Law.binary(0))).isEqualTo(simulated);
        assertThat(simulated.p90()).isEqualTo(simulated.median());
    }

    @Test
    void largerEffectsAreShownSoonerAndLongerPlansLater() {
        long last = Long.MAX_VALUE;
        for (double truth = 0.09; truth < 0.5; truth += 0.01) {
            long median =
                    ExpectedDelay.of(fortnight(), Law.binary(truth)).median().orElseThrow();
            assertThat(median).isLessThanOrEqualTo(last);
            last = median;
        }
        MeanTest test = new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1);
        assertThat(ExpectedDelay.of(Goal.breach(12.6, 2_000, test), Law.binary(0.15))
                        .median()
                        .orElseThrow())
                .isLessThan(
                        ExpectedDelay.of(fortnight(), Law.binary(0.15)).median().orElseThrow());
    }

    /// SAFE of a gap that may have either sign needs both sides, BREACH either.
    @Test
    void twoSidesNeedTheSlowerForSafeAndTheFasterForBreach() {
        Goal safe = Goal.safe(0.05, Guardrail.CALIBRATION.tests(Purpose.SAFE));
        Goal one = Goal.safe(0.05, Guardrail.CALIBRATION.tests(Purpose.SAFE)[0]);
        Law leaning = Guardrail.CALIBRATION.law(0.03);
        assertThat(ExpectedDelay.of(safe, leaning)).isEqualTo(ExpectedDelay.of(one, leaning));
        assertThat(ExpectedDelay.of(safe, Guardrail.CALIBRATION.law(0.06))).isEqualTo(Delay.NEVER);

        Goal breach = Goal.breach(10, 100, Guardrail.CALIBRATION.tests(Purpose.BREACH));
        for (double gap : new double[] {-0.15, 0.15}) {
            Law truth = Guardrail.CALIBRATION.law(gap);
            long expected = ExpectedDelay.of(breach, truth).median().orElseThrow();
            long simulated = SimulatedDelay.of(breach, Guardrail.CALIBRATION.law(0), truth, new Runs(SEED, 300, 9_999))
                    .median()
                    .orElseThrow();
            assertThat(expected).as("gap %s", gap).isBetween(simulated * 3 / 4, simulated * 5 / 4);
        }
    }

    @Test
    void tablesHoldEveryGuardrailAndPlanClass() {
        List<DelayTables.Row> rows = DelayTables.compute(SEED, 5);

        assertThat(rows).hasSize(174);
        assertThat(rows.stream().map(row -> row.question().guardrail()).distinct())
                .containsExactly(Guardrail.values());
        assertThat(rows.stream()
                        .flatMap(row -> row.question().horizon().stream())
                        .distinct())
                .containsExactly(Horizon.values());
        assertThat(rows).isEqualTo(DelayTables.compute(SEED, 5));
    }

    @Test
    void isAFunctionOfItsArguments() {
        Runs runs = new Runs(SEED, 30, 5_000);
        assertThat(SimulatedDelay.of(fortnight(), GOOD, Law.binary(0.2), runs))
                .isEqualTo(SimulatedDelay.of(fortnight(), GOOD, Law.binary(0.2), runs));
    }

    @Test
    void refusesWhatIsNoGoal() {
        MeanTest breach = new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1);
        assertThatThrownBy(() -> Goal.safe(0.05, breach)).hasMessageContaining("all made for that purpose");
        assertThatThrownBy(() -> Goal.safe(0.05)).hasMessageContaining("at least one");
        assertThatThrownBy(() -> Goal.safe(1, breach)).hasMessageContaining("alpha 1.0");
        assertThatThrownBy(() -> Goal.breach(0, 10, breach)).hasMessageContaining("ln threshold 0.0");
        assertThatThrownBy(() -> Goal.breach(5, 0, breach)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new Runs(1, 0, 5)).hasMessageContaining("0 runs");
    }

    /// Every row of the tables: all verdicts are reached, and the approximation is at most a quarter off
    /// for BREACH; for SAFE, whose threshold is low, it may say up to three quarters more than is needed,
    /// and at most 30 % less.
    @Tag("slow")
    @Test
    void theApproximationIsGoodOnAllTables() {
        for (DelayTables.Row row : DelayTables.compute(SEED, 1_000)) {
            long median = row.simulated().median().orElseThrow();
            long expected = row.expected().median().orElseThrow();
            boolean safe = row.question().shows() == Purpose.SAFE;

            assertThat(expected).as("%s", row).isBetween((long) (median * (safe ? 0.7 : 0.75)), (long)
                    StrictMath.ceil(median * (safe ? 1.75 : 1.25)));
            assertThat(row.simulated().p90().orElseThrow()).isGreaterThanOrEqualTo(median);
        }
    }

    private static Goal fortnight() {
        return Goal.breach(
                Math.log(Horizon.FORTNIGHT.blocks() * 8 / 0.01),
                2_000,
                new MeanTest(Purpose.BREACH, Side.ABOVE, 0.08, 0, 1));
    }
}
