// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.runtime.jdbc.Database;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class SampleMovesIT {
    private static final int PER_WINDOW = 8;
    private static final long SEED = 41;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final SortedMap<String, TreeSet<Long>> drawn = new TreeMap<>();

    @Test
    void theSmallestChancesOfEachWindowAreKeptWheneverTheyWereDrawn(Platform platform) throws SQLException {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        WindowKeeper keeper = ground.keeper(clock);
        draw(ground.database(), 200);
        KeeperGround.settle(keeper, clock, Duration.ofMinutes(5));
        draw(ground.database(), 200);

        KeeperGround.settle(keeper, clock, Duration.ofMinutes(5));

        assertThat(count(ground.database(), "evaluator.disagreement_delta")).isZero();
        assertThat(kept(ground.database())).as("seed %d", SEED).isEqualTo(smallest());
    }

    @Test
    void anOpenMinuteWaits(Platform platform) throws SQLException {
        KeeperGround ground = new KeeperGround(platform);
        draw(ground.database(), 30);

        ground.keeper(KeeperGround.clock()).round();

        assertThat(count(ground.database(), "evaluator.disagreement_delta")).isPositive();
        assertThat(count(ground.database(), "evaluator.published_disagreement")).isEqualTo(30);
    }

    private void draw(Database database, int rows) throws SQLException {
        for (int i = 0; i < rows; i++) {
            String rollout = "r" + random.nextInt(3);
            long minute = KeeperGround.MINUTE + random.nextInt(3);
            long chance = random.nextLong();
            drawn.computeIfAbsent(rollout + '@' + minute, unseen -> new TreeSet<>())
                    .add(chance);
            database.transact(sql -> sql.update("""
                            INSERT INTO evaluator.disagreement_delta
                                   (tenant, rollout, workload, minute, stage, cohort, chance, observation)
                            VALUES ('default', ?, 'intents', ?, 0, 1, ?, ?)
                            """, rollout, minute, chance, new byte[] {1}));
        }
    }

    private Map<String, List<Long>> smallest() {
        Map<String, List<Long>> smallest = new TreeMap<>();
        drawn.forEach((window, chances) ->
                smallest.put(window, chances.stream().limit(PER_WINDOW).toList()));
        return smallest;
    }

    private static Map<String, List<Long>> kept(Database database) throws SQLException {
        Map<String, TreeSet<Long>> kept = new TreeMap<>();
        database.read(sql -> sql.list(
                "SELECT rollout, minute, chance FROM evaluator.disagreement",
                row -> kept.computeIfAbsent(row.getString(1) + '@' + row.getLong(2), unseen -> new TreeSet<>())
                        .add(row.getLong(3))));
        Map<String, List<Long>> lists = new TreeMap<>();
        kept.forEach((window, chances) -> lists.put(window, List.copyOf(chances)));
        return lists;
    }

    private static long count(Database database, String table) throws SQLException {
        return database.read(sql -> sql.first("SELECT count(*) FROM " + table, row -> row.getLong(1)))
                .orElseThrow();
    }
}
