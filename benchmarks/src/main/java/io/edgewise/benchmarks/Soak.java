// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

/// One evaluator under an even load for a long time: heap after a collection, size of the tables and cost of an
/// observation each minute, and how much each of them grew. It judges nothing; the slopes do.
public final class Soak {
    private static final int DEVICES = 20_000;
    private static final int DEFAULT_ROLLOUTS = 1_000;
    private static final int DEFAULT_MINUTES = 30;
    private static final int DEFAULT_RATE = 10_000;
    private static final double MEGABYTE = 1 << 20;

    private final Ground ground;
    private final int minutes;
    private final int rate;
    private final Traffic traffic;

    private Soak(Ground ground, int minutes, int rate, int rollouts) {
        this.ground = ground;
        this.minutes = minutes;
        this.rate = rate;
        this.traffic = Traffic.of(DEVICES).withRollouts(rollouts).withAttributes(6, 1);
    }

    public static void main(String[] arguments) throws Exception {
        int minutes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_MINUTES;
        int rate = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_RATE;
        int rollouts = arguments.length > 2 ? Integer.parseInt(arguments[2]) : DEFAULT_ROLLOUTS;
        try (Ground ground = Ground.open()) {
            new Soak(ground, minutes, rate, rollouts).run();
        }
    }

    /// @param tables bytes by name
    private record Minute(int number, long heap, long tableBytes, Map<String, Object> tables, Work work) {
        double cpuEach() {
            return work.cpuEach();
        }
    }

    private void run() throws Exception {
        Fleet fleet = new Fleet(traffic, 1);
        long heapBefore = Ground.heapAfterCollection();
        List<Minute> all = new ArrayList<>();
        AtomicBoolean isOver = new AtomicBoolean();
        try (Counting counting = new Counting(ground.kafka(), ground.database());
                ExecutorService sender = Executors.newSingleThreadExecutor()) {
            Future<Long> sending = sender.submit(() -> {
                try (Feed feed = new Feed(ground.kafka(), 5)) {
                    feed.pace(fleet, rate, isOver::get);
                }
                return fleet.made();
            });
            try {
                // Minute 0 warms up.
                for (int i = 0; i <= minutes; i++) {
                    Minute minute = minute(i, counting);
                    if (i > 0) {
                        all.add(minute);
                    }
                    if (sending.isDone()) {
                        sending.get();
                    }
                }
            } finally {
                isOver.set(true);
            }
            long expected = sending.get();
            for (int i = 0; i < 600 && ground.account().counted() < expected; i++) {
                Thread.sleep(100);
            }
            ground.account().require(expected);
            write(all, expected, heapBefore);
        }
    }

    private Minute minute(int number, Counting counting) throws Exception {
        counting.begin();
        Thread.sleep(60_000);
        Work work = counting.soFar();
        if (work == null || work.records() == 0) {
            throw new IllegalStateException("nothing was counted in minute " + number);
        }
        Map<String, Object> tables = ground.tableBytes();
        long bytes = tables.values().stream().mapToLong(each -> (Long) each).sum();
        Minute minute = new Minute(number, Ground.heapAfterCollection(), bytes, tables, work);
        System.out.printf(
                "minute %d: %.0f/s, %.0f ns of the thread each, heap %.0f MB, tables %.0f MB %s%n",
                number, work.perSecond(), minute.cpuEach(), minute.heap / MEGABYTE, bytes / MEGABYTE, tables);
        return minute;
    }

    private void write(List<Minute> all, long observations, long heapBefore) throws Exception {
        List<Object> said = new ArrayList<>();
        for (Minute minute : all) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("minute", minute.number);
            one.put("heapBytes", minute.heap);
            one.put("tables", minute.tables);
            one.putAll(minute.work.said());
            said.add(one);
        }
        double heapSlope = slope(all, minute -> (double) minute.heap);
        Map<String, Object> more = new LinkedHashMap<>(traffic.said());
        more.put("observations", observations);
        more.put("inputPerSecond", rate);
        more.put("heapBytesBeforeItStarted", heapBefore);
        more.put("highestHeapBytes", all.stream().mapToLong(Minute::heap).max().orElse(0));
        more.put("heapLimitBytes", Runtime.getRuntime().maxMemory());
        more.put("heapBytesPerMinute", Math.round(heapSlope));
        more.put("tableBytesPerMinute", Math.round(slope(all, minute -> (double) minute.tableBytes)));
        more.put(
                "partBytesPerMinute",
                Math.round(slope(all, minute -> ((Number) minute.tables.getOrDefault("part", 0L)).doubleValue())));
        more.put("threadCpuNanosEachPerMinute", Work.rounded(slope(all, Minute::cpuEach)));
        more.put("tallyBytes", ground.tallyBytes());
        more.put("minutes", said);
        new Result(
                        "soak",
                        all.getLast().heap / MEGABYTE,
                        "MB of heap after a collection in the last minute, broker included",
                        all.getFirst().heap / MEGABYTE,
                        "the same in the first minute",
                        "benchmarks/run soak " + minutes + ' ' + rate + ' ' + traffic.rollouts(),
                        more)
                .write();
    }

    /// Growth in a minute, by least squares; 0 for fewer than two minutes.
    private static double slope(List<Minute> all, ToDoubleFunction<Minute> figure) {
        double meanX = all.stream().mapToInt(Minute::number).average().orElse(0);
        double meanY = all.stream().mapToDouble(figure).average().orElse(0);
        double xy = 0;
        double xx = 0;
        for (Minute minute : all) {
            double x = minute.number - meanX;
            xy += x * (figure.applyAsDouble(minute) - meanY);
            xx += x * x;
        }
        return xx == 0 ? 0 : xy / xx;
    }
}
