// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import java.util.function.ToDoubleFunction;

/// What an observation costs as the number of rollouts, devices, partitions and the history grow, and what each of them
/// takes in memory. Costs are those of a fleet that was seen before: records of every
/// device come first, and an evaluator that counts them; then another one starts and is measured.
///
/// Cases take turns for several rounds, every second one backwards; a ratio is one of the same round. The baseline is
/// one rollout with the same slices. An observation costs something, and so does every key that a flush touches: both
/// are said, measured apart by thread, and as a straight line through the CPU time of both.
public final class Rollouts {
    private static final int DEFAULT_OBSERVATIONS = 1_000_000;
    private static final int DEFAULT_ROUNDS = 3;
    private static final int DEVICES = 20_000;
    private static final int MANY_DEVICES = 500_000;
    private static final int MANY_ROLLOUTS = 1_000;
    private static final int HISTORY_MINUTES = 1_200;
    private static final long MINUTE_MS = 60_000;

    /// Eight slices, and each observation counts in all of them: "all", one device class and six attributes of one
    /// value.
    private static final Traffic EIGHT = Traffic.of(DEVICES).withAttributes(6, 1);

    private static final Case ONE = new Case("1 rollout", EIGHT);
    private static final Case TEN = new Case("10 rollouts", EIGHT.withRollouts(10));
    private static final Case HUNDRED = new Case("100 rollouts", EIGHT.withRollouts(100));
    private static final Case MANY = new Case("1,000 rollouts", EIGHT.withRollouts(MANY_ROLLOUTS));
    private static final Case FEW_DEVICES = new Case("1,000 devices", Traffic.of(1_000));
    private static final Case MOST_DEVICES = new Case("500,000 devices", Traffic.of(MANY_DEVICES));
    private static final Case ONE_PARTITION = new Case("1 partition", EIGHT.withPartitions(1));
    private static final Case TWO_PARTITIONS = new Case("2 partitions", EIGHT.withPartitions(2));
    private static final Case FOUR_PARTITIONS = new Case("4 partitions", EIGHT.withPartitions(4));
    private static final Case HOT_ROLLOUT = new Case("hot rollout", HUNDRED.traffic.withHot(Traffic.Hot.ONE_ROLLOUT));
    private static final Case HOT_DEVICE = new Case("hot device", HUNDRED.traffic.withHot(Traffic.Hot.ONE_DEVICE));
    private static final Case HISTORY = new Case("history", TEN.traffic);

    private static final List<Case> BY_ROLLOUTS = List.of(ONE, TEN, HUNDRED, MANY);
    private static final List<Case> BY_DEVICES = List.of(
            FEW_DEVICES,
            new Case("10,000 devices", Traffic.of(10_000)),
            new Case("100,000 devices", Traffic.of(100_000)),
            MOST_DEVICES);
    /// The last one has all.
    private static final List<Case> BY_PARTITIONS = List.of(ONE_PARTITION, TWO_PARTITIONS, FOUR_PARTITIONS, ONE);

    private final Ground ground;
    private final int observations;
    private final int rounds;
    private final Map<Case, List<Turn>> turns = new LinkedHashMap<>();

    private Rollouts(Ground ground, int observations, int rounds) {
        this.ground = ground;
        this.observations = observations;
        this.rounds = rounds;
    }

    private record Case(String name, Traffic traffic) {}

    /// One measurement of a case.
    ///
    /// @param heap that the evaluator held after a collection, beyond what there was before it started
    /// @param windowRows stored by then
    private record Turn(Work work, long heap, long windowRows) {}

    public static void main(String[] arguments) throws Exception {
        int observations = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_OBSERVATIONS;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_ROUNDS;
        if (rounds < 1) {
            throw new IllegalArgumentException("at least one round");
        }
        try (Ground ground = Ground.open()) {
            new Rollouts(ground, observations, rounds).run();
        }
    }

