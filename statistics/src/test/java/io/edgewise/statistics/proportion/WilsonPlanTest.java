// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WilsonPlanTest {
    /// The planned number has about the planned power, counted exactly.
    @ParameterizedTest
    @CsvSource({"0.85, 0.90, 0.8", "0.85, 0.88, 0.8", "0.5, 0.6, 0.9", "0.92, 0.95, 0.8", "0.2, 0.25, 0.95"})
    void thePlannedNumberHasThePlannedPower(double floor, double truth, double power) {
        WilsonPlan plan = new WilsonPlan(floor, truth, 0.05);
        long n = plan.observations(power).orElseThrow();

        assertThat(plan.power(n)).isBetween(power - 0.03, power + 0.03);
        assertThat(plan.power(2 * n)).isGreaterThan(plan.power(n));
    }

    @Test
    void theFewestEventsAreThoseWhoseBoundExceedsTheFloor() {
        WilsonPlan plan = new WilsonPlan(0.85, 0.9, 0.05);
        for (int n = 0; n < 400; n++) {
            long fewest = plan.fewestEvents(n);
            if (fewest <= n) {
                assertThat(new Proportion(fewest, n).wilsonLower(0.05))
                        .as("n %d", n)
                        .isGreaterThan(0.85);
            }
            if (fewest > 0) {
                assertThat(new Proportion(fewest - 1, n).wilsonLower(0.05))
                        .as("n %d", n)
                        .isLessThanOrEqualTo(0.85);
            }
        }
        assertThat(plan.fewestEvents(10)).isEqualTo(11);
        assertThat(plan.power(10)).isZero();
    }

    @Test
    void noNumberProvesWhatIsNotTrue() {
        assertThat(new WilsonPlan(0.85, 0.85, 0.05).observations(0.8)).isEmpty();
        assertThat(new WilsonPlan(0.85, 0.80, 0.05).observations(0.8)).isEmpty();
    }

    @Test
    void moreIsNeededForMore() {
        WilsonPlan plan = new WilsonPlan(0.85, 0.9, 0.05);
        long n = plan.observations(0.8).orElseThrow();

        assertThat(plan.observations(0.9).orElseThrow()).isGreaterThan(n);
        assertThat(new WilsonPlan(0.86, 0.9, 0.05).observations(0.8).orElseThrow())
                .isGreaterThan(n);
        assertThat(new WilsonPlan(0.85, 0.9, 0.01).observations(0.8).orElseThrow())
                .isGreaterThan(n);
        assertThat(plan.observations(1e-6).orElseThrow()).isEqualTo(1);
    }

    @Test
    void refusesWhatIsNoShare() {
        assertThatThrownBy(() -> new WilsonPlan(85, 90, 0.05)).hasMessageStartingWith("WilsonPlan: floor 85.0");
        assertThatThrownBy(() -> new WilsonPlan(0.85, Double.NaN, 0.05)).hasMessageContaining("truth NaN");
        assertThatThrownBy(() -> new WilsonPlan(0.85, 0.9, 0)).hasMessageContaining("alpha 0.0");
        assertThatThrownBy(() -> new WilsonPlan(0.85, 0.9, 0.05).observations(80))
                .hasMessageStartingWith("WilsonPlan: power 80.0");
    }
}
