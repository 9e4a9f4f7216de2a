// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/// What an observation costs as the number of rollouts, devices, partitions and the history grow, and what each of them
/// takes in memory. Costs are those of a fleet that was seen before: records of every
/// device come first, and an evaluator that counts them; then another one starts and is measured.
///
/// The baseline is one rollout with the same slices, measured before and after all others.
public final class Rollouts {
    private static final int DEFAULT_OBSERVATIONS = 500_000;
    private static final int DEVICES = 20_000;
    private static final int MOST_ROLLOUTS = 1_000;
    private static final int HISTORY_MINUTES = 1_200;
    private static final long MINUTE_MS = 60_000;

    private final Ground ground;
    private final int observations;

    private Rollouts(Ground ground, int observations) {
        this.ground = ground;
        this.observations = observations;
    }

    public static void main(String[] arguments) throws Exception {
        int observations = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_OBSERVATIONS;
        try (Ground ground = Ground.open()) {
            new Rollouts(ground, observations).run();
        }
    }

    /// One measured case.
    ///
    /// @param heap that the evaluator held after a collection, beyond what there was before it started
    private record Case(Work work, long heap) {
        Map<String, Object> said(Traffic traffic) {
            Map<String, Object> said = new LinkedHashMap<>(traffic.said());
            said.put("heapBytes", heap);
            said.putAll(work.said());
            return said;
        }

        double cpuEach() {
            return (double) work.cpuNanos() / work.records();
        }

        double wallEach() {
            return (double) work.nanos() / work.records();
        }
    }

    private void run() throws Exception {
        Traffic one = eight(DEVICES);
        measure("warm-up", one);
        Case before = measure("one rollout", one);
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("observationsEachCase", observations);
        Case many = rollouts(one, more);
        devices(more);
        partitions(one, more);
        hotKeys(more);
        history(one, more);
        Case after = measure("one rollout again", one);
        more.put("baselineBefore", before.said(one));
        more.put("baselineAfter", after.said(one));
        new Result(
                        "rollouts",
                        many.cpuEach(),
                        "ns of the evaluator's thread per observation, 1,000 live rollouts x 8 slices",
                        (before.cpuEach() + after.cpuEach()) / 2,
                        "the same with one rollout",
                        "benchmarks/run rollouts " + observations,
                        more)
                .write();
    }

    /// Eight slices, and each observation counts in all of them: "all", one device class and six attributes of one
    /// value.
    private static Traffic eight(int devices) {
        return Traffic.of(devices).withAttributes(6, 1);
    }

    private Case rollouts(Traffic one, Map<String, Object> more) throws Exception {
        List<Object> all = new ArrayList<>();
        Case last = null;
        for (int rollouts = 1; rollouts <= MOST_ROLLOUTS; rollouts *= 10) {
            Traffic traffic = one.withRollouts(rollouts);
            last = measure(rollouts + " rollouts", traffic);
            all.add(last.said(traffic));
        }
        more.put("byRollouts", all);
        if (last == null) {
            throw new IllegalStateException("no case was measured");
        }
        return last;
    }

    private void devices(Map<String, Object> more) throws Exception {
        List<Object> all = new ArrayList<>();
        Case fewest = null;
        Case most = null;
        for (int devices : new int[] {1_000, 10_000, 100_000, 500_000}) {
            Traffic traffic = Traffic.of(devices);
            most = measure(devices + " devices", traffic);
            fewest = fewest == null ? most : fewest;
            all.add(most.said(traffic));
        }
        more.put("byDevices", all);
        if (fewest != null && most != null) {
            more.put("heapBytesPerDevice", (most.heap - fewest.heap) / (500_000 - 1_000));
        }
    }

    private void partitions(Traffic one, Map<String, Object> more) throws Exception {
        List<Object> all = new ArrayList<>();
        for (int partitions : new int[] {1, 2, 4, 64}) {
            Traffic traffic = one.withPartitions(partitions);
            all.add(measure(partitions + " partitions", traffic).said(traffic));
        }
        more.put("byPartitions", all);
    }

    private void hotKeys(Map<String, Object> more) throws Exception {
        Map<String, Object> all = new LinkedHashMap<>();
        Traffic uniform = eight(DEVICES).withRollouts(100);
        Case even = measure("uniform keys", uniform);
        all.put("uniform", even.said(uniform));
        for (Traffic.Hot hot : List.of(Traffic.Hot.ONE_ROLLOUT, Traffic.Hot.ONE_DEVICE)) {
            Traffic traffic = uniform.withHot(hot);
            Case heated = measure(hot.name(), traffic);
            Map<String, Object> said = heated.said(traffic);
            said.put("wallToUniform", Work.rounded(heated.wallEach() / even.wallEach()));
            said.put("threadCpuToUniform", Work.rounded(heated.cpuEach() / even.cpuEach()));
            all.put(hot.name(), said);
        }
        more.put("hotKeys", all);
    }

    private void history(Traffic one, Map<String, Object> more) throws Exception {
        Traffic traffic = one.withRollouts(10);
        Case fresh = measure("fresh", traffic);
        long now = System.currentTimeMillis();
        Case old = measure("history", traffic, i -> now - i % HISTORY_MINUTES * MINUTE_MS);
        Map<String, Object> said = old.said(traffic);
        said.put("minutesStored", HISTORY_MINUTES);
        said.put("windowDeltaRows", ground.number("SELECT count(*) FROM evaluator.window_delta"));
        said.put("threadCpuToFresh", Work.rounded(old.cpuEach() / fresh.cpuEach()));
        said.put("wallToFresh", Work.rounded(old.wallEach() / fresh.wallEach()));
        more.put("fresh", fresh.said(traffic));
        more.put("history", said);
    }

    private Case measure(String name, Traffic traffic) throws Exception {
        long now = System.currentTimeMillis();
        return measure(name, traffic, i -> now);
    }

    /// First the records that make the state, then those that are measured, which are of now.
    private Case measure(String name, Traffic traffic, LongUnaryOperator firstEventsMs) throws Exception {
        ground.clear();
        Fleet fleet = new Fleet(traffic, 1);
        int first = Math.max(traffic.devices(), observations / 2);
        Feed.fill(ground, fleet, first, firstEventsMs);
        Counting.drain(ground, first);
        Feed.fill(ground, fleet, observations);
        long heapBefore = Ground.heapAfterCollection();
        try (Counting counting = new Counting(ground.kafka(), ground.database())) {
            Work work = counting.await(observations);
            Case measured = new Case(work, Ground.heapAfterCollection() - heapBefore);
            ground.account().require((long) first + observations);
            System.out.printf(
                    "%s: %.0f/s, %.0f ns of the thread each, %d MB%n",
                    name, work.perSecond(), measured.cpuEach(), measured.heap >> 20);
            return measured;
        }
    }
}