    private void run() throws Exception {
        List<Case> order = new ArrayList<>(BY_ROLLOUTS);
        order.addAll(List.of(ONE_PARTITION, TWO_PARTITIONS, FOUR_PARTITIONS, HOT_ROLLOUT, HOT_DEVICE, HISTORY));
        order.addAll(BY_DEVICES);
        measure(ONE);
        measure(MANY);
        for (int round = 0; round < rounds; round++) {
            System.out.printf("round %d of %d%n", round + 1, rounds);
            for (Case each : round % 2 == 0 ? order : order.reversed()) {
                turns.computeIfAbsent(each, _ -> new ArrayList<>()).add(measure(each));
            }
        }
        write();
    }

    /// First the records that make the state, then those that are measured, which are of now.
    private Turn measure(Case what) throws Exception {
        ground.clear();
        long now = System.currentTimeMillis();
        LongUnaryOperator firstEventsMs = what.equals(HISTORY) ? i -> now - i % HISTORY_MINUTES * MINUTE_MS : _ -> now;
        Fleet fleet = new Fleet(what.traffic, 1);
        int first = Math.max(what.traffic.devices(), observations / 2);
        Feed.fill(ground, fleet, first, firstEventsMs);
        Counting.drain(ground, first);
        Feed.fill(ground, fleet, observations);
        long heapBefore = Ground.heapAfterCollection();
        try (Counting counting = new Counting(ground.kafka(), ground.database())) {
            Work work = counting.await(observations);
            long heap = Ground.heapAfterCollection() - heapBefore;
            ground.account().require((long) first + observations);
            System.out.printf(
                    "%s: %.0f/s, %.0f ns each to count and %.0f ns to store, %.3f keys each, %d MB%n",
                    what.name, work.perSecond(), work.loopCpuEach(), work.writerCpuEach(), work.keysEach(), heap >> 20);
            return new Turn(
                    work,
                    heap,
                    ground.number("SELECT (SELECT count(*) FROM evaluator.window_delta)"
                            + " + (SELECT count(*) FROM evaluator.window_minute)"));
        }
    }

    private void write() throws Exception {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("observationsEachCase", observations);
        more.put("rounds", rounds);
        more.put("byRollouts", said(BY_ROLLOUTS));
        more.put("manyRolloutsToOne", ratios(MANY, ONE));
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("bothThreads", line(Work::cpuEach));
        model.put("loop", line(Work::loopCpuEach));
        model.put("writer", line(Work::writerCpuEach));
        more.put("costModel", model);
        more.put("byDevices", said(BY_DEVICES));
        more.put("heapBytesPerDevice", (heap(MOST_DEVICES) - heap(FEW_DEVICES)) / (MANY_DEVICES - 1_000));
        more.put("heapBytesPerKey", (heap(MANY) - heap(ONE)) / (MANY.traffic.keys() - ONE.traffic.keys()));
        more.put("byPartitions", said(BY_PARTITIONS));
        more.put(
                "partitions2To1PerSecond",
                perSecond(TWO_PARTITIONS, ONE_PARTITION).said());
        more.put(
                "partitions4To2PerSecond",
                perSecond(FOUR_PARTITIONS, TWO_PARTITIONS).said());
        more.put(
                "partitions4To1PerSecond",
                perSecond(FOUR_PARTITIONS, ONE_PARTITION).said());
        Map<String, Object> hot = new LinkedHashMap<>();
        hot.put("uniform", said(HUNDRED));
        for (Case each : List.of(HOT_ROLLOUT, HOT_DEVICE)) {
            Map<String, Object> said = said(each);
            said.put("toUniform", ratios(each, HUNDRED));
            hot.put(each.traffic.hot().name(), said);
        }
        more.put("hotKeys", hot);
        Map<String, Object> history = said(HISTORY);
        history.put("minutesStored", HISTORY_MINUTES);
        history.put("windowRows", of(HISTORY).getLast().windowRows);
        history.put("toFresh", ratios(HISTORY, TEN));
        more.put("history", history);
        new Result(
                        "rollouts",
                        spread(MANY, Work::cpuEach).median(),
                        "ns of the evaluator's two threads per observation, 1,000 live rollouts x 8 slices, all keys that"
                                + " flushes touched included",
                        spread(ONE, Work::cpuEach).median(),
                        "the same with one rollout",
                        "benchmarks/run rollouts " + observations + ' ' + rounds,
                        more)
                .write();
    }

