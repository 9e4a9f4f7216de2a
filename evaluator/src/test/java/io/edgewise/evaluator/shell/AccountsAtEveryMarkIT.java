// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.evaluator.Book;
import io.edgewise.evaluator.DeviceMark;
import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.FeedbackTokens;
import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.Lane;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.LaneTools;
import io.edgewise.evaluator.Lottery;
import io.edgewise.evaluator.Samples;
import io.edgewise.evaluator.Slices;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import io.edgewise.testkit.SeededCases;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Nothing is lost silently: at every mark that is committed while a fleet sends, what each device produced is counted,
/// late, rejected, dropped or pending, as the records up to that mark say.
@ExtendWith(PlatformExtension.class)
class AccountsAtEveryMarkIT {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final int DEVICES = 8;
    private static final int REQUESTS = 500;
    private static final long DAY_AND_HOUR_MS = 25 * 3_600_000L;

    @Test
    void whatADeviceProducedIsAccountedForAtEveryMarkWhileInstancesCrash(Platform platform) {
        accounts(platform, 1);
    }

    @Test
    @Tag("slow")
    void whatADeviceProducedIsAccountedForAtManyMoreMarks(Platform platform) {
        accounts(platform, 40);
    }

    private static void accounts(Platform platform, int seeds) {
        SeededCases.forAll(seeds, random -> {
            try (Ground ground = new Ground(platform);
                    ExecutorService sender = Executors.newSingleThreadExecutor()) {
                Fleet fleet = new Fleet(random.split());
                Books books = new Books(ground, fleet);
                Future<?> sending = sender.submit(() -> {
                    fleet.sendAll(ground);
                    return true;
                });
                // So fast a clock that every poll ends with a flush.
                MutableClock clock = new MutableClock(CLOCK.instant());
                EvaluatorLoop loop = ground.loop(ground.source(), clock);
                while (!sending.isDone() || !ground.isStored()) {
                    if (random.nextInt(15) == 0) {
                        // The one before is left for dead.
                        loop = ground.loop(FaultySource.of(ground.source(), random.split()), clock);
                    }
                    clock.advance(Duration.ofMillis(500));
                    roundOrCrash(loop);
                    books.check();
                    fleet.rounds.release();
                }
                sending.get();
                books.requireAll();
            }
        });
    }

    private static void roundOrCrash(EvaluatorLoop loop) {
        try {
            Ground.round(loop);
        } catch (Exception e) {
            assertThat(e).hasStackTraceContaining("the connection broke");
        }
    }

    /// What became of a record by its own making.
    private enum Kind {
        COUNTED,
        LATE,
        REJECTED,
        DROPS
    }

    /// @param first and `last` sequence that it accounts for
    private record Event(int device, Kind kind, long first, long last) {}

    /// Requests of a few devices in and out of order, some twice, late, refused, or declared as dropped.
    private static final class Fleet {
        private final SplittableRandom random;
        private final long nowMs = CLOCK.millis();
        private final long[] lastSeq = new long[DEVICES];
        /// For any thread: the highest sequence that each device has produced.
        private final AtomicLongArray produced = new AtomicLongArray(DEVICES);
        private final List<Queue<Event>> byPartition = new ArrayList<>();
        /// Rounds of the loop since.
        private final Semaphore rounds = new Semaphore(0);
        private final Queue<Sending> heldBack = new ArrayDeque<>();
        private final List<Sending> sent = new ArrayList<>();

        private record Sending(Event event, Observation observation) {}

        Fleet(SplittableRandom random) {
            this.random = random;
            for (int i = 0; i < Ground.PARTITIONS; i++) {
                byPartition.add(new ConcurrentLinkedQueue<>());
            }
        }

        static String device(int number) {
            return "device-" + number;
        }

        static int partition(int device) {
            return Topics.partition(Topics.key(Samples.TENANT, device(device)), Ground.PARTITIONS);
        }

