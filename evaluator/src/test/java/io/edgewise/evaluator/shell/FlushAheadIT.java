// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Topics;
import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.Rejected;
import io.edgewise.evaluator.Samples;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is counted while a flush is on its way is built on it, and falls with it.
@ExtendWith(PlatformExtension.class)
class FlushAheadIT {
    private static final InstantSource CLOCK = InstantSource.system();

    /// A round is stored, the next one is on its way and waits, and two more are counted meanwhile.
    private static void countAhead(Ground ground, Ledger ledger, EvaluatorLoop loop, GatedSource gate)
            throws Exception {
        ledger.round(150, 8).forEach(ground::send);
        ground.drain(loop);
        gate.shut();
        ledger.round(150, 8).forEach(ground::send);
        ground.sent();
        Await.until("a flush is on its way", () -> {
            loop.poll();
            return gate.isWaitedFor();
        });
        long folded = loop.stats().records();
        ledger.round(300, 8).forEach(ground::send);
        ground.sent();
        Await.until("more is counted meanwhile", () -> {
            loop.poll();
            return loop.stats().records() >= folded + 250;
        });
        assertThat(ground.isStored()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void howeverTheFlushEndsEverythingIsCountedOnce(GatedSource.End end, Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Ledger ledger = new Ledger(51, CLOCK.millis());
            GatedSource gate = new GatedSource(ground.source());
            EvaluatorLoop loop = ground.loop(gate.source(), CLOCK);
            countAhead(ground, ledger, loop, gate);

            gate.open(end);
            if (end == GatedSource.End.WELL) {
                loop.settle();
            } else {
                assertThatThrownBy(loop::settle).hasMessageContaining("the connection broke");
            }
            ground.drain(loop);

            ledger.check(ground);
            ground.settle(loop);
        }
    }

    @Test
    void aFlushThatIsFencedTakesAllThatWasCountedAheadWithIt(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Ledger ledger = new Ledger(61, CLOCK.millis());
            GatedSource gate = new GatedSource(ground.source());
            EvaluatorLoop loop = ground.loop(gate.source(), CLOCK);
            countAhead(ground, ledger, loop, gate);

            TreeMap<LaneId, Long> all = new TreeMap<>();
            IntStream.range(0, Ground.PARTITIONS)
                    .forEach(partition -> all.put(new LaneId(Inlet.OBSERVATIONS, partition), 0L));
            ground.database().transact(sql -> LaneClaims.take(sql, all, UUID.randomUUID()));
            long before = ground.number("SELECT sum(counted) FROM evaluator.published_lane");
            gate.open(GatedSource.End.WELL);
            loop.settle();

            assertThat(ground.number("SELECT sum(counted) FROM evaluator.published_lane"))
                    .isEqualTo(before);
            ground.drain(loop);
            ledger.check(ground);
        }
    }

    @Test
    void anEndWaitsForTheFlushAndStoresWhatWasCountedAhead(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Ledger ledger = new Ledger(71, CLOCK.millis());
            GatedSource gate = new GatedSource(ground.source());
            EvaluatorLoop loop = ground.loop(gate.source(), CLOCK);
            countAhead(ground, ledger, loop, gate);

            Thread opening = Thread.ofVirtual().start(() -> gate.open(GatedSource.End.WELL));
            loop.close();
            opening.join();
            ground.drain(ground.loop(ground.source(), CLOCK));

            ledger.check(ground);
        }
    }

    /// Every flush fails in the poll that began it, so that the loop's thread knows of it.
    @Test
    void aLoopThatCannotStoreSaysWhyAndThrowsNothingAwayBetweenAttempts(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            AtomicInteger sent = new AtomicInteger();
            DeadLetters refusing = new DeadLetters() {
                @Override
                public void send(List<Rejected> rejected) throws IOException {
                    sent.incrementAndGet();
                    throw new IOException("the dead-letter topic takes nothing");
                }

                @Override
                public void close() {}
            };
            ground.send(
                    Inlet.OBSERVATIONS, Topics.key(Samples.TENANT, "garbled"), Topics.OBSERVATION_SCHEMA, new byte[] {
                        1, 2, 3
                    });
            ground.sent();
            EvaluatorLoop loop = new EvaluatorLoop(
                    new KafkaConsumer<>(ground.kafka(Map.of()).groupConsumer("test-" + UUID.randomUUID())),
                    refusing,
                    new Database(ground.source()),
                    Samples.SECRETS,
                    new EvaluatorSettings(
                            10, new EvaluatorPolicy(Duration.ofHours(24).toMillis(), 0, 50)),
                    CLOCK);
            LoopThread thread = new LoopThread("refused", loop).start();
            try {
                Await.until("it tried a few times", () -> sent.get() >= 4);
                Await.until("it says why", () -> thread.trouble().contains("takes nothing"));
                int before = sent.get();
                long restarts = loop.stats().restarts();
                Await.until("it tried again", () -> sent.get() > before);
                Await.until("it says why again", () -> thread.trouble().contains("takes nothing"));
                assertThat(loop.stats().restarts() - restarts).isLessThanOrEqualTo(sent.get() - before + 1L);
            } finally {
                thread.stop(Duration.ofSeconds(20));
            }
        }
    }
}
