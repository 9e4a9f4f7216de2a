// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static io.edgewise.evaluator.shell.KeeperGround.MINUTE;
import static io.edgewise.evaluator.shell.KeeperGround.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.evaluator.Level;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import io.edgewise.testkit.SeededCases;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class WindowFoldIT {
    private static final String PARTS = "SELECT count(*) FROM evaluator.window_delta";

    @Test
    void minutesWhoseGraceHasPassedBecomeOneRowEach(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        ground.flush(new SplittableRandom(1), 600, MINUTE - 3, 4);
        WindowKeeper keeper = ground.keeper(clock);

        KeeperGround.settle(keeper);

        assertThat(ground.published()).isEqualTo(ground.expected());
        assertThat(ground.number("SELECT min(minute) FROM evaluator.window_delta"))
                .isEqualTo(MINUTE);
        assertThat(ground.stored(Level.MINUTE))
                .hasSize((int) ground.number("SELECT count(*) FROM evaluator.window_minute"))
                .hasSize((int) ground.expected().keySet().stream()
                        .filter(key -> key.start() < MINUTE)
                        .count());
        assertThat(keeper.stats().foldedParts()).isGreaterThan(keeper.stats().foldedWindows());
        assertThat(keeper.stats().lagMs()).isZero();

        KeeperGround.settle(keeper, clock, Duration.ofMillis(34_999));
        assertThat(ground.number(PARTS)).isPositive();
        KeeperGround.settle(keeper, clock, Duration.ofMillis(1));
        assertThat(ground.number(PARTS)).isZero();
        assertThat(ground.stored(Level.MINUTE)).isEqualTo(ground.expected());
        assertThat(ground.number("SELECT count(*) FROM evaluator.published_window WHERE NOT closed"))
                .isZero();
    }

    @Test
    void lateDataFoldsAgainAndTheHourIsMadeAnew(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        SplittableRandom random = new SplittableRandom(2);
        WindowKeeper keeper = ground.keeper(clock);
        for (int late = 0; late < 4; late++) {
            ground.flush(random, 80, MINUTE - 130, 3);
            KeeperGround.settle(keeper);
            assertThat(ground.stored(Level.MINUTE)).isEqualTo(ground.expected());
            KeeperGround.settle(keeper, clock, Duration.ofSeconds(30));
            assertThat(ground.stored(Level.HOUR)).isEqualTo(ground.expected(Level.HOUR));
        }
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(30));
        assertThat(ground.stored(Level.DAY)).isEqualTo(ground.expected(Level.DAY));
        assertThat(ground.number("SELECT count(*) FROM evaluator.rollup_due WHERE level = 'hour'"))
                .isZero();
    }

    @Test
    void aCrowdedOpenMinuteIsPutTogetherAndStaysOpen(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 200; i++) {
            ground.add(KeeperGround.key("busy", "all", MINUTE), KeeperGround.tally(random));
        }
        for (int i = 0; i < 60; i++) {
            ground.add(KeeperGround.key("many", "value=" + i, MINUTE + 1), KeeperGround.tally(random));
        }
        for (int i = 0; i < 20; i++) {
            ground.add(KeeperGround.key("quiet", "all", MINUTE), KeeperGround.tally(random));
        }
        ground.send();
        WindowKeeper keeper = ground.keeper(KeeperGround.clock());

        KeeperGround.settle(keeper);

        assertThat(ground.published()).isEqualTo(ground.expected());
        assertThat(ground.number(PARTS + " WHERE rollout = 'busy'")).isLessThanOrEqualTo(SMALL.mostOpenParts());
        // One part per window already: there is nothing to put together.
        assertThat(ground.number(PARTS + " WHERE rollout = 'many'")).isEqualTo(60);
        assertThat(ground.number(PARTS + " WHERE rollout = 'quiet'")).isEqualTo(20);
        assertThat(ground.number("SELECT count(*) FROM evaluator.window_minute"))
                .isZero();
        assertThat(keeper.stats().compactedParts()).isGreaterThan(150);
    }

    @Test
    void readersNeverMissOrDoubleAnythingWhileTwoKeepersFold(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        ground.flush(new SplittableRandom(4), 3_000, MINUTE - 20, 22);
        long requests = ground.requests();
        AtomicBoolean isOver = new AtomicBoolean();
        try (ExecutorService readers = Executors.newFixedThreadPool(2)) {
            Future<Integer> reading = readers.submit(() -> {
                int reads = 0;
                while (!isOver.get() || reads < 5) {
                    long seen = ground.published().values().stream()
                            .mapToLong(tally -> tally.get(Measures.REQUESTS, 0))
                            .sum();
                    assertThat(seen).isEqualTo(requests);
                    reads++;
                }
                return reads;
            });
            LoopThread one = new LoopThread("one", ground.keeper(KeeperGround.clock())).start();
            LoopThread two = new LoopThread("two", ground.keeper(KeeperGround.clock())).start();
            Await.until("all is folded", () -> ground.number(PARTS + " WHERE minute < " + MINUTE) == 0);
            isOver.set(true);
            assertThat(reading.get()).isPositive();
            one.stop(Duration.ofSeconds(20));
            two.stop(Duration.ofSeconds(20));
            assertThat(one.trouble()).isEmpty();
            assertThat(two.trouble()).isEmpty();
        }
        assertThat(ground.published()).isEqualTo(ground.expected());
    }

    @Test
    void aKeeperThatHoldsTheLockMakesTheOthersWait(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        ground.flush(new SplittableRandom(5), 50, MINUTE - 3, 2);
        WindowKeeper keeper = ground.keeper(KeeperGround.clock());
        try (Connection other = ground.source().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('edgewise window keeper', 0))");
            KeeperGround.settle(keeper);

            assertThat(ground.number(PARTS)).isEqualTo(50);
            assertThat(keeper.stats().foldedParts()).isZero();
            // The oldest minute ended 2 min 40 s ago, and its grace 15 s later.
            assertThat(keeper.stats().lagMs()).isEqualTo(160_000 - KeeperGround.GRACE_MS);
        }
        KeeperGround.settle(keeper);
        assertThat(ground.number(PARTS)).isZero();
        assertThat(keeper.stats().lagMs()).isZero();
    }

    @Test
    void aKeeperCutAnywhereLosesAndDoublesNothing(Platform platform) {
        cut(platform, 3);
    }

    @Test
    @Tag("slow")
    void aKeeperCutAnywhereManyTimesLosesAndDoublesNothing(Platform platform) {
        cut(platform, 60);
    }

    private static void cut(Platform platform, int seeds) {
        SeededCases.forAll(seeds, random -> {
            KeeperGround ground = new KeeperGround(platform);
            MutableClock clock = KeeperGround.clock();
            DataSource faulty = FaultySource.of(CutSource.of(ground.source(), random.split()), random.split());
            int cuts = 0;
            for (int life = 0; life < 40; life++) {
                ground.flush(random, 40, MINUTE - 200 + life, 60);
                cuts += live(ground.keeper(faulty, clock, SMALL));
                assertThat(ground.published()).isEqualTo(ground.expected());
                clock.advance(Duration.ofSeconds(31));
            }
            assertThat(cuts).isPositive();
            WindowKeeper last = ground.keeper(clock);
            KeeperGround.settle(last);
            KeeperGround.settle(last, clock, Duration.ofMinutes(31));
            KeeperGround.settle(last, clock, Duration.ofMinutes(31));
            assertThat(ground.stored(Level.MINUTE)).isEqualTo(ground.expected());
            assertThat(ground.stored(Level.HOUR)).isEqualTo(ground.expected(Level.HOUR));
            assertThat(ground.stored(Level.DAY)).isEqualTo(ground.expected(Level.DAY));
        });
    }

    /// Rounds until one is cut, and is never heard of again. 1 when it was cut.
    private static int live(WindowKeeper keeper) {
        try {
            KeeperGround.settle(keeper);
            return 0;
        } catch (SQLException e) {
            assertThat(e.getMessage()).contains("the connection broke");
            return 1;
        }
    }

    @Test
    void whatAWindowSaysIsWhatItsFiguresSay(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        Tally tally = new Tally().add(Measures.REQUESTS, 0, 4).add(Measures.DETOURS, 0, 1);
        ground.add(KeeperGround.key("r", "all", MINUTE - 5), tally);
        ground.add(KeeperGround.key("r", "all", MINUTE - 5), tally);
        ground.send();

        KeeperGround.settle(ground.keeper(KeeperGround.clock()));

        assertThat(ground.texts("""
                SELECT concat_ws(' ', level, extract(epoch FROM at)::bigint / 60 - minute, tenant, workload, rollout,
                                 slice, stage, cohort, requests, detour_share, kappa IS NULL)
                  FROM evaluator.published_series
                """)).containsExactly("minute 0 default intents r all 1 canary 8 0.25 t");
    }
}
