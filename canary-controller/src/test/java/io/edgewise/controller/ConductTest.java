// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConductTest {
    @Test
    void aBlackoutOverMidnightBelongsToTheDayOnWhichItBegan() {
        Blackout friday = new Blackout(
                Set.of(DayOfWeek.FRIDAY), LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("Europe/Berlin"));

        assertThat(friday.covers(Instant.parse("2026-11-27T20:59:00Z"))).isFalse();
        assertThat(friday.covers(Instant.parse("2026-11-27T21:00:00Z"))).isTrue();
        assertThat(friday.covers(Instant.parse("2026-11-28T04:59:00Z"))).isTrue();
        assertThat(friday.covers(Instant.parse("2026-11-28T05:00:00Z"))).isFalse();
        assertThat(friday.covers(Instant.parse("2026-11-28T22:00:00Z"))).isFalse();
    }

    @Test
    void anOfflineSetPassesByItsLowerBoundAndFailsByItsUpperOne() {
        Conduct.Validation asked = new Conduct.Validation(100, 0.85);

        assertThat(OfflineSet.of(300, 285, asked).outcome()).isEqualTo(Outcome.SAFE);
        assertThat(OfflineSet.of(300, 210, asked).outcome()).isEqualTo(Outcome.BREACH);
        assertThat(OfflineSet.of(100, 88, asked).outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(OfflineSet.of(40, 40, asked).sentence()).contains("60 more examples are the least");
    }

    @Test
    void heldBackUsersStayInTheLastStageOnly() {
        Plan plan = PlanDefaults.plan("p", java.util.OptionalLong.empty());
        Plan held = new Plan(
                plan.name(),
                plan.stages(),
                plan.guardrails(),
                plan.terms(),
                plan.waivers(),
                plan.truth(),
                new Conduct(
                        java.util.Optional.empty(),
                        false,
                        java.util.Optional.empty(),
                        java.util.List.of(),
                        Exposure.UNLIMITED,
                        new java.util.TreeMap<>(),
                        0,
                        100,
                        false,
                        0));

        assertThat(held.shareBp(2)).isEqualTo(1_000);
        assertThat(held.shareBp(3)).isEqualTo(9_900);
        assertThat(held.hash()).isNotEqualTo(plan.hash());
    }
}
