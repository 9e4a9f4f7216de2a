// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void aSlowDatabaseIsAskedLessOftenWithinLimits() {
        assertThat(FlushPace.pauseAfter(20, 20, 250)).isEqualTo(250);
        assertThat(FlushPace.pauseAfter(60, 60, 250)).isEqualTo(480);
        assertThat(FlushPace.pauseAfter(150, 150, 250)).isEqualTo(600);
        assertThat(FlushPace.pauseAfter(400, 150, 250)).isEqualTo(600);
        assertThat(FlushPace.pauseAfter(400, 350, 250)).isEqualTo(700);
        assertThat(FlushPace.pauseAfter(30_000, 30_000, 250)).isEqualTo(2_000);
        assertThat(FlushPace.pauseAfter(30_000, 30_000, 5_000)).isEqualTo(5_000);
    }

    @Test
    void aFewSlowFlushesHoldBackNoCountsFourInARowDo() {
        FlushPace pace = new FlushPace(250);
        for (long took : new long[] {30, 900, 800, 700, 90, 900, 800, 700}) {
            pace.began(1_000);
            pace.took(took);
            assertThat(pace.isDue(1_599)).as("after %s", took).isEqualTo(took == 30);
            assertThat(pace.isDue(1_600)).as("after %s", took).isTrue();
        }
        pace.began(1_000);
        pace.took(750);
        assertThat(pace.isDue(2_399)).isFalse();
        assertThat(pace.isDue(2_400)).isTrue();
    }

    @Test
    void keepersThatAreFarBehindGetFewerAndFullerParts() {
        FlushPace pace = new FlushPace(250);
        for (long lag : new long[] {29_999, 30_000, 29_999}) {
            pace.keeperLags(lag);
            pace.began(1_000);
            pace.took(20);
            assertThat(pace.isDue(1_250)).as("%s ms behind", lag).isEqualTo(lag < 30_000);
            assertThat(pace.isDue(3_000)).as("%s ms behind", lag).isTrue();
        }
    }

    @Test
    void aLoopThatHangsIsNotHealthy() {
        assertThat(EvaluatorRole.health(60_000).up()).isTrue();
        assertThat(EvaluatorRole.health(60_001).up()).isFalse();
        assertThat(EvaluatorRole.health(60_001).detail()).contains("PT1M0.001S");
    }
}
