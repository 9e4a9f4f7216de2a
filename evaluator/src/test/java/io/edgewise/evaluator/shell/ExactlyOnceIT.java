// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.runtime.role.LoopThread;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import io.edgewise.testkit.SeededCases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class ExactlyOnceIT {
    private static final InstantSource CLOCK = InstantSource.system();

    @Test
    void totalsSurviveCrashesAtAnyPoint(Platform platform) {
        crash(platform, 3);
    }

    @Test
    @Tag("slow")
    void totalsSurviveManyCrashesAtAnyPoint(Platform platform) {
        crash(platform, 60);
    }

    private static void crash(Platform platform, int seeds) {
        SeededCases.forAll(seeds, random -> {
            try (Ground ground = new Ground(platform)) {
                Ledger ledger = new Ledger(random.nextLong(), CLOCK.millis());
                for (int crash = 0; crash < 6; crash++) {
                    ledger.round(120, 8).forEach(ground::send);
                    ledger.said(30, 8).forEach(ground::send);
                    ground.sent();
                    leaveForDead(ground, random);
                }
                EvaluatorLoop last = ground.loop(ground.source(), CLOCK);
                ground.drain(last);
                // Those left for dead wake up and try to store what they had counted.
                ground.closeLoops();
                EvaluatorLoop afterwards = ground.loop(ground.source(), CLOCK);
                ground.drain(afterwards);

                ledger.check(ground);
                ground.settle(afterwards);
            }
        });
    }

    /// Polls a while with a database that breaks now and then, and is never heard of again.
    private static void leaveForDead(Ground ground, SplittableRandom random) {
        EvaluatorLoop loop = ground.loop(FaultySource.of(ground.source(), random.split()), CLOCK);
        for (int polls = 3 + random.nextInt(25); polls > 0; polls--) {
            try {
                loop.poll();
                if (random.nextBoolean()) {
                    loop.settle();
                }
            } catch (Exception e) {
                assertThat(rootMessage(e)).contains("the connection broke");
            }
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    @Test
    void aZombieStoresNothing(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Ledger ledger = new Ledger(42, CLOCK.millis());
            MutableClock stopped = new MutableClock(Instant.now());
            EvaluatorLoop zombie = ground.loop(ground.source(), stopped);
            Await.until("the first instance took its partitions", () -> {
                Ground.round(zombie);
                return ground.number("SELECT count(*) FROM evaluator.lane") == 2 * Ground.PARTITIONS;
            });
            ledger.round(200, 8).forEach(ground::send);
            ledger.said(40, 8).forEach(ground::send);
            ground.sent();
            for (int i = 0; i < 30; i++) {
                Ground.round(zombie);
            }
            assertThat(ground.isStored()).isFalse();

            EvaluatorLoop successor = ground.loop(ground.source(), CLOCK);
            ground.drain(successor);
            ledger.check(ground);

            long epochs = ground.number("SELECT sum(epoch) FROM evaluator.lane");
            stopped.advance(Duration.ofMillis(500));
            Ground.round(zombie);

            ledger.check(ground);
            assertThat(ground.number("SELECT sum(epoch) FROM evaluator.lane")).isEqualTo(epochs);
        }
    }

    /// As where a standby that lacks the last commits is made the primary under a running instance: it knows who owns
    /// the partitions, since they were taken long before.
    @Test
    void whatADatabaseLostInAFailOverIsCountedAgain(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Ledger ledger = new Ledger(43, CLOCK.millis());
            EvaluatorLoop loop = ground.loop(ground.source(), CLOCK);
            ledger.round(200, 8).forEach(ground::send);
            ground.drain(loop);
            List<String> tables = ground.texts("""
                    SELECT relname FROM pg_class
                     WHERE relnamespace = 'evaluator'::regnamespace AND relkind = 'r' AND relname NOT LIKE 'flyway%'
                    """);
            ground.execute("DROP SCHEMA IF EXISTS standby CASCADE");
            ground.execute("CREATE SCHEMA standby");
            for (String table : tables) {
                ground.execute("CREATE TABLE standby." + table + " AS TABLE evaluator." + table);
            }
            ledger.round(200, 8).forEach(ground::send);
            ledger.said(40, 8).forEach(ground::send);
            ground.drain(loop);

            for (String table : tables) {
                ground.execute("DELETE FROM evaluator." + table);
                ground.execute(
                        "INSERT INTO evaluator." + table + " OVERRIDING SYSTEM VALUE SELECT * FROM standby." + table);
            }
            ledger.round(50, 8).forEach(ground::send);
            ground.drain(loop);

            ledger.check(ground);
            ground.settle(loop);
            ground.execute("DROP SCHEMA standby CASCADE");
        }
    }

    @Test
    void instancesShareThePartitionsAndHandThemOver(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Ledger ledger = new Ledger(7, CLOCK.millis());
            String group = "shared-" + platform.topicSuffix();
            LoopThread first = new LoopThread("first", ground.loop(group, ground.source(), CLOCK)).start();
            ledger.round(300, 12).forEach(ground::send);
            ground.sent();
            Await.until("the first instance counts", () -> ground.isStored());

            LoopThread second = new LoopThread("second", ground.loop(group, ground.source(), CLOCK)).start();
            Await.until("the second instance has its share", () -> {
                ledger.round(50, 12).forEach(ground::send);
                ledger.said(10, 12).forEach(ground::send);
                ground.sent();
                return ground.number("SELECT count(DISTINCT owner) FROM evaluator.lane") >= 2;
            });
            ledger.round(300, 12).forEach(ground::send);
            ground.sent();
            Await.until("both count", () -> ground.isStored());

            first.stop(Duration.ofSeconds(20));
            ledger.round(300, 12).forEach(ground::send);
            ground.sent();
            Await.until("the second counts alone", () -> ground.isStored());
            second.stop(Duration.ofSeconds(20));

            ledger.check(ground);
        }
    }
}
