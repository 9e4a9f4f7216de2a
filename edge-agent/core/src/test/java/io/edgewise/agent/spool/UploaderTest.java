// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UploaderTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void deliversEverythingOverARoadThatFailsHalfTheTime() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        List<Long> arrived = Collections.synchronizedList(new ArrayList<>());
        Uploader.Road road = record -> {
            boolean fails = random.nextBoolean();
            if (fails && random.nextBoolean()) {
                throw new IllegalStateException("no road");
            }
            if (fails) {
                return CompletableFuture.failedFuture(new IllegalStateException("lost"));
            }
            arrived.add(TestFormat.parse(record).getSeq());
            return CompletableFuture.completedFuture(null);
        };
        try (Spool spool = Spool.open(
                folder, Map.of(Lane.OBSERVATIONS, new TestFormat()), new Bounds(1000, 1 << 20, Duration.ofMillis(1)))) {
            Uploader uploader = new Uploader(spool, Lane.OBSERVATIONS, road, new Backoff(1, 2, random::nextLong));
            Thread thread = Thread.ofVirtual().start(uploader);
            for (int i = 0; i < 400; i++) {
                CompletableFuture<Long> _ = spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("x" + i));
            }

            assertThat(spool.awaitIdle(20_000)).isTrue();
            assertThat(spool.counts(Lane.OBSERVATIONS)).isEqualTo(new LaneCounts(0, 400, 400, 0));
            uploader.stop();
            thread.interrupt();
            thread.join();
        }
        assertThat(new HashSet<>(arrived)).hasSize(400);
        assertThat(arrived).hasSize(400);
    }

    /// A request for each few records would cost the device more than the records.
    @Test
    void theFirstRecordGoesAtOnceAndWhatGathersMeanwhileGoesTogether() throws Exception {
        CountDownLatch firstIsSent = new CountDownLatch(1);
        CountDownLatch gathered = new CountDownLatch(1);
        List<Integer> sentBeforePauses = new CopyOnWriteArrayList<>();
        AtomicInteger sent = new AtomicInteger();
        Uploader.Pause pause = stopped -> {
            sentBeforePauses.add(sent.get());
            firstIsSent.countDown();
            gathered.await();
            return false;
        };
        try (Spool spool = Spool.open(
                folder, Map.of(Lane.OBSERVATIONS, new TestFormat()), new Bounds(1000, 1 << 20, Duration.ofMillis(1)))) {
            Uploader uploader = new Uploader(
                    spool,
                    Lane.OBSERVATIONS,
                    record -> {
                        sent.incrementAndGet();
                        return CompletableFuture.completedFuture(null);
                    },
                    new Backoff(1, 2, () -> 1L),
                    new Uploader.Sparing(() -> false, 1),
                    pause);
            Thread thread = Thread.ofVirtual().start(uploader);
            spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("first"))
                    .get();
            firstIsSent.await();
            for (int i = 0; i < 10; i++) {
                spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("x" + i))
                        .get();
            }
            gathered.countDown();
            assertThat(spool.awaitIdle(20_000)).isTrue();
            uploader.stop();
            thread.interrupt();
            thread.join();
        }
        assertThat(sentBeforePauses).first().isEqualTo(1);
        assertThat(sentBeforePauses).containsOnly(1, 11);
        assertThat(sent).hasValue(11);
    }

    @Test
    void waitsLongerAfterEachFailureWithinItsBoundsAndNeverTheSameForAll() {
        SplittableRandom random = new SplittableRandom(5);
        Backoff backoff = new Backoff(100, 1000, random::nextLong);

        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waits.add(backoff.nextMillis());
        }
        assertThat(waits.getFirst()).isBetween(50L, 100L);
        assertThat(waits.subList(4, 8)).allMatch(wait -> wait >= 500 && wait <= 1000);
        assertThat(new HashSet<>(waits.subList(4, 8))).hasSizeGreaterThan(1);
        backoff.reset();
        assertThat(backoff.nextMillis()).isBetween(50L, 100L);
    }
}
