// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static io.edgewise.evaluator.shell.KeeperGround.MINUTE;
import static io.edgewise.evaluator.shell.KeeperGround.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.evaluator.KeptTable;
import io.edgewise.evaluator.Level;
import io.edgewise.evaluator.PeriodKey;
import io.edgewise.evaluator.WindowFigures;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import io.edgewise.testkit.SeededCases;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class WindowUpkeepIT {
    private static final long DAY = 1440;

    @Test
    void hoursAndDaysAreTheSumsOfTheirMinutes(Platform platform) {
        SeededCases.forAll(2, random -> {
            KeeperGround ground = new KeeperGround(platform);
            MutableClock clock = KeeperGround.clock();
            WindowKeeper keeper = ground.keeper(clock);
            for (int i = 0; i < 8; i++) {
                ground.flush(random, 60, MINUTE - DAY, 400);
                ground.flush(random, 30, MINUTE - 100, 100);
                KeeperGround.settle(keeper, clock, Duration.ofMinutes(random.nextInt(20)));
            }
            KeeperGround.settle(keeper, clock, Duration.ofHours(1));
            KeeperGround.settle(keeper, clock, Duration.ofHours(1));

            assertThat(ground.stored(Level.MINUTE)).isEqualTo(ground.expected());
            assertThat(ground.stored(Level.HOUR)).isEqualTo(ground.expected(Level.HOUR));
            assertThat(ground.stored(Level.DAY)).isEqualTo(ground.expected(Level.DAY));
            assertThat(ground.number("SELECT count(*) FROM evaluator.rollup_due"))
                    .isZero();
            assertThat(keeper.stats().rolledPeriods()).isPositive();
        });
    }

    @Test
    void thePresentHourIsMadeEveryFewMinutes(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        WindowKeeper keeper = ground.keeper(clock);
        ground.flush(new SplittableRandom(7), 20, MINUTE - 5, 3);

        KeeperGround.settle(keeper, clock, Duration.ZERO);
        assertThat(ground.stored(Level.HOUR)).isEmpty();
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(5));
        assertThat(ground.stored(Level.HOUR)).isEqualTo(ground.expected(Level.HOUR));
        assertThat(ground.stored(Level.DAY)).isEmpty();
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(30));
        assertThat(ground.stored(Level.DAY)).isEqualTo(ground.expected(Level.DAY));
    }

    @Test
    void oldPartitionsAreDroppedWholeAndNothingElse(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = new MutableClock(NOW.minus(Duration.ofDays(7)));
        WindowKeeper keeper = ground.keeper(clock);
        for (int day = 8; day >= 0; day--) {
            ground.flush(new SplittableRandom(day), 30, MINUTE - day * DAY, 2);
        }
        long keptFrom = KeptTable.WINDOW_MINUTE.part(MINUTE - 7 * DAY).from();
        clock.set(NOW.plus(Duration.ofMinutes(2)));
        KeeperGround.settle(keeper);
        // Hours have yet to be made from the oldest day: it stays.
        assertThat(ground.stored(Level.MINUTE)).isEqualTo(ground.expected());
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(2));
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(2));

        assertThat(keeper.stats().droppedPartitions()).isEqualTo(1);
        assertThat(ground.stored(Level.MINUTE).keySet())
                .containsExactlyInAnyOrderElementsOf(ground.expected().keySet().stream()
                        .filter(key -> key.start() >= keptFrom)
                        .toList());
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(90));
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(90));
        assertThat(ground.stored(Level.HOUR)).isEqualTo(ground.expected(Level.HOUR));
        assertThat(ground.stored(Level.DAY)).isEqualTo(ground.expected(Level.DAY));
    }

    @Test
    void whatComesForADroppedMinuteCountsInItsHourAndThenInItsDay(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        WindowKeeper keeper = ground.keeper(clock);
        SplittableRandom random = new SplittableRandom(9);
        for (int days : new int[] {0, 9, 130}) {
            clock.set(NOW.plus(Duration.ofDays(days)));
            ground.flush(random, 60, MINUTE - 30, 20);
            KeeperGround.settle(keeper);
            KeeperGround.settle(keeper, clock, Duration.ofHours(1));
            KeeperGround.settle(keeper, clock, Duration.ofHours(1));
            assertThat(ground.stored(Level.DAY)).isEqualTo(ground.expected(Level.DAY));
            assertThat(ground.number("SELECT count(*) FROM evaluator.window_delta"))
                    .isZero();
            if (days == 9) {
                assertThat(ground.stored(Level.MINUTE)).isEmpty();
                assertThat(ground.stored(Level.HOUR)).isEqualTo(ground.expected(Level.HOUR));
            }
        }
        assertThat(ground.stored(Level.HOUR)).isEmpty();
        assertThat(keeper.stats().expiredParts()).isZero();

        clock.set(NOW.plus(Duration.ofDays(6 * 366)));
        KeeperGround.settle(keeper);
        ground.flush(random, 10, MINUTE - 30, 20);
        KeeperGround.settle(keeper);
        assertThat(ground.stored(Level.DAY)).isEmpty();
        assertThat(keeper.stats().expiredParts()).isEqualTo(10);
    }

    @Test
    void samplesOfDisagreementsAreKeptForTheirTime(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        WindowKeeper keeper = ground.keeper(clock);
        for (long minute : new long[] {MINUTE - 16 * DAY, MINUTE - 13 * DAY, MINUTE}) {
            ground.database().transact(sql -> {
                Partitions.ensure(sql, KeptTable.DISAGREEMENT, List.of(minute));
                return sql.update(
                        "INSERT INTO evaluator.disagreement VALUES ('default', 'r', 'intents', ?, 1, 2, 7, '\\x01')",
                        minute);
            });
        }
        KeeperGround.settle(keeper);

        assertThat(ground.number("SELECT count(*) FROM evaluator.published_disagreement"))
                .isEqualTo(2);
        assertThat(ground.number("SELECT min(minute) FROM evaluator.published_disagreement"))
                .isEqualTo(MINUTE - 13 * DAY);
    }

    @Test
    void aPartitionIsMadeOnceHoweverManyAskForIt(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        List<Long> minutes =
                LongStream.range(0, 12).mapToObj(day -> MINUTE + day * DAY).toList();
        int many = 6;
        CyclicBarrier start = new CyclicBarrier(many);
        try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
            List<Future<Boolean>> asking = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                List<Long> mine = i % 2 == 0 ? minutes : minutes.reversed();
                asking.add(threads.submit(() -> {
                    start.await();
                    return ground.database().transact(sql -> {
                        Partitions.ensure(sql, KeptTable.WINDOW_MINUTE, mine);
                        Partitions.ensure(sql, KeptTable.DISAGREEMENT, mine);
                        return true;
                    });
                }));
            }
            for (Future<Boolean> each : asking) {
                assertThat(each.get()).isTrue();
            }
        }
        for (KeptTable table : List.of(KeptTable.WINDOW_MINUTE, KeptTable.DISAGREEMENT)) {
            assertThat(ground.database().<List<KeptTable.Part>>read(sql -> Partitions.list(sql, table)))
                    .isEqualTo(minutes.stream().map(table::part).toList());
        }
    }

    @Test
    void partitionsAreMadeWhileOthersRead(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        KeeperGround.settle(ground.keeper(KeeperGround.clock()));
        try (Connection reader = ground.source().getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("SELECT count(*) FROM evaluator.published_series");

            ground.database().transact(sql -> {
                sql.list("SELECT set_config('lock_timeout', '5s', true)", row -> true);
                Partitions.ensure(sql, KeptTable.WINDOW_HOUR, List.of(MINUTE + 400 * DAY));
                return true;
            });
            statement.executeQuery("SELECT count(*) FROM evaluator.published_series");
        }
        assertThat(ground.texts("SELECT inhrelid::regclass::text FROM pg_inherits"
                        + " WHERE inhparent = 'evaluator.window_hour'::regclass"))
                .contains("evaluator."
                        + KeptTable.WINDOW_HOUR.part(MINUTE + 400 * DAY).name());
    }

    @Test
    void aReaderDelaysTheDropAndNothingElse(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        WindowKeeper keeper = ground.keeper(clock);
        KeeperGround.settle(keeper);
        ground.flush(new SplittableRandom(3), 20, MINUTE + 10 * DAY, 2);
        clock.set(NOW.plus(Duration.ofDays(10)).plus(Duration.ofMinutes(3)));
        try (Connection reader = ground.source().getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("SELECT count(*) FROM evaluator.published_series");
            KeeperGround.settle(keeper);

            assertThat(keeper.stats().droppedPartitions()).isZero();
            assertThat(keeper.stats().foldedParts()).isEqualTo(20);
        }
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(1));
        assertThat(keeper.stats().droppedPartitions()).isEqualTo(3);
    }

    @Test
    void theColumnsOfTheSeriesAreTheFiguresInTheirPlaces(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        List<String> columns = ground.texts("""
                SELECT attname FROM pg_attribute
                 WHERE attrelid = 'evaluator.published_series'::regclass AND attnum > 0 ORDER BY attnum
                """);
        List<String> names = WindowFigures.names();
        assertThat(columns.subList(9, columns.size())).isEqualTo(names);

        String places = String.join(
                ",",
                LongStream.rangeClosed(1, names.size()).mapToObj(Long::toString).toList());
        ground.database().transact(sql -> {
            Partitions.ensure(sql, KeptTable.WINDOW_DAY, List.of(0L));
            return sql.update("INSERT INTO evaluator.window_day VALUES ('t', 'r', 'w', 'all', 0, 1, 0, '', '{" + places
                    + "}'::double precision[])");
        });
        assertThat(ground.texts("SELECT array_to_string(ARRAY[" + String.join(",", names)
                        + "], ',') FROM evaluator.published_series WHERE level = 'day' AND cohort = 'control'"))
                .containsExactly(places);
    }

    @Test
    void aSeriesIsReadByIndexFromThePartitionsOfItsTime(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        WindowKeeper keeper = ground.keeper(clock);
        Instant first = NOW.minus(Duration.ofDays(100));
        clock.set(first);
        KeeperGround.settle(keeper);
        clock.set(NOW);
        SplittableRandom random = new SplittableRandom(11);
        for (int rollout = 0; rollout < 10; rollout++) {
            for (long minute = MINUTE - 20 * DAY; minute < MINUTE; minute += 60) {
                PeriodKey key = KeeperGround.key("r" + rollout, "all", minute);
                ground.add(key, KeeperGround.tally(random));
            }
        }
        ground.send();
        WindowKeeper large = ground.keeper(ground.source(), clock, KeeperLimits.DEFAULT);
        KeeperGround.settle(large);
        KeeperGround.settle(large, clock, Duration.ofMinutes(2));
        ground.database().transact(sql -> sql.update("ANALYZE evaluator.window_hour"));

        String plan = String.join("\n", ground.texts("""
                EXPLAIN SELECT minute, latency_user_p99_us FROM evaluator.published_series
                 WHERE level = 'hour' AND tenant = 'default' AND rollout = 'r7' AND slice = 'all' AND cohort = 'canary'
                   AND minute BETWEEN %d AND %d ORDER BY minute
                """.formatted(MINUTE - 14 * DAY, MINUTE)));
        assertThat(plan)
                .contains("Index")
                .contains("_tenant_rollout_slice_start_idx")
                .doesNotContain("Seq Scan")
                .doesNotContain("window_minute_")
                .doesNotContain("window_day_")
                .doesNotContain(KeptTable.WINDOW_HOUR.part(MINUTE - 100 * DAY).name());
    }
}
