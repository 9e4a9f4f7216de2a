// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.evaluator.BookChanges;
import io.edgewise.evaluator.EvidenceKey;
import io.edgewise.evaluator.PartSums;
import io.edgewise.evaluator.PeriodKey;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.role.Role.Migration;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What flushes append, on its way into evidence and windows.
@ExtendWith(PlatformExtension.class)
class PartFoldIT {
    private static final String PARTS = "SELECT count(*) FROM evaluator.part";
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final PartSums expected = new PartSums();

    @Test
    void partsBecomeOneRowPerKeyAndReadersSeeTheSameSumBeforeAndAfter(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        WindowKeeper keeper = ground.keeper(clock);
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 4; round++) {
            flush(ground.database(), random, 120);
            isPublished(ground);

            KeeperGround.settle(keeper, clock, PAUSE);

            assertThat(ground.number(PARTS)).isZero();
            isPublished(ground);
        }
        assertThat(ground.number("SELECT count(*) FROM evaluator.evidence"))
                .isEqualTo(expected.evidence().size());
        assertThat(keeper.stats().gatheredParts()).isEqualTo(480);
    }

    @Test
    void aKeeperThatWasAwayForLongCatchesUpRolloutByRollout(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 12; i++) {
            flush(ground.database(), random, 100);
        }
        assertThat(ground.number(PARTS)).isGreaterThan(20L * KeeperGround.SMALL.mostFoldedParts());

        KeeperGround.settle(ground.keeper(KeeperGround.clock()));

        assertThat(ground.number(PARTS)).isZero();
        isPublished(ground);
    }

    @Test
    void labelsThatFindNoRoomAreCountedTogetherAndTheKeeperSaysHowMany(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        WindowKeeper keeper = ground.keeper(clock);
        EvidenceKey key = new EvidenceKey(
                "default",
                "intents",
                "01J8ZQ4Y7N3T5V6W8X9Y0Z1A2B",
                new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL));
        for (int from : List.of(0, 4_000, 4_500)) {
            Tally tally = new Tally();
            for (int label = from; label < from + 1_000 || label < 4_000; label++) {
                tally.add(Measures.PAIR_LABELS + 2, label, 1);
            }
            List<BookChanges.Slice> slices = List.of(
                    new BookChanges.Slice(Stratum.ALL, tally.encode(), new byte[0], 1),
                    new BookChanges.Slice("locale=de", tally.encode(), new byte[0], 1));
            store(ground.database(), List.of(new BookChanges.Part(key, OptionalLong.empty(), slices)));
            KeeperGround.settle(keeper, clock, PAUSE);
        }

        // 4,096 have room: 4,000 to 4,095 of the second thousand, and none of the third's new ones.
        assertThat(keeper.stats().labelsTogether()).isEqualTo(904 + 1_000);
        isPublished(ground);
    }

    @Test
    void aSumWithoutRoomStopsNobodyAndIsCounted(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        MutableClock clock = KeeperGround.clock();
        WindowKeeper keeper = ground.keeper(clock);
        EvidenceKey dear = new EvidenceKey(
                "default", "intents", "dear", new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL));
        EvidenceKey usual = new EvidenceKey("other", "intents", "usual", dear.stratum());
        Tally cost =
                new Tally().add(Measures.USER_COST, 0, Long.MAX_VALUE / 3 * 2).add(Measures.USER_COST, 1, 9_000_000);
        for (int round = 0; round < 3; round++) {
            List<BookChanges.Slice> slices = List.of(new BookChanges.Slice(Stratum.ALL, cost.encode(), new byte[0], 1));
            OptionalLong minute = OptionalLong.of(KeeperGround.MINUTE);
            store(ground.database(), List.of(new BookChanges.Part(dear, minute, slices), part(usual, minute)));
            KeeperGround.settle(keeper, clock, PAUSE);
            assertThat(ground.number(PARTS)).isZero();
            isPublished(ground);
        }

        Tally sum = Objects.requireNonNull(expected.evidence().get(dear)).tally();
        assertThat(sum.get(Measures.USER_COST, 0)).isEqualTo(Counts.FULL);
        assertThat(sum.get(Measures.USER_COST, 1)).isEqualTo(27_000_000);
        assertThat(ground.number("SELECT amount FROM evaluator.published_counter WHERE name = 'sums_full'"))
                .isEqualTo(1);
    }

    /// What evaluators read to know how far keepers are behind.
    @Test
    void aPassThatLeavesNothingIsNotedForEvaluators(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        LaneStore store = new LaneStore(ground.database());
        ground.database()
                .transact(sql -> sql.update("UPDATE evaluator.keeping SET passed_at = passed_at - interval '1 hour'"));
        for (int i = 0; i < 12; i++) {
            flush(ground.database(), new SplittableRandom(i), 100);
        }
        MutableClock clock = KeeperGround.clock();
        KeeperLimits few = new KeeperLimits(10, 37, 1 << 20, 20, 30, 1, 0);
        WindowKeeper keeper = ground.keeper(ground.source(), clock, few);
        boolean isMoreThere = true;
        while (isMoreThere) {
            assertThat(store.keeperLagMs()).isGreaterThanOrEqualTo(3_600_000);
            isMoreThere = keeper.round();
        }

        assertThat(ground.number(PARTS)).isZero();
        assertThat(store.keeperLagMs()).isBetween(0L, 3_599_999L);
        isPublished(ground);
    }

    /// Each instance has a keeper.
    @Test
    void keepersShareOnePassAndForgetNothingWhereTheyMeet(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        ground.database()
                .transact(sql -> sql.update("UPDATE evaluator.keeping SET passed_at = passed_at - interval '1 hour'"));
        for (int i = 0; i < 12; i++) {
            flush(ground.database(), new SplittableRandom(i), 100);
        }
        KeeperLimits few = new KeeperLimits(10, 37, 1 << 20, 20, 30, 1, 0);
        WindowKeeper one = ground.keeper(ground.source(), KeeperGround.clock(), few);
        WindowKeeper two = ground.keeper(ground.source(), KeeperGround.clock(), few);
        assertThat(one.round()).isTrue();
        String first = place(ground);
        assertThat(first).isNotEqualTo(" ");
        try (Connection other = ground.source().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(hashtextextended('edgewise window keeper', 0))");
            one.round();
            two.round();

            assertThat(place(ground)).isEqualTo(first);
            assertThat(one.stats().lagMs()).isGreaterThanOrEqualTo(3_600_000);
            assertThat(two.stats().lagMs()).isGreaterThanOrEqualTo(3_600_000);
        }
        assertThat(two.round()).isTrue();
        assertThat(place(ground)).isGreaterThan(first);
        boolean isMoreThere = true;
        while (isMoreThere) {
            isMoreThere = one.round();
            isMoreThere |= two.round();
        }

        assertThat(ground.number(PARTS)).isZero();
        assertThat(two.stats().lagMs()).isZero();
        assertThat(new LaneStore(ground.database()).keeperLagMs()).isBetween(0L, 3_599_999L);
        isPublished(ground);
    }

    private static String place(KeeperGround ground) throws SQLException {
        return ground.texts("SELECT after_tenant || ' ' || after_rollout FROM evaluator.keeping")
                .getFirst();
    }

    @Test
    void largePartsAreTakenAFewAtATime(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        flush(ground.database(), new SplittableRandom(3), 60);
        KeeperLimits tight = new KeeperLimits(50, 37, 2_000, 20, 30, 1_000, 0);

        KeeperGround.settle(ground.keeper(ground.source(), KeeperGround.clock(), tight));

        assertThat(ground.number(PARTS)).isZero();
        isPublished(ground);
    }

    @Test
    void trafficOutsideRolloutsIsInWindowsOnly(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        Stratum none = new Stratum(0, Cohort.COHORT_UNSPECIFIED, 0, false, Stratum.ALL);
        store(
                ground.database(),
                List.of(part(new EvidenceKey("default", "w", "", none), OptionalLong.of(KeeperGround.MINUTE))));

        KeeperGround.settle(ground.keeper(KeeperGround.clock()));

        assertThat(ground.number("SELECT count(*) FROM evaluator.published_evidence"))
                .isZero();
        isPublished(ground);
    }

    @Test
    void readersNeverMissOrDoubleAnythingWhileTwoKeepersFold(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 8; i++) {
            flush(ground.database(), random, 100);
        }
        long requests = requests(ground);
        AtomicBoolean isOver = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> keepers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                keepers.add(threads.submit(() -> {
                    KeeperGround.settle(ground.keeper(KeeperGround.clock()));
                    return true;
                }));
            }
            Future<Integer> reading = threads.submit(() -> {
                int reads = 0;
                while (!isOver.get() || reads < 5) {
                    assertThat(requests(ground)).isEqualTo(requests);
                    reads++;
                }
                return reads;
            });
            for (Future<?> keeper : keepers) {
                keeper.get();
            }
            isOver.set(true);
            assertThat(reading.get()).isPositive();
        }
        isPublished(ground);
    }

    /// Evidence of two books, as it was stored before there were parts.
    @Test
    void evidenceOfSeveralBooksIsOneSumAfterTheMigration(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        ground.database().read(sql -> sql.update("DROP SCHEMA evaluator CASCADE"));
        Flyway.configure()
                .dataSource(ground.source())
                .schemas("evaluator")
                .defaultSchema("evaluator")
                .locations("classpath:db/evaluator")
                .target("3")
                .load()
                .migrate();
        SplittableRandom random = new SplittableRandom(5);
        Stratum stratum = new Stratum(1, Cohort.COHORT_CANARY, 500, true, Stratum.ALL);
        for (int book = 0; book < 2; book++) {
            BookChanges.Part part = part(new EvidenceKey("t", "w", "r", stratum), OptionalLong.empty(), random);
            expected.add(part);
            for (BookChanges.Slice slice : part.slices()) {
                int number = book;
                ground.database()
                        .read(sql -> sql.update(
                                "INSERT INTO evaluator.evidence VALUES ('t', 'r', 'w', ?, 1, 2, 500, true, ?, ?, ?)",
                                number,
                                slice.name(),
                                slice.counted(),
                                slice.lastAppendMs()));
            }
        }

        Migrations.run(ground.source(), List.of(new Migration("evaluator", "db/evaluator")));
        isPublished(ground);
        KeeperGround.settle(ground.keeper(KeeperGround.clock()));
        isPublished(ground);
        assertThat(ground.number(PARTS)).isZero();
    }

    private void flush(Database database, SplittableRandom random, int parts) throws SQLException {
        List<BookChanges.Part> fresh = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            boolean isOutside = random.nextInt(10) == 0;
            Stratum stratum = isOutside
                    ? new Stratum(0, Cohort.COHORT_UNSPECIFIED, 0, false, Stratum.ALL)
                    : new Stratum(
                            random.nextInt(2),
                            random.nextBoolean() ? Cohort.COHORT_CONTROL : Cohort.COHORT_CANARY,
                            random.nextBoolean() ? 10_000 : 500,
                            random.nextInt(4) == 0,
                            Stratum.ALL);
            EvidenceKey key =
                    new EvidenceKey("t" + random.nextInt(2), "w", isOutside ? "" : "r" + random.nextInt(12), stratum);
            boolean isInWindow = isOutside || random.nextInt(5) > 0;
            fresh.add(part(
                    key,
                    isInWindow ? OptionalLong.of(KeeperGround.MINUTE + random.nextInt(3)) : OptionalLong.empty(),
                    random));
        }
        store(database, fresh);
    }

    private static BookChanges.Part part(EvidenceKey key, OptionalLong minute) {
        return part(key, minute, new SplittableRandom(7));
    }

    private static BookChanges.Part part(EvidenceKey key, OptionalLong minute, SplittableRandom random) {
        List<BookChanges.Slice> slices = new ArrayList<>();
        for (String name : List.of(Stratum.ALL, "locale=de", "locale=\u00e9, \"q\" {}", "class=\\N")) {
            if (slices.isEmpty() || random.nextBoolean()) {
                byte[] shown = random.nextInt(3) == 0
                        ? new byte[0]
                        : new Tally().add(Measures.ENTROPY, random.nextInt(9)).encode();
                slices.add(new BookChanges.Slice(
                        name, KeeperGround.tally(random).encode(), shown, random.nextLong(1_000_000)));
            }
        }
        return new BookChanges.Part(key, minute, slices);
    }

    private void store(Database database, List<BookChanges.Part> parts) throws SQLException {
        parts.forEach(expected::add);
        database.transact(sql -> {
            new BookWriter(0, new BookChanges(parts, List.of(), Set.of(), List.of(), List.of())).write(sql);
            return true;
        });
    }

    private static long requests(KeeperGround ground) throws SQLException {
        List<byte[]> rows = ground.database()
                .read(sql -> sql.list("SELECT tally FROM evaluator.published_evidence", row -> row.getBytes(1)));
        return rows.stream()
                .mapToLong(tally -> Tally.decode(tally).get(Measures.REQUESTS, 0))
                .sum();
    }

    private void isPublished(KeeperGround ground) throws SQLException {
        Map<EvidenceKey, Tally> evidence = new HashMap<>();
        Map<EvidenceKey, Long> appended = new HashMap<>();
        ground.database()
                .read(sql -> sql.list("""
                SELECT tenant, workload, rollout, stage, cohort, pairing_rate_bp, escalated, slice, tally, last_append_ms
                  FROM evaluator.published_evidence
                """, row -> {
                    EvidenceKey key = new EvidenceKey(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            new Stratum(
                                    row.getInt(4),
                                    Cohort.forNumber(row.getInt(5)),
                                    row.getInt(6),
                                    row.getBoolean(7),
                                    row.getString(8)));
                    evidence.computeIfAbsent(key, unseen -> new Tally()).merge(Tally.decode(row.getBytes(9)));
                    return appended.merge(key, row.getLong(10), Math::max);
                }));
        Map<EvidenceKey, Tally> sums = new HashMap<>();
        Map<EvidenceKey, Long> latest = new HashMap<>();
        expected.evidence().forEach((key, gain) -> {
            sums.put(key, gain.tally());
            latest.put(key, gain.lastAppendMs());
        });
        assertThat(evidence).isEqualTo(sums);
        assertThat(appended).isEqualTo(latest);
        Map<PeriodKey, Tally> windows = ground.published();
        assertThat(windows).isEqualTo(expected.windows());
    }
}
