// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FormatTest {
    @Test
    void sharesReadAsPerCent() {
        assertThat(Format.percent(0.875)).isEqualTo("87.5\u00a0%");
        assertThat(Format.percent(0.85)).isEqualTo("85\u00a0%");
        assertThat(Format.percent(0.0004)).isEqualTo("0.04\u00a0%");
        assertThat(Format.percent(0)).isEqualTo("0\u00a0%");
        assertThat(Format.percent(-0.0)).isEqualTo("0\u00a0%");
        assertThat(Format.percent(0.85 + 1e-12)).isEqualTo("85\u00a0%");
        assertThat(Format.share(10_000)).isEqualTo("100\u00a0%");
        assertThat(Format.share(50)).isEqualTo("0.5\u00a0%");
    }

    @Test
    void noDataIsNotANumber() {
        assertThat(Format.percent(OptionalDouble.empty())).isEqualTo("–");
        assertThat(Format.micros(OptionalDouble.empty())).isEqualTo("–");
        assertThat(Format.perThousand(OptionalDouble.empty())).isEqualTo("–");
    }

    @Test
    void latenciesTakeTheUnitThatFits() {
        assertThat(Format.micros(850)).isEqualTo("850\u00a0µs");
        assertThat(Format.micros(6_420)).isEqualTo("6.4\u00a0ms");
        assertThat(Format.micros(312_300)).isEqualTo("312\u00a0ms");
        assertThat(Format.micros(1_250_000)).isEqualTo("1.25\u00a0s");
    }

    @Test
    void numbersHaveThreeDigitsAndNoExponent() {
        assertThat(Format.plain(0.432)).isEqualTo("0.432");
        assertThat(Format.plain(0.1)).isEqualTo("0.1");
        assertThat(Format.plain(12.34)).isEqualTo("12.3");
        assertThat(Format.plain(123.4)).isEqualTo("123");
        assertThat(Format.plain(120)).isEqualTo("120");
        assertThat(Format.plain(12_345.6)).isEqualTo("12,346");
        assertThat(Format.plain(-6.2)).isEqualTo("-6.2");
        assertThat(Format.perThousand(11_020)).isEqualTo("0.011");
    }

    @Test
    void durationsShowTheTwoLargestUnits() {
        assertThat(Format.duration(Duration.ofSeconds(42))).isEqualTo("42\u00a0s");
        assertThat(Format.duration(Duration.ofSeconds(192))).isEqualTo("3\u00a0min 12\u00a0s");
        assertThat(Format.duration(Duration.ofHours(2))).isEqualTo("2\u00a0h");
        assertThat(Format.duration(Duration.ofHours(76))).isEqualTo("3\u00a0d 4\u00a0h");
        assertThat(Format.duration(Duration.ofSeconds(-5))).isEqualTo("0\u00a0s");
    }

    @Test
    void timesAreUtc() {
        Instant at = Instant.parse("2026-11-21T23:59:01Z");

        assertThat(Format.time(at)).isEqualTo("23:59:01");
        assertThat(Format.day(at)).isEqualTo("2026-11-21 23:59:01 UTC");
        assertThat(Format.minute(at.getEpochSecond() / 60)).isEqualTo("23:59");
        assertThat(Format.words("ROLLED_BACK")).isEqualTo("Rolled back");
    }
}