        void sendAll(Ground ground) throws Exception {
            for (int i = 0; i < REQUESTS; i++) {
                send(ground, next());
                if (random.nextInt(8) == 0 && !heldBack.isEmpty()) {
                    send(ground, heldBack.remove());
                }
                if (random.nextInt(7) == 0) {
                    send(ground, sent.get(random.nextInt(sent.size())));
                }
                if (i % 40 == 0) {
                    ground.sent();
                    // The loop goes round before more comes; nobody waits for one that has ended.
                    var _ = rounds.tryAcquire(1, TimeUnit.SECONDS);
                }
            }
            List<Sending> rest = new ArrayList<>(heldBack);
            Collections.shuffle(rest, new Random(random.nextLong()));
            for (Sending record : rest) {
                send(ground, record);
            }
            ground.sent();
        }

        private void send(Ground ground, Sending record) {
            sent.add(record);
            produced.accumulateAndGet(record.event.device, record.event.last, Math::max);
            byPartition.get(partition(record.event.device)).add(record.event);
            ground.send(record.observation);
        }

        private Sending next() {
            int device = random.nextInt(DEVICES);
            if (random.nextInt(10) == 0) {
                // Comes after younger ones.
                heldBack.add(record(device, kind()));
            }
            if (random.nextInt(12) == 0) {
                return drops(device);
            }
            return record(device, kind());
        }

        private Kind kind() {
            return switch (random.nextInt(12)) {
                case 0 -> Kind.LATE;
                case 1 -> Kind.REJECTED;
                default -> Kind.COUNTED;
            };
        }

        private Sending record(int device, Kind kind) {
            long seq = ++lastSeq[device];
            long eventMs = kind == Kind.LATE ? nowMs - DAY_AND_HOUR_MS : nowMs;
            Observation.Builder made = Samples.pair(device(device), seq, eventMs);
            if (kind == Kind.REJECTED) {
                made.setArms(1, Samples.challenger("x", Double.NaN));
            }
            return new Sending(new Event(device, kind, seq, seq), made.build());
        }

        /// Sequences that never come, and the record that says so.
        private Sending drops(int device) {
            long first = lastSeq[device] + 1;
            long own = first + 1 + random.nextInt(4);
            lastSeq[device] = own;
            Observation made = Samples.pair(device(device), own, nowMs)
                    .setKind(ObservationKind.OBSERVATION_KIND_DROPS)
                    .addDropped(SeqRange.newBuilder().setFirst(first).setLast(own - 1))
                    .build();
            return new Sending(new Event(device, Kind.DROPS, first, own), made);
        }
    }

    /// The accounts of one device as the records say.
    private static final class Expected {
        private final Set<Long> known = new HashSet<>();
        private long counted;
        private long late;
        private long rejected;
        private long dropped;
        private long duplicates;
        private long lastSeq;

        void add(Event event) {
            long fresh = 0;
            for (long seq = event.first; seq <= event.last; seq++) {
                fresh += known.add(seq) ? 1 : 0;
            }
            lastSeq = Math.max(lastSeq, event.last);
            if (fresh == 0) {
                duplicates++;
                return;
            }
            switch (event.kind) {
                case COUNTED -> counted += fresh;
                case LATE -> late += fresh;
                case REJECTED -> rejected += fresh;
                case DROPS -> dropped += fresh;
            }
        }

        DeviceMark.Accounts accounts() {
            return new DeviceMark.Accounts(counted, late, rejected, dropped, 0, duplicates);
        }
    }

    /// Compares what is stored with what was sent, mark by mark.
    private static final class Books {
        private final Ground ground;
        private final Fleet fleet;
        private final Map<Integer, Long> offsets = new HashMap<>();
        private final Map<String, Expected> expected = new TreeMap<>();
        private int marks;

        Books(Ground ground, Fleet fleet) {
            this.ground = ground;
            this.fleet = fleet;
        }

