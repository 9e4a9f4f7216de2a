// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.RolloutId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private final Pace pace = new Pace(500, 10_000, 1_000);

    @Test
    void whatIsHeardOfIsLookedAtSoonAndSilenceIsLookedAtEverMoreSeldom() {
        Rollout rollout = rollout(NOW.minus(Duration.ofHours(1)), new Phase.Shadow());
        assertThat(wait(rollout, NOW.minusSeconds(1), false)).isEqualTo(500);
        assertThat(wait(rollout, NOW.minusSeconds(40), false)).isEqualTo(5_000);
        assertThat(wait(rollout, Instant.EPOCH, false)).isEqualTo(10_000);
    }

    @Test
    void alarmAndANewStageAreLookedAtSoonInAnySilence() {
        assertThat(wait(rollout(NOW.minus(Duration.ofHours(1)), new Phase.Shadow()), Instant.EPOCH, true))
                .isEqualTo(500);
        assertThat(wait(rollout(NOW.minusSeconds(1), new Phase.Canary(1)), Instant.EPOCH, false))
                .isEqualTo(500);
    }

    @Test
    void aClockThatIsAheadIsHeardNow() {
        Rollout rollout = rollout(NOW.minus(Duration.ofHours(1)), new Phase.Shadow());
        assertThat(wait(rollout, NOW.plusSeconds(3_600), false)).isEqualTo(500);
    }

    @Test
    void aDraftWaitsForAPerson() {
        assertThat(wait(rollout(NOW, new Phase.Draft()), NOW, false))
                .isEqualTo(Duration.ofHours(1).toMillis());
    }

    @Test
    void whatIsShownIsWrittenAnewWhereSomethingWasHeardAndSeldomWhereNot() {
        assertThat(pace.shows(NOW.minusMillis(900), NOW, NOW)).isFalse();
        assertThat(pace.shows(NOW.minusMillis(1_000), NOW.minusSeconds(3), NOW)).isTrue();
        assertThat(pace.shows(NOW.minusSeconds(8), NOW.minusSeconds(60), NOW)).isFalse();
        assertThat(pace.shows(NOW.minusSeconds(10), Instant.EPOCH, NOW)).isTrue();
    }

    @Test
    void whatIsShownIsComputedWhenAskedForAndOnce() {
        AtomicInteger times = new AtomicInteger();
        Lazy<Integer> lazy = Lazy.of(times::incrementAndGet);
        assertThat(times).hasValue(0);
        assertThat(lazy.get()).isEqualTo(1);
        assertThat(lazy.get()).isEqualTo(1);
        assertThat(lazy).isEqualTo(Lazy.known(1)).hasSameHashCodeAs(Lazy.known(1));
    }

    private long wait(Rollout rollout, Instant heard, boolean alarm) {
        return Duration.between(NOW, pace.next(rollout, heard, alarm, NOW)).toMillis();
    }

    private static Rollout rollout(Instant since, Phase phase) {
        Rollout.Identity identity = new Rollout.Identity(
                new RolloutId("01ARZ3NDEKTSV4RRFFQ69G5FAV"),
                "default",
                "timer",
                new Model.Frontier("cloud"),
                new Model.Build("int4", Map.of("any", "a".repeat(64))),
                since);
        return new Rollout(
                identity, phase, new Rollout.Times(since, since, since, since), new Rollout.Lease(0, since), Map.of());
    }
}
