// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// How long after Kafka took an observation its evidence is there to be read, at half of the greatest rate
/// with 2,000 live keys. The greatest rate is what is counted in a second while more than that is sent, by
/// a sender on the same machine; what a backlog is drained at without one stands beside it. A fleet sends
/// evenly, and probes are timed: records of rollouts of their own, from the append time that the broker
/// gave them to the first read that shows them.
public final class Visibility {
    private static final int DEVICES = 20_000;
    /// With "all", four device classes and one attribute of 15 values each: 2,000 keys.
    private static final int ROLLOUTS = 100;

    private static final int VALUES = 15;
    private static final int DEFAULT_BACKLOG = 1_000_000;
    private static final int DEFAULT_SECONDS = 60;
    private static final int SETTLE_SECONDS = 20;

    /// What a sender waits for before it appends is not counted, and batches of five records would measure
    /// the broker.
    private static final int LINGER_MS = 25;

    private final Ground ground;
    private final Traffic traffic = Traffic.of(DEVICES).withRollouts(ROLLOUTS).withAttributes(1, VALUES);
    private final int backlog;
    private final int seconds;

    private final long flushMs;

    private Visibility(Ground ground, int backlog, int seconds, long flushMs) {
        this.ground = ground;
        this.backlog = backlog;
        this.seconds = seconds;
        this.flushMs = flushMs;
    }

    public static void main(String[] arguments) throws Exception {
        int backlog = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_BACKLOG;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_SECONDS;
        long flushMs = arguments.length > 2 ? Long.parseLong(arguments[2]) : Counting.USUAL_FLUSH_MS;
        try (Ground ground = Ground.open()) {
            new Visibility(ground, backlog, seconds, flushMs).run();
        }
    }

    private void run() throws Exception {
        Fleet fleet = new Fleet(traffic, 1);
        Feed.fill(ground, fleet, backlog);
        Counting.drain(ground, backlog);
        ground.forget();
        Map<String, Object> profile = Profile.of(() -> Counting.drain(ground, backlog), ground.folder());
        ground.forget();
        try (Counting counting = new Counting(ground.kafka(), ground.database(), flushMs)) {
            double greatest = counting.await(backlog).perSecond();
            double carried = carried(counting, fleet, greatest);
            double rate = carried / 2;
            System.out.printf("drained at %.0f/s, carried %.0f/s; sending at %.0f/s%n", greatest, carried, rate);
            Live live = live(counting, fleet, rate);
            write(greatest, carried, live, profile);
        }
    }

    /// What is counted in a second while more than that is sent: sender and broker share the machine with the
    /// evaluator.
    private double carried(Counting counting, Fleet fleet, double tooMuch) throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        Work work;
        long expected;
        try (ExecutorService sender = Executors.newSingleThreadExecutor()) {
            Future<Long> sent = sender.submit(() -> {
                try (Feed feed = new Feed(ground.kafka(), LINGER_MS)) {
                    feed.pace(fleet, tooMuch, isOver::get);
                }
                return fleet.made();
            });
            Thread.sleep(SETTLE_SECONDS * 1_000L);
            counting.begin();
            Thread.sleep(SETTLE_SECONDS * 1_000L);
            work = counting.soFar();
            isOver.set(true);
            expected = sent.get();
        }
        for (int i = 0; i < 600 && ground.account().counted() < expected; i++) {
            Thread.sleep(100);
        }
        ground.account().require(expected);
        if (work == null) {
            throw new IllegalStateException("nothing was stored in " + SETTLE_SECONDS + " s");
        }
        return work.perSecond();
    }

    private record Live(
            Work work,
            List<Long> delays,
            long logBytes,
            Map<String, Object> cores,
            Map<String, Object> rowsPerFlush,
            Map<String, Object> waits) {}

    private Live live(Counting counting, Fleet fleet, double rate) throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        try (ExecutorService sender = Executors.newSingleThreadExecutor();
                Probes probes = new Probes(ground)) {
            Future<Long> sent = sender.submit(() -> {
                try (Feed feed = new Feed(ground.kafka(), LINGER_MS)) {
                    feed.pace(fleet, rate, isOver::get);
                }
                return fleet.made();
            });
            try {
                Thread.sleep(SETTLE_SECONDS * 1_000L);
                counting.begin();
                long logBefore = ground.logBytes();
                TableWrites writes = TableWrites.since(ground, counting.stats());
                ThreadCosts costs = new ThreadCosts();
                List<Long> delays;
                Map<String, Object> waits;
                try (DatabaseWaits looking = new DatabaseWaits(ground)) {
                    delays = probes.run(seconds);
                    waits = looking.said();
                }
                Map<String, Object> cores = costs.said();
                Map<String, Object> rowsPerFlush = writes.perFlush();
                Work work = counting.soFar();
                if (work == null) {
                    throw new IllegalStateException("nothing was stored in " + seconds + " s");
                }
                return new Live(work, delays, ground.logBytes() - logBefore, cores, rowsPerFlush, waits);
            } finally {
                isOver.set(true);
                requireAll(sent, probes);
            }
        }
    }

    private void requireAll(Future<Long> sent, Probes probes) throws Exception {
        try {
            long expected = sent.get() + probes.sent();
            for (int i = 0; i < 600 && ground.account().counted() < expected; i++) {
                Thread.sleep(100);
            }
            ground.account().require(expected);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the fleet could not send", e.getCause());
        }
    }

    private void write(double greatest, double carried, Live live, Map<String, Object> profile) throws Exception {
        Map<String, Object> more = new LinkedHashMap<>(traffic.said());
        more.put("brokerOn", ground.brokerOn());
        more.put("flushIntervalMs", flushMs);
        more.put("drainedPerSecond", Math.round(greatest));
        more.put("carriedPerSecond", Math.round(carried));
        more.put("probes", live.delays.size());
        Consumer<Integer> percentile = p -> more.put("p" + p + "Ms", Work.percentile(live.delays, p));
        List.of(50, 90, 99).forEach(percentile);
        more.put("longestMs", live.delays.getLast());
        more.put("flushShareOfWall", Work.rounded(live.work.flushShare()));
        more.put("loopStandsShareOfWall", Work.rounded(live.work.standShare()));
        more.put("writerBusyShareOfWall", Work.rounded(live.work.writerShare()));
        more.put("rowsPerFlush", live.rowsPerFlush);
        more.put("evaluator", live.work.said());
        more.put("sessionsOfPostgres", live.waits);
        more.put("coresByThread", live.cores);
        more.put("profileOfBacklog", profile);
        more.put("postgresLogMegabytesPerSecond", Work.rounded(live.logBytes * 1e3 / live.work.nanos()));
        more.put("tallyBytes", ground.tallyBytes());
        more.put("evidenceRowsStored", ground.number("SELECT count(*) FROM evaluator.evidence"));
        boolean isUsual = flushMs == Counting.USUAL_FLUSH_MS;
        new Result(
                        isUsual ? "visibility" : "visibility-" + flushMs,
                        Work.percentile(live.delays, 99),
                        "ms from Kafka's append time to readable in PostgreSQL, p99",
                        1_000,
                        "ms that are allowed",
                        "benchmarks/run visibility " + backlog + ' ' + seconds + (isUsual ? "" : " " + flushMs),
                        more)
                .write();
    }
}
