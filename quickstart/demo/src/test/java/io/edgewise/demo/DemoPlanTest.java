// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DemoPlanTest {
    @Test
    void goesFromShadowToEverythingWithinThreeMinutes() {
        DemoPlan plan = DemoPlan.at(1);

        assertThat(plan.stages().stream().map(PlannedStage::shareBp)).containsExactly(0, 100, 1_000, 10_000);
        assertThat(plan.shortest()).isEqualTo(Duration.ofSeconds(140)).isLessThan(Duration.ofMinutes(3));
    }

    @Test
    void speedShortensTimesAndNothingElse() {
        List<PlannedStage> usual = DemoPlan.at(1).stages();
        List<PlannedStage> fast = DemoPlan.at(4).stages();

        for (int i = 0; i < usual.size(); i++) {
            assertThat(fast.get(i).atLeast().multipliedBy(4))
                    .isEqualTo(usual.get(i).atLeast());
            assertThat(fast.get(i).observations()).isEqualTo(usual.get(i).observations());
            assertThat(fast.get(i).devices()).isEqualTo(usual.get(i).devices());
            assertThat(fast.get(i).gates()).isEqualTo(usual.get(i).gates());
        }
        assertThat(DemoPlan.at(4).guardrails()).isEqualTo(DemoPlan.at(1).guardrails());
    }

    @Test
    void asksEveryGuardrailAtEveryStageButLiveOnesNotInShadow() {
        DemoPlan plan = DemoPlan.at(1);
        List<String> all =
                plan.guardrails().stream().map(PlannedGuardrail::name).toList();

        assertThat(plan.stages().getFirst().gates().keySet()).doesNotContain("latency-p99", "cost");
        assertThat(plan.stages().stream().skip(1))
                .allSatisfy(stage -> assertThat(stage.gates().keySet()).containsExactlyInAnyOrderElementsOf(all));
        assertThat(plan.stages().get(2).gates()).containsEntry("latency-p99", "SAFE");
        assertThat(plan.stages()).allMatch(stage -> stage.atMost().compareTo(stage.atLeast()) > 0);
    }

    @Test
    void saysWhatItNeedsAtTheMeasuredRate() {
        assertThat(DemoPlan.at(1).needs(250))
                .containsExactly(
                        "shadow  at least 40 s, and 1,000 pairs from 30 devices: at 250/s after 4 s",
                        "1 %     at least 40 s, and 50 canary requests from 5 devices: at 2.5/s after 20 s",
                        "10 %    at least 1 min 00 s, and 500 canary requests from 20 devices: at 25/s after 20 s",
                        "100 %   at least 0 s, and 300 canary requests from 30 devices: at 250/s after 1 s");
        assertThat(DemoPlan.at(1).needs(0)).allMatch(line -> line.endsWith("no requests arrive"));
    }

    @Test
    void aScenarioEndsWellOnlyInItsOwnWay() {
        assertThat(endedWell(Scenario.PROMOTE, Ending.COMPLETED, 10_000)).isTrue();
        assertThat(endedWell(Scenario.PROMOTE, Ending.ROLLED_BACK, 100)).isFalse();
        assertThat(endedWell(Scenario.PROMOTE, Ending.UNDECIDED, 0)).isFalse();
        assertThat(endedWell(Scenario.BAD_QUANTIZATION, Ending.ROLLED_BACK, 0)).isTrue();
        assertThat(endedWell(Scenario.BAD_QUANTIZATION, Ending.ROLLED_BACK, 100))
                .isTrue();
        assertThat(endedWell(Scenario.BAD_QUANTIZATION, Ending.ROLLED_BACK, 1_000))
                .isFalse();
        assertThat(endedWell(Scenario.BAD_QUANTIZATION, Ending.COMPLETED, 10_000))
                .isFalse();
    }

    /// By the controller itself, for a breach.
    private static boolean endedWell(Scenario scenario, Ending ending, int highestShareBp) {
        String kind = ending.name().toLowerCase(Locale.ROOT);
        Decision last =
                new Decision(9, Instant.EPOCH, kind, "controller", 0, highestShareBp, "ended", List.of("agreement"));
        return scenario.endedWell(ending, highestShareBp, Optional.of(last));
    }
}
