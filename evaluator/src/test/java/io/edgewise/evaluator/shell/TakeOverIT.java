// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.Samples;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import io.edgewise.testkit.SeededCases;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Who owns a lane or a book changes at bad moments; everything is counted once all the same.
@ExtendWith(PlatformExtension.class)
class TakeOverIT {
    private static final InstantSource CLOCK = InstantSource.system();

    @Test
    void aBookThatAnotherInstanceTookThrowsAwayWhatWasNotStored(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Ledger ledger = new Ledger(21, CLOCK.millis());
            MutableClock clock = new MutableClock(CLOCK.instant());
            EvaluatorLoop loop = ground.loop(ground.source(), clock);
            countUnstored(ground, ledger, loop, clock);
            long book = ground.number("SELECT book FROM evaluator.book");

            BookClaims.BookClaim taken = ground.database().transact(sql -> {
                sql.update("UPDATE evaluator.book SET flushed_at = '-infinity'");
                return BookClaims.take(sql, UUID.randomUUID(), UUID.randomUUID());
            });
            assertThat(taken.number()).isEqualTo((int) book);
            clock.advance(Duration.ofSeconds(1));
            Ground.round(loop);
            assertThat(ground.isStored()).isFalse();
            drain(ground, loop, clock);

            ledger.check(ground);
            assertThat(ground.number("SELECT count(*) FROM evaluator.book")).isEqualTo(2);
            assertThat(ground.number("SELECT epoch FROM evaluator.book WHERE book = " + book))
                    .isEqualTo(taken.epoch());
        }
    }

    @Test
    void aLaneThatAnotherInstanceTookThrowsAwayWhatWasNotStored(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Ledger ledger = new Ledger(22, CLOCK.millis());
            MutableClock clock = new MutableClock(CLOCK.instant());
            EvaluatorLoop loop = ground.loop(ground.source(), clock);
            countUnstored(ground, ledger, loop, clock);
            long before = ground.number("SELECT sum(counted) FROM evaluator.published_lane");

            LaneId one = new LaneId(
                    Inlet.OBSERVATIONS, Topics.partition(Topics.key(Samples.TENANT, "device-1"), Ground.PARTITIONS));
            ground.database().transact(sql -> LaneClaims.take(sql, new TreeMap<>(Map.of(one, 0L)), UUID.randomUUID()));
            clock.advance(Duration.ofMillis(500));
            Ground.round(loop);
            assertThat(ground.number("SELECT sum(counted) FROM evaluator.published_lane"))
                    .isEqualTo(before);
            drain(ground, loop, clock);

            ledger.check(ground);
            // The book was its own all the time.
            assertThat(ground.number("SELECT count(*) FROM evaluator.book")).isEqualTo(1);
        }
    }

    /// One round is stored, another is counted and waits for a clock that stands still.
    private static void countUnstored(Ground ground, Ledger ledger, EvaluatorLoop loop, MutableClock clock)
            throws Exception {
        ledger.round(150, 8).forEach(ground::send);
        drain(ground, loop, clock);
        ledger.round(150, 8).forEach(ground::send);
        ground.sent();
        for (int i = 0; i < 20; i++) {
            Ground.round(loop);
        }
        assertThat(ground.isStored()).isFalse();
    }

    private static void drain(Ground ground, EvaluatorLoop loop, MutableClock clock) throws Exception {
        ground.sent();
        Await.until("everything is counted", () -> {
            clock.advance(Duration.ofMillis(100));
            Ground.round(loop);
            return ground.isStored();
        });
    }

    @Test
    void aLongLogIsReplayedWhenALaneIsTakenOver(Platform platform) throws Exception {
        SeededCases.forAll(2, random -> {
            try (Ground ground = new Ground(platform)) {
                Ledger ledger = new Ledger(random.nextLong(), CLOCK.millis());
                for (int instance = 0; instance < 3; instance++) {
                    // So slow a clock that marks and blocks stay in the log after the first flush.
                    MutableClock clock = new MutableClock(CLOCK.instant());
                    EvaluatorLoop loop = ground.loop(ground.source(), clock);
                    for (int part = 0; part < 5; part++) {
                        ledger.round(60, 8).forEach(ground::send);
                        ground.sent();
                        Await.until("a part more is stored", () -> {
                            clock.advance(Duration.ofMillis(11));
                            Ground.round(loop);
                            return ground.isStored();
                        });
                    }
                    assertThat(ground.number(
                                    "SELECT max(parts) FROM (SELECT count(*) AS parts FROM evaluator.device_log"
                                            + " GROUP BY lane) AS of_lane"))
                            .isGreaterThan(1);
                    ledger.check(ground);
                }
                EvaluatorLoop last = ground.loop(ground.source(), CLOCK);
                ground.drain(last);
                ground.settle(last);

                ledger.check(ground);
            }
        });
    }

    /// Time alone changes blocks: the log then has two parts that end at the same offset.
    @Test
    void blocksThatEndByTimeAreStoredBehindALogThatIsStillThere(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            long now = CLOCK.millis();
            MutableClock clock = new MutableClock(CLOCK.instant());
            EvaluatorLoop loop = ground.loop(ground.source(), clock);
            ground.send(Samples.pair("device-1", 1, now).build());
            drain(ground, loop, clock);
            ground.send(Samples.pair("device-1", 2, now).build());
            ground.send(Samples.pair("device-2", 1, now).build());
            ground.sent();
            Await.until("the rest is in the log", () -> {
                clock.advance(Duration.ofMillis(10));
                Ground.round(loop);
                return ground.isStored();
            });
            long parts = ground.number("SELECT count(*) FROM evaluator.device_log");
            assertThat(parts).isPositive();
            clock.advance(Duration.ofHours(2));
            Ground.round(loop);
            Await.until("the blocks are closed", () -> {
                clock.advance(Duration.ofMillis(600));
                Ground.round(loop);
                return ground.evidence(Ledger.SHADOW).sum(Measures.BLOCKS_DISAGREE) == 2;
            });
            assertThat(ground.evidence(Ledger.SHADOW)
                            .read(Measures.BLOCKS_DISAGREE)
                            .buckets())
                    .containsExactlyInAnyOrder(Measures.block(1, 0), Measures.block(2, 0));
            assertThat(ground.evidence(Ledger.SHADOW).get(Measures.DEVICES, 0)).isEqualTo(2);
            clock.advance(Duration.ofSeconds(10));
            ground.settle(loop);
        }
    }

    @Test
    void anInstanceThatStopsHardIsReplacedByItsNeighbour(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Ledger ledger = new Ledger(31, CLOCK.millis());
            String group = "shared-" + platform.topicSuffix();
            MutableClock frozen = new MutableClock(CLOCK.instant());
            // Each gets half of each topic.
            Map<String, String> shares = Map.of("group.remote.assignor", "range", "max.poll.interval.ms", "6000");
            EvaluatorLoop hard = ground.loop(group, ground.source(), frozen, shares);
            ledger.round(200, 12).forEach(ground::send);
            drain(ground, hard, frozen);
            LoopThread second = new LoopThread("second", ground.loop(group, ground.source(), CLOCK, shares)).start();
            try {
                Await.until("both count", () -> {
                    ledger.round(30, 12).forEach(ground::send);
                    ground.sent();
                    frozen.advance(Duration.ofMillis(100));
                    Ground.round(hard);
                    return ground.number("SELECT count(*) FROM evaluator.book") == 2;
                });
                long epochs = ground.number("SELECT sum(epoch) FROM evaluator.lane");
                ledger.round(300, 12).forEach(ground::send);
                ground.sent();
                // The clock stands: what this one counts now is never stored.
                for (int i = 0; i < 40; i++) {
                    Ground.round(hard);
                }

                Await.until(
                        "the neighbour has taken all and counts alone",
                        () -> ground.isStored() && ground.number("SELECT sum(epoch) FROM evaluator.lane") > epochs);
                ledger.check(ground);
            } finally {
                second.stop(Duration.ofSeconds(20));
            }

            ledger.round(50, 12).forEach(ground::send);
            drain(ground, hard, frozen);
            ledger.check(ground);
        }
    }
}