    private List<Turn> of(Case what) {
        return turns.getOrDefault(what, List.of());
    }

    private List<Work> all(List<Case> cases) {
        return cases.stream().flatMap(each -> of(each).stream()).map(Turn::work).toList();
    }

    /// Median of the rounds.
    private long heap(Case what) {
        return (long)
                Spread.of(of(what).stream().map(turn -> (double) turn.heap).toList())
                        .median();
    }

    private Spread spread(Case what, ToDoubleFunction<Work> figure) {
        return Spread.of(
                of(what).stream().map(turn -> figure.applyAsDouble(turn.work)).toList());
    }

    /// One case to another, each in the same round.
    private Spread ratio(Case what, Case to, ToDoubleFunction<Work> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            ratios.add(figure.applyAsDouble(of(what).get(round).work) / figure.applyAsDouble(of(to).get(round).work));
        }
        return Spread.of(ratios);
    }

    private Spread perSecond(Case what, Case to) {
        return ratio(what, to, Work::perSecond);
    }

    private Map<String, Object> ratios(Case what, Case to) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("wall", ratio(what, to, Work::wallEach).said());
        said.put("threadCpu", ratio(what, to, Work::cpuEach).said());
        said.put("loopCpu", ratio(what, to, Work::loopCpuEach).said());
        return said;
    }

    private List<Object> said(List<Case> cases) {
        List<Object> all = new ArrayList<>();
        cases.forEach(each -> all.add(said(each)));
        return all;
    }

    /// The round in the middle by CPU time, and where the others lie.
    private Map<String, Object> said(Case what) {
        double middle = spread(what, Work::cpuEach).median();
        Work median = of(what).stream()
                .map(Turn::work)
                .filter(work -> work.cpuEach() == middle)
                .findFirst()
                .orElseThrow();
        Map<String, Object> said = new LinkedHashMap<>(what.traffic.said());
        said.put("heapBytes", heap(what));
        said.putAll(median.said());
        said.put("keysPerObservation", Work.rounded(median.keysEach()));
        Map<String, Object> ofRounds = new LinkedHashMap<>();
        ofRounds.put("perSecond", spread(what, Work::perSecond).said());
        ofRounds.put("threadCpuNanosEach", spread(what, Work::cpuEach).said());
        ofRounds.put("loopCpuNanosEach", spread(what, Work::loopCpuEach).said());
        ofRounds.put("writerCpuNanosEach", spread(what, Work::writerCpuEach).said());
        said.put("ofRounds", ofRounds);
        return said;
    }

    /// CPU time of an observation by how many keys flushes touched for it: c + cₖ · keys, by least squares, and what of
    /// each case's time is not explained by keys. That is flat, if an observation costs the same with any number of
    /// rollouts.
    private Map<String, Object> line(ToDoubleFunction<Work> cpuEach) {
        List<Work> all = all(BY_ROLLOUTS);
        double meanX = all.stream().mapToDouble(Work::keysEach).average().orElseThrow();
        double meanY = all.stream().mapToDouble(cpuEach).average().orElseThrow();
        double xy = 0;
        double xx = 0;
        for (Work work : all) {
            double x = work.keysEach() - meanX;
            xy += x * (cpuEach.applyAsDouble(work) - meanY);
            xx += x * x;
        }
        double perKey = xy / xx;
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("nanosPerObservation", Math.round(meanY - perKey * meanX));
        said.put("nanosPerKeyAndFlush", Math.round(perKey));
        Map<String, Object> without = new LinkedHashMap<>();
        for (Case what : BY_ROLLOUTS) {
            Spread rest = spread(what, work -> cpuEach.applyAsDouble(work) - perKey * work.keysEach());
            without.put(what.name, rest.said());
        }
        said.put("nanosPerObservationWithoutKeys", without);
        return said;
    }
}
