// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.testkit.SeededCases;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptTableTest {
    private static long minute(String instant) {
        return Instant.parse(instant).getEpochSecond() / 60;
    }

    @Test
    void partitionsAreDaysThirtyDaysAndYears() {
        long minute = minute("2026-11-21T13:45:00Z");

        assertThat(KeptTable.WINDOW_MINUTE.part(minute))
                .isEqualTo(new KeptTable.Part(
                        "window_minute_20261121", minute("2026-11-21T00:00:00Z"), minute("2026-11-22T00:00:00Z")));
        assertThat(KeptTable.WINDOW_HOUR.part(minute))
                .isEqualTo(new KeptTable.Part(
                        "window_hour_20261103", minute("2026-11-03T00:00:00Z"), minute("2026-12-03T00:00:00Z")));
        assertThat(KeptTable.WINDOW_DAY.part(minute))
                .isEqualTo(new KeptTable.Part(
                        "window_day_2026", minute("2026-01-01T00:00:00Z"), minute("2027-01-01T00:00:00Z")));
    }

    @Test
    void partitionsCoverAllTimeOnceAndAreKnownByTheirNames() {
        SeededCases.forAll(200, random -> {
            long minute = random.nextLong(0, 120L * 366 * 1440);
            for (KeptTable table : KeptTable.values()) {
                KeptTable.Part part = table.part(minute);
                assertThat(minute).isBetween(part.from(), part.to() - 1);
                assertThat(table.part(part.from())).isEqualTo(part);
                assertThat(table.part(part.to() - 1)).isEqualTo(part);
                assertThat(table.part(part.to()).from()).isEqualTo(part.to());
                assertThat(table.named(part.name())).contains(part);
                // Marks of a coarser window never lie in two partitions of the finer one.
                table.level()
                        .flatMap(Level::above)
                        .ifPresent(above -> assertThat(above.start(part.from())).isEqualTo(part.from()));
            }
        });
    }

    @Test
    void otherNamesAreNoPartitions() {
        for (String name : new String[] {"window_minute_x", "window_minute_20261399", "window_hour_20261121", "lane"}) {
            for (KeptTable table : KeptTable.values()) {
                assertThat(table.named(name)).isEmpty();
            }
        }
        assertThat(KeptTable.WINDOW_DAY.named("window_day_99999999999")).isEmpty();
    }

    @Test
    void aLevelIsFoundByItsWordAndHoldsTheOnesBelow() {
        for (Level level : Level.values()) {
            assertThat(Level.of(level.word())).isEqualTo(level);
            assertThat(level.table().level()).contains(level);
            level.above().ifPresent(above -> assertThat(above.below()).contains(level));
        }
        assertThat(Level.HOUR.start(119)).isEqualTo(60);
        assertThat(Level.DAY.start(-1)).isEqualTo(-1440);
        assertThatThrownBy(() -> Level.of("week")).hasMessageContaining("\"week\"");
    }

    @Test
    void additionsToWhatWasDroppedCountInTheLevelAbove() {
        Horizons horizons = new Horizons(Map.of(Level.MINUTE, 28_800L, Level.HOUR, 14_400L, Level.DAY, 7_200L));

        assertThat(horizons.levelOf(28_800)).contains(Level.MINUTE);
        assertThat(horizons.levelOf(28_799)).contains(Level.HOUR);
        assertThat(horizons.levelOf(14_399)).contains(Level.DAY);
        assertThat(horizons.levelOf(7_199)).isEmpty();
        assertThatThrownBy(() -> new Horizons(Map.of())).hasMessageContaining("window_level");
    }

    @Test
    void retentionSaysBeforeWhichMinuteNothingIsKept() {
        long now = Instant.parse("2026-11-21T00:00:30Z").toEpochMilli();

        assertThat(Retention.DEFAULT.horizon(KeptTable.WINDOW_MINUTE, now)).isEqualTo(minute("2026-11-14T00:00:00Z"));
        assertThat(Retention.DEFAULT.horizon(KeptTable.WINDOW_HOUR, now)).isEqualTo(minute("2026-08-23T00:00:00Z"));
        assertThat(Retention.DEFAULT.horizon(KeptTable.WINDOW_DAY, now)).isEqualTo(minute("2021-11-21T00:00:00Z"));
        assertThat(Retention.DEFAULT.horizon(KeptTable.DISAGREEMENT, now)).isEqualTo(minute("2026-11-07T00:00:00Z"));
    }

    @Test
    void aRetentionThatLosesWhatItNeedsIsRefused() {
        Duration day = Duration.ofDays(1);
        assertThatThrownBy(() -> new Retention(Duration.ofHours(23), day, day, day))
                .hasMessageContaining("edgewise.evaluator.keep-minutes is PT23H");
        assertThatThrownBy(() -> new Retention(Duration.ofDays(2), day, day, day))
                .hasMessageContaining("longer than edgewise.evaluator.keep-hours");
    }

    @Test
    void rollUpsWaitForTheEndComeNowAndThenAndGatherLateData() {
        RollUpPace pace = new RollUpPace(15_000);
        long hour = minute("2026-11-21T13:00:00Z");
        long begin = hour * 60_000;

        assertThat(pace.dueMs(Level.HOUR, hour, begin + 60_000)).isEqualTo(begin + 6 * 60_000);
        assertThat(pace.dueMs(Level.HOUR, hour, begin + 59 * 60_000)).isEqualTo(begin + 61 * 60_000 + 15_000);
        assertThat(pace.dueMs(Level.HOUR, hour, begin + 90 * 60_000)).isEqualTo(begin + 90 * 60_000 + 30_000);
        long day = Level.DAY.start(hour);
        assertThat(pace.dueMs(Level.DAY, day, begin)).isEqualTo(begin + 30 * 60_000);
    }
}
