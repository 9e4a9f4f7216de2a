// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On a metered network or a nearly empty battery records wait.
class SparingTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void nothingIsSentWhileTheDeviceSparesAndAllOfItAfterwards() throws Exception {
        List<Long> arrived = new CopyOnWriteArrayList<>();
        List<Integer> arrivedWhileSparing = new CopyOnWriteArrayList<>();
        AtomicInteger looks = new AtomicInteger();
        Uploader.Road road = record -> {
            arrived.add(TestFormat.parse(record).getSeq());
            return CompletableFuture.completedFuture(null);
        };
        try (Spool spool = Spool.open(
                folder, Map.of(Lane.OBSERVATIONS, new TestFormat()), new Bounds(1000, 1 << 20, Duration.ofMillis(1)))) {
            for (int i = 0; i < 10; i++) {
                spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("x" + i))
                        .get();
            }
            Uploader uploader = new Uploader(spool, Lane.OBSERVATIONS, road, new Backoff(1, 2, () -> 1L), () -> {
                boolean isSparing = looks.incrementAndGet() < 3;
                if (isSparing) {
                    arrivedWhileSparing.add(arrived.size());
                }
                return isSparing;
            });
            Thread thread = Thread.ofVirtual().start(uploader);

            assertThat(spool.awaitIdle(20_000)).isTrue();
            uploader.stop();
            thread.interrupt();
            thread.join();
        }
        assertThat(arrivedWhileSparing).containsExactly(0, 0);
        assertThat(arrived).hasSize(10);
    }

    /// More come in such a pause than a window holds: with a window for each, the spool would fill for ever.
    @Test
    void whatGatheredInAPauseGoesUpWithoutAnotherOne() throws Exception {
        AtomicInteger pauses = new AtomicInteger();
        List<Long> arrived = new CopyOnWriteArrayList<>();
        Uploader.Road road = record -> {
            arrived.add(TestFormat.parse(record).getSeq());
            return CompletableFuture.completedFuture(null);
        };
        try (Spool spool = Spool.open(
                folder, Map.of(Lane.OBSERVATIONS, new TestFormat()), new Bounds(1000, 1 << 20, Duration.ofMillis(1)))) {
            for (int i = 0; i < 600; i++) {
                CompletableFuture<Long> _ = spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("x" + i));
            }
            spool.append(Lane.OBSERVATIONS, Weight.KEEP, TestFormat.body("last"))
                    .get();
            Uploader uploader = new Uploader(
                    spool,
                    Lane.OBSERVATIONS,
                    road,
                    new Backoff(1, 2, () -> 1L),
                    new Uploader.Sparing(() -> pauses.incrementAndGet() > 0, 1));
            Thread thread = Thread.ofVirtual().start(uploader);

            assertThat(spool.awaitIdle(20_000)).isTrue();
            uploader.stop();
            thread.interrupt();
            thread.join();
        }
        assertThat(pauses).hasValue(1);
        assertThat(arrived).hasSize(601).isSorted();
    }
}
