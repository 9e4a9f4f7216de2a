// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Observation;
import io.edgewise.evaluator.Samples;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import io.edgewise.testkit.SeededCases;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class DisagreementIT {
    private static final InstantSource CLOCK = InstantSource.system();

    private record Row(long minute, long chance, Observation observation) {}

    private static List<Row> rows(Ground ground) throws SQLException {
        return ground.database()
                .read(sql -> sql.list(
                        """
                        SELECT minute, chance, observation FROM evaluator.disagreement_delta
                         WHERE tenant = ? AND rollout = ? AND workload = ? AND stage = 0 AND cohort = 1
                         ORDER BY minute, chance
                        """,
                        row -> new Row(row.getLong(1), row.getLong(2), observation(row.getBytes(3))),
                        Samples.TENANT,
                        Samples.ROLLOUT,
                        Samples.WORKLOAD));
    }

    private static Observation observation(byte[] bytes) {
        try {
            return Observation.parseFrom(bytes);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError("what was stored is no observation", e);
        }
    }

    private static Map<Long, Set<Observation>> samples(List<Row> rows) {
        Map<Long, Set<Observation>> samples = new TreeMap<>();
        for (Row row : rows) {
            Set<Observation> sample = samples.computeIfAbsent(row.minute(), unseen -> new HashSet<>());
            if (sample.size() < 8) {
                sample.add(row.observation());
            }
        }
        return samples;
    }

    private static Map<Long, Integer> sizes(Set<Observation> sent) {
        Map<Long, Integer> sizes = new TreeMap<>();
        for (Observation each : sent) {
            if (each.hasComparison() && !each.getComparison().getAgrees()) {
                sizes.merge(each.getEventTimeMs() / 60_000, 1, (held, one) -> Math.min(8, held + one));
            }
        }
        return sizes;
    }

    @Test
    void theSampleIsTheSameWhateverCrashesOnTheWay(Platform platform) {
        crash(platform, 1);
    }

    @Test
    @Tag("slow")
    void theSampleIsTheSameHoweverOftenItCrashesOnTheWay(Platform platform) {
        crash(platform, 20);
    }

    private static void crash(Platform platform, int seeds) {
        SeededCases.forAll(seeds, random -> {
            Map<Long, Set<Observation>> calm;
            Set<Observation> sent = new HashSet<>();
            Ledger ledger = new Ledger(random.nextLong(), CLOCK.millis());
            List<Observation> traffic = ledger.round(700, 8);
            sent.addAll(traffic);
            try (Ground ground = new Ground(platform)) {
                traffic.forEach(ground::send);
                ground.drain(ground.loop(ground.source(), CLOCK));
                calm = samples(rows(ground));
            }
            try (Ground ground = new Ground(platform)) {
                for (int from = 0; from < traffic.size(); from += 200) {
                    traffic.subList(from, Math.min(traffic.size(), from + 200)).forEach(ground::send);
                    ground.sent();
                    leaveForDead(ground, random);
                }
                ground.drain(ground.loop(ground.source(), CLOCK));
                ground.closeLoops();

                List<Row> rows = rows(ground);
                assertThat(samples(rows)).isEqualTo(calm);
                assertThat(new HashSet<>(rows)).as("each at most once").hasSameSizeAs(rows);
                assertThat(ground.number("SELECT count(*) FROM evaluator.disagreement_delta"))
                        .isEqualTo(rows.size());
            }
            Map<Long, Integer> sizes = new HashMap<>();
            calm.forEach((minute, sample) -> sizes.put(minute, sample.size()));
            assertThat(sizes).isEqualTo(sizes(sent));
            calm.values().forEach(sample -> assertThat(sent).containsAll(sample));
        });
    }

    private static void leaveForDead(Ground ground, SplittableRandom random) {
        EvaluatorLoop loop = ground.loop(FaultySource.of(ground.source(), random.split()), CLOCK);
        for (int polls = 3 + random.nextInt(25); polls > 0; polls--) {
            try {
                loop.poll();
                if (random.nextBoolean()) {
                    loop.settle();
                }
            } catch (Exception e) {
                assertThat(e).hasStackTraceContaining("the connection broke");
            }
        }
    }
}