        /// Records of a partition are numbered from 0.
        void check() throws SQLException {
            SortedMap<Integer, Long> now = offsets();
            boolean isNew = false;
            for (Map.Entry<Integer, Long> lane : now.entrySet()) {
                Queue<Event> events = fleet.byPartition.get(lane.getKey());
                for (long at = offsets.getOrDefault(lane.getKey(), 0L); at < lane.getValue(); at++) {
                    Event event = events.remove();
                    expected.computeIfAbsent(Fleet.device(event.device), fresh -> new Expected())
                            .add(event);
                    isNew = true;
                }
            }
            offsets.putAll(now);
            if (isNew) {
                marks++;
                compare();
            }
        }

        private SortedMap<Integer, Long> offsets() throws SQLException {
            SortedMap<Integer, Long> now = new TreeMap<>();
            ground.database()
                    .read(sql -> sql.list(
                            "SELECT partition, next_offset FROM evaluator.published_lane WHERE topic = ?",
                            row -> now.put(row.getInt(1), row.getLong(2)),
                            Topics.OBSERVATIONS));
            return now;
        }

        private void compare() throws SQLException {
            Map<String, DeviceMark> stored = stored();
            assertThat(stored.keySet()).isEqualTo(expected.keySet());
            stored.forEach((device, mark) -> {
                Expected expect = expected.getOrDefault(device, new Expected());
                assertThat(mark.accounts()).as(device).isEqualTo(expect.accounts());
                assertThat(mark.lastSeq()).as(device).isEqualTo(expect.lastSeq);
                long produced = fleet.produced.get(Integer.parseInt(device.substring("device-".length())));
                long pending = mark.openGaps() + produced - mark.lastSeq();
                DeviceMark.Accounts accounts = mark.accounts();
                assertThat(accounts.counted() + accounts.late() + accounts.rejected() + accounts.dropped() + pending)
                        .as(device)
                        .isEqualTo(produced);
                assertThat(produced - pending).as(device).isEqualTo(expect.known.size());
            });
            assertThat(ground.number("SELECT coalesce(sum(abs(imbalance)), 0) FROM evaluator.published_lane"))
                    .isZero();
        }

        /// Rows and what is still in the log, as whoever takes the lanes over reads them.
        private Map<String, DeviceMark> stored() throws SQLException {
            LaneTools tools = new LaneTools(
                    new EvaluatorPolicy(86_400_000, 0, 50),
                    new Slices(new StoredSlices(ground.database(), 50), 50),
                    new FeedbackTokens(Samples.SECRETS),
                    new Lottery(Samples.SECRETS.sampleKey()));
            Map<LaneId, Lane> lanes = new HashMap<>();
            Book book = new Book(tools);
            for (int partition = 0; partition < Ground.PARTITIONS; partition++) {
                LaneId id = new LaneId(Inlet.OBSERVATIONS, partition);
                lanes.put(id, new Lane(id, Ground.PARTITIONS, tools, book, new Lane.Claimed(0, 0)));
            }
            return ground.database().transact(sql -> {
                Map<String, DeviceMark> marks = new TreeMap<>();
                sql.list(
                        """
                        SELECT sender, through, last_seq, ranges, counted, late, rejected, dropped, lost, duplicates
                          FROM evaluator.device_mark WHERE lane < 64
                        """,
                        row -> marks.put(
                                row.getString(1),
                                DeviceMark.restore(
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getBytes(4),
                                        new DeviceMark.Accounts(
                                                row.getLong(5),
                                                row.getLong(6),
                                                row.getLong(7),
                                                row.getLong(8),
                                                row.getLong(9),
                                                row.getLong(10)))));
                LaneReader.load(sql, lanes);
                lanes.values()
                        .forEach(lane -> lane.rows()
                                .marks()
                                .forEach(entry -> marks.put(entry.getKey().sender(), entry.getValue())));
                return marks;
            });
        }

        void requireAll() {
            assertThat(fleet.byPartition).allMatch(Queue::isEmpty);
            assertThat(marks).isGreaterThan(10);
            long sum = expected.values().stream()
                    .mapToLong(each -> each.known.size())
                    .sum();
            long produced = 0;
            for (int device = 0; device < DEVICES; device++) {
                produced += fleet.produced.get(device);
            }
            assertThat(sum).isEqualTo(produced);
        }
    }
}
