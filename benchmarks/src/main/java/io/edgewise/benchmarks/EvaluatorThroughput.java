// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Observations a second from Kafka to committed in PostgreSQL (fsync on), one instance, beside a loop that consumes
/// and decodes the same records in the same run. Broker, database and evaluator share the machine.
///
/// Every side reads the topic once to warm up; then the sides take turns, and the median of the turns counts.
public final class EvaluatorThroughput {
    private static final int DEVICES = 100_000;
    private static final int DEFAULT_OBSERVATIONS = 2_000_000;
    private static final int DEFAULT_ROUNDS = 3;
    private static final double MEGABYTE = 1e6;

    private final Ground ground;
    private final int observations;
    private final int rounds;

    private EvaluatorThroughput(Ground ground, int observations, int rounds) {
        this.ground = ground;
        this.observations = observations;
        this.rounds = rounds;
    }

    /// One turn of every side.
    private record Round(Reading.Pace raw, Reading.Pace decoded, Work evaluated) {
        double ratio() {
            return evaluated.perSecond() / decoded.perSecond();
        }
    }

    public static void main(String[] arguments) throws Exception {
        int observations = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_OBSERVATIONS;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_ROUNDS;
        if (rounds < 1 || observations < DEVICES / 10) {
            throw new IllegalArgumentException("at least one round of " + DEVICES / 10 + " observations");
        }
        try (Ground ground = Ground.open()) {
            new EvaluatorThroughput(ground, observations, rounds).run();
        }
    }

    private void run() throws Exception {
        Traffic all = Traffic.of(DEVICES);
        Traffic sliced = all.withAttributes(7, 4);
        Map<String, Object> more = new LinkedHashMap<>();
        Round plain = measure("allOnly", all, more);
        ground.clear();
        Round eight = measure("eightSlices", sliced, more);
        more.put("ratioToConsumeAndDecodeAllOnly", Work.rounded(plain.ratio()));
        more.put("ratioToConsumeAndDecodeEightSlices", Work.rounded(eight.ratio()));
        new Result(
                        "evaluator",
                        plain.evaluated.perSecond(),
                        "observations/s, Kafka to committed in PostgreSQL, slice \"all\"",
                        plain.decoded.perSecond(),
                        "records/s of one thread that consumes and parses the same records",
                        "benchmarks/run evaluator " + observations + ' ' + rounds,
                        more)
                .write();
    }

    private Round measure(String name, Traffic traffic, Map<String, Object> more) throws Exception {
        Fleet fleet = new Fleet(traffic, 1);
        Feed.fill(ground, fleet, observations);
        Reading reading = new Reading();
        round(reading);
        List<Round> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            Round round = round(reading);
            System.out.printf(
                    "%s: raw %.0f/s, decoded %.0f/s, evaluated %.0f/s, ratio %.3f%n",
                    name, round.raw.perSecond(), round.decoded.perSecond(), round.evaluated.perSecond(), round.ratio());
            measured.add(round);
        }
        measured.sort(Comparator.comparingDouble(Round::ratio));
        Round median = measured.get(measured.size() / 2);
        Map<String, Object> said = new LinkedHashMap<>(traffic.said());
        double bytesEach = (double) fleet.bytes() / observations;
        said.put("bytesEach", Math.round(bytesEach));
        said.put("megabytesPerSecond", Work.rounded(median.evaluated.perSecond() * bytesEach / MEGABYTE));
        said.put("rawConsumerPerSecond", Math.round(median.raw.perSecond()));
        said.put("consumeAndDecodePerSecond", Math.round(median.decoded.perSecond()));
        said.put("ratioToConsumeAndDecode", Work.rounded(median.ratio()));
        said.put("ratioToRawConsumer", Work.rounded(median.evaluated.perSecond() / median.raw.perSecond()));
        said.put("consumeAndDecodeThreadCpuNanosEach", Math.round(median.decoded.cpuNanosEach()));
        said.put("lowestRatio", Work.rounded(measured.getFirst().ratio()));
        said.put("highestRatio", Work.rounded(measured.getLast().ratio()));
        said.put("evaluator", median.evaluated.said());
        said.put("profile", profile());
        more.put(name, said);
        return median;
    }

    private Round round(Reading reading) throws Exception {
        Reading.Pace raw = reading.raw(ground, observations);
        Reading.Pace decoded = reading.decoded(ground, observations);
        ground.forget();
        return new Round(raw, decoded, Counting.drain(ground, observations));
    }

    private Map<String, Object> profile() throws Exception {
        ground.forget();
        return Profile.of(() -> Counting.drain(ground, observations), ground.folder());
    }
}
