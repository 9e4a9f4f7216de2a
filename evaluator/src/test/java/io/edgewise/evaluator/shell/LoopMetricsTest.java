// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.LaneTotals;
import io.edgewise.testkit.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoopMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MutableClock clock = new MutableClock(Instant.ofEpochMilli(1_760_000_000_000L));
    private final LoopStats stats = new LoopStats();

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private LoopState state(LaneTotals accounts) {
        return new LoopState(100, 27, 1, Map.of(Inlet.OBSERVATIONS, 12L), clock.millis() - 1_500, accounts, 40, 9_000);
    }

    @Test
    void whatNobodyLookedAtYetHasNoValue() {
        try (LoopMetrics metrics = new LoopMetrics(registry, stats, clock).bind()) {
            assertThat(metrics).isNotNull();
            assertThat(gauge("edgewise.accounting.imbalance")).isNaN();
            assertThat(gauge("edgewise.evaluator.freshness")).isNaN();
        }
    }

    @Test
    void gaugesSayHowPartitionsStandAndFreshnessGrowsWhileTheLoopStands() {
        stats.state(state(new LaneTotals(10, 1, 1, 1, 5, 3, 2, 21)));
        try (LoopMetrics metrics = new LoopMetrics(registry, stats, clock).bind()) {
            assertThat(metrics).isNotNull();
            clock.advance(Duration.ofSeconds(2));

            assertThat(gauge("edgewise.evaluator.freshness")).isEqualTo(3.5);
            assertThat(gauge("edgewise.accounting.imbalance")).isEqualTo(1);
            assertThat(gauge("edgewise.evaluator.lost.records")).isEqualTo(5);
            assertThat(gauge("edgewise.evaluator.open.gaps")).isEqualTo(2);
            assertThat(gauge("edgewise.evaluator.partitions", "state", "stopped"))
                    .isEqualTo(1);
            assertThat(gauge("edgewise.lag", "topic", Inlet.OBSERVATIONS.topic()))
                    .isEqualTo(12);
            assertThat(gauge("edgewise.lag", "topic", Inlet.FEEDBACK.topic())).isZero();
        }
    }

    @Test
    void countersThatComeLaterAreShownToo() {
        stats.counted(Map.of("dead_letter.range", 2L, "late", 1L));
        try (LoopMetrics metrics = new LoopMetrics(registry, stats, clock).bind()) {
            assertThat(metrics).isNotNull();
            stats.counted(Map.of("dead_letter.decode", 3L, "late", 4L));

            assertThat(registry.get("edgewise.evaluator.dead.letter.reasons").functionCounters())
                    .extracting(each -> each.getId().getTag("code") + '=' + (int) each.count())
                    .containsExactlyInAnyOrder("range=2", "decode=3");
            assertThat(registry.get("edgewise.evaluator.late").functionCounter().count())
                    .isEqualTo(5);
            assertThat(registry.get("edgewise.evaluator.slice.other")
                            .functionCounter()
                            .count())
                    .isZero();
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void whatNeedsAnOperatorsEyesIsSaidInWords() {
        assertThat(state(new LaneTotals(10, 0, 0, 0, 0, 0, 0, 10)).alarm()).isEmpty();
        assertThat(state(new LaneTotals(10, 0, 0, 0, 5, 0, 0, 16)).alarm())
                .contains("out by 1")
                .contains("5 sequences never came");
    }
}
