// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.sun.management.ThreadMXBean;
import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.Retention;
import io.edgewise.evaluator.shell.EvaluatorLoop;
import io.edgewise.evaluator.shell.EvaluatorRole;
import io.edgewise.evaluator.shell.EvaluatorSettings;
import io.edgewise.evaluator.shell.KafkaDeadLetters;
import io.edgewise.evaluator.shell.LoopStats;
import io.edgewise.evaluator.shell.WindowKeeper;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/// A running evaluator and its keeper, as in a server. The evaluator's work is measured on its own thread:
/// from the end of the poll that brought the first records (which may have joined the group and loaded what
/// is stored) to the end of the poll that committed the last one.
final class Counting implements AutoCloseable {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long PATIENCE_NANOS = 90_000_000_000L;
    private static final EvaluatorPolicy POLICY = new EvaluatorPolicy(86_400_000, 15_000, 50);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final EvaluatorLoop loop;
    private final LoopThread thread;
    private final LoopThread keeper;
    private volatile boolean isAwaiting = true;
    private volatile long recordsBefore;
    private volatile @Nullable Mark began;
    private volatile @Nullable Mark stored;

    /// Where the evaluator's two threads stood at one instant.
    private record Mark(
            long nanos,
            long loopCpuNanos,
            long writerCpuNanos,
            long allocated,
            long records,
            long flushMs,
            long standMs,
            long rowsMs,
            long flushes,
            long partRows,
            long keys,
            long logBytes) {}

    /// Milliseconds between flushes where nobody says otherwise.
    static final long USUAL_FLUSH_MS = 250;

    Counting(KafkaSettings kafka, Database database) {
        this(kafka, database, USUAL_FLUSH_MS);
    }

    Counting(KafkaSettings kafka, Database database, long flushMs) {
        loop = loop(kafka, database, flushMs);
        thread = new LoopThread("evaluator", new Metered()).start();
        keeper = new LoopThread("keeper", new WindowKeeper(database, InstantSource.system(), POLICY, Retention.DEFAULT))
                .start();
    }

    /// An evaluator with the settings that it has in a server.
    static EvaluatorLoop loop(KafkaSettings kafka, Database database) {
        return loop(kafka, database, USUAL_FLUSH_MS);
    }

    private static EvaluatorLoop loop(KafkaSettings kafka, Database database, long flushMs) {
        return new EvaluatorLoop(
                new KafkaConsumer<>(EvaluatorRole.consumerProperties(kafka)),
                new KafkaDeadLetters(kafka),
                database,
                EvaluatorProcess.SECRETS,
                new EvaluatorSettings(flushMs, POLICY),
                InstantSource.system());
    }

    /// Counts all that the topic holds, from its beginning.
    static Work drain(Ground ground, long records) throws Exception {
        try (Counting counting = new Counting(ground.kafka(), ground.database())) {
            Work work = counting.await(records);
            ground.account().require(records);
            return work;
        }
    }

    LoopStats stats() {
        return loop.stats();
    }

    /// From now on a new measurement, which begins with the next record.
    void begin() {
        began = null;
        stored = null;
        recordsBefore = loop.stats().records();
        isAwaiting = true;
    }

    /// What was done since the beginning. Empty when nothing was stored yet.
    @Nullable
    Work soFar() {
        Mark from = began;
        Mark to = stored;
        return from == null || to == null ? null : work(from, to);
    }

    /// Waits until so many records since the beginning are committed.
    Work await(long records) throws InterruptedException {
        long lastRecords = -1;
        long lastChange = System.nanoTime();
        while (true) {
            Mark from = began;
            Mark to = stored;
            long now = to == null ? 0 : to.records - recordsBefore;
            if (from != null && to != null && now >= records && to.records > from.records) {
                return work(from, to);
            }
            if (now >= records) {
                throw new IllegalArgumentException(records + " observations came in one batch; give more");
            }
            if (now != lastRecords) {
                lastRecords = now;
                lastChange = System.nanoTime();
            } else if (System.nanoTime() - lastChange > PATIENCE_NANOS) {
                throw new IllegalStateException("the evaluator stands still at " + now + " of " + records
                        + " observations; its trouble: \"" + thread.trouble() + "\", stopped: " + loop.stopped());
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        thread.stop(STOP);
        keeper.stop(STOP);
    }

    private static Work work(Mark from, Mark to) {
        return new Work(
                to.records - from.records,
                to.nanos - from.nanos,
                to.loopCpuNanos - from.loopCpuNanos,
                to.writerCpuNanos - from.writerCpuNanos,
                to.allocated - from.allocated,
                new Work.Stored(
                        to.flushes - from.flushes,
                        to.flushMs - from.flushMs,
                        to.standMs - from.standMs,
                        to.rowsMs - from.rowsMs,
                        to.partRows - from.partRows,
                        to.keys - from.keys,
                        to.logBytes - from.logBytes));
    }

    /// The thread that stores what was counted; -1 before the first flush, when there is none.
    private static long writer() {
        for (ThreadInfo each : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (each != null && each.getThreadName().equals("edgewise-evaluator-writer")) {
                return each.getThreadId();
            }
        }
        return -1;
    }

    private Mark mark(long records, long writer) {
        LoopStats stats = loop.stats();
        return new Mark(
                System.nanoTime(),
                THREADS.getCurrentThreadCpuTime(),
                writer < 0 ? 0 : THREADS.getThreadCpuTime(writer),
                THREADS.getCurrentThreadAllocatedBytes() + (writer < 0 ? 0 : THREADS.getThreadAllocatedBytes(writer)),
                records,
                stats.flushMs(),
                stats.standMs(),
                stats.rowsMs(),
                stats.flushes(),
                stats.partRows(),
                stats.keys(),
                stats.logBytes());
    }

    private final class Metered implements LoopThread.Loop {
        private long flushes;

        @Override
        public void poll() throws Exception {
            loop.poll();
            LoopStats stats = loop.stats();
            if (isAwaiting && stats.records() > recordsBefore) {
                began = mark(stats.records(), writer());
                isAwaiting = false;
                flushes = stats.flushes();
            } else if (!isAwaiting && stats.flushes() != flushes) {
                flushes = stats.flushes();
                stored = mark(stats.storedRecords(), writer());
            }
        }

        @Override
        public void recover() {
            loop.recover();
        }

        @Override
        public void wakeUp() {
            loop.wakeUp();
        }

        @Override
        public void close() throws Exception {
            loop.close();
        }
    }
}
