// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.Retention;
import io.edgewise.evaluator.Samples;
import io.edgewise.evaluator.WindowFigures;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The rows of minutes, hours, days and samples are the same bytes, whatever happened on the way to them; but for how
/// long observations were on their way.
@ExtendWith(PlatformExtension.class)
class SameRowsIT {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final int REQUESTS = 500;

    @Test
    void windowRowsOfAShuffledRepeatedAndCrashedRunAreThoseOfAnEvenOne(Platform platform) throws Exception {
        SplittableRandom random = new SplittableRandom(91);
        long now = CLOCK.millis();
        List<Observation> observations = draw(random, now);
        List<String> even;
        try (Ground ground = new Ground(platform)) {
            observations.forEach(ground::send);
            ground.drain(ground.loop(ground.source(), CLOCK));
            even = rows(ground, now, KeeperLimits.DEFAULT);
        }
        assertThat(even).hasSizeGreaterThan(30);

        List<Observation> shuffled = new ArrayList<>(observations);
        for (int repeat = 0; repeat < 2; repeat++) {
            observations.stream().filter(_ -> random.nextBoolean()).forEach(shuffled::add);
        }
        Collections.shuffle(shuffled, new Random(random.nextLong()));
        try (Ground ground = new Ground(platform)) {
            int third = shuffled.size() / 3;
            for (int part = 0; part < 3; part++) {
                shuffled.subList(part * third, part == 2 ? shuffled.size() : (part + 1) * third)
                        .forEach(ground::send);
                ground.sent();
                EvaluatorLoop leftForDead = ground.loop(ground.source(), CLOCK);
                for (int polls = 4 + random.nextInt(12); polls > 0; polls--) {
                    leftForDead.poll();
                }
                WindowKeeper keeper = keeper(ground, CLOCK, KeeperGround.SMALL);
                keeper.round();
            }
            EvaluatorLoop last = ground.loop(ground.source(), CLOCK);
            ground.drain(last);

            assertThat(rows(ground, now, KeeperGround.SMALL)).isEqualTo(even);
        }
    }

    private static List<Observation> draw(SplittableRandom random, long now) {
        List<Observation> all = new ArrayList<>();
        long[] sequences = new long[7];
        byte[] id = new byte[16];
        for (int i = 0; i < REQUESTS; i++) {
            int device = random.nextInt(sequences.length);
            random.nextBytes(id);
            Observation.Builder next = Samples.pair(
                            "device-" + device, ++sequences[device], now - random.nextInt(300_000))
                    .setId(ByteString.copyFrom(id))
                    .setServedLatencyUs(1 + random.nextInt(3_000_000))
                    .setServedCost(Samples.money(random.nextInt(1_000_000)))
                    .setComparison(Samples.agreement(random.nextInt(3) > 0))
                    .putSlices("locale", "l" + random.nextInt(3));
            if (random.nextInt(8) == 0) {
                next.clearComparison().setArms(1, Samples.failed(Role.ROLE_CHALLENGER));
            }
            all.add(next.build());
        }
        return all;
    }

    private static WindowKeeper keeper(Ground ground, InstantSource clock, KeeperLimits limits) {
        EvaluatorPolicy policy = new EvaluatorPolicy(Duration.ofHours(24).toMillis(), 0, 50);
        return new WindowKeeper(ground.database(), clock, policy, Retention.DEFAULT, limits);
    }

    /// All that is left when time has passed and the keeper did its work.
    private static List<String> rows(Ground ground, long now, KeeperLimits limits) throws SQLException {
        MutableClock clock = new MutableClock(Instant.ofEpochMilli(now).plus(Duration.ofHours(1)));
        WindowKeeper keeper = keeper(ground, clock, limits);
        KeeperGround.settle(keeper);
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(31));
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(31));
        assertThat(ground.number("SELECT count(*) FROM evaluator.part")).isZero();
        assertThat(ground.number("SELECT count(*) FROM evaluator.window_delta")).isZero();
        List<String> rows = new ArrayList<>();
        for (String table : List.of("window_minute", "window_hour", "window_day")) {
            rows.addAll(windows(ground, table));
        }
        rows.addAll(texts(ground, """
                SELECT concat_ws(' ', 'disagreement', tenant, rollout, workload, minute, stage, cohort, chance,
                                 encode(observation, 'hex'))
                  FROM evaluator.disagreement ORDER BY minute, chance
                """));
        return rows;
    }

    private static List<String> windows(Ground ground, String table) throws SQLException {
        return ground.database()
                .read(sql -> sql.list(
                        """
                SELECT concat_ws(' ', tenant, rollout, workload, slice, stage, cohort, start), tally, figures
                  FROM evaluator.%s ORDER BY start, slice, stage, cohort
                """.formatted(table),
                        row -> String.join(
                                " ",
                                table,
                                row.getString(1),
                                withoutArrival(Tally.decode(row.getBytes(2))),
                                withoutArrival((Double[]) row.getArray(3).getArray()))));
    }

    private static String withoutArrival(Tally tally) {
        Counts arrival = tally.read(Measures.ARRIVAL);
        for (int bucket : arrival.buckets()) {
            tally.add(Measures.ARRIVAL, bucket, -arrival.get(bucket));
        }
        return HexFormat.of().formatHex(tally.encode());
    }

    private static String withoutArrival(@Nullable Double[] figures) {
        List<String> names = WindowFigures.names();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < figures.length; i++) {
            if (!names.get(i).startsWith("arrival")) {
                text.append(figures[i]).append(',');
            }
        }
        return text.toString();
    }

    private static List<String> texts(Ground ground, String query) throws SQLException {
        return ground.database().read(sql -> sql.list(query, row -> row.getString(1)));
    }
}
