// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.shell.ControllerRole;
import io.edgewise.controller.shell.Looking;
import io.edgewise.controller.shell.RolloutDesk;
import io.edgewise.embedded.EmbeddedTopics;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.Role.Migration;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;

/// What it costs to look at a rollout when there are very many of them on one instance, in the loop's time
/// and in rows written. Each rollout has the guardrails that one has when nothing is said, is in shadow,
/// and goes by the counters of 20,000 observations that a real evaluator counted, and by as many more about
/// once for each look: however many rollouts there are, a look finds something new, and so the looks of few
/// can be compared with those of many.
///
/// Two cases are measured with the loop always busy: looks that only decide, and looks that are shown each
/// time, with intervals and what is awaited. The second ones write the same rows however many rollouts there
/// are; of the first, only those write more than one that close a block of evidence, which each does where a
/// rollout's turn comes no oftener than blocks end, and one in a hundred where there are few. A third case,
/// with the server's settings, gives the rows of a day.
public final class ControllerLooks {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int DEVICES = 5_000;
    private static final int OBSERVATIONS = 20_000;
    private static final int DEFAULT_ROLLOUTS = 10_000;
    private static final int DEFAULT_SECONDS = 30;
    /// About as many as the loop does on two cores.
    private static final int LOOKS_A_SECOND = 300;

    private static final int NAMED = 200;
    private static final long NEVER = 1L << 40;
    private static final double DAY = 86_400;

    private final Ground ground;
    private final Database database;
    private final SigningKeys keys;
    private final int seconds;
    private final Tally counted;
    private long grown = 1;
    private int rollouts;

    private ControllerLooks(Ground ground, int seconds) throws Exception {
        this.ground = ground;
        this.database = ground.database();
        this.seconds = seconds;
        this.keys = ControllerProcess.keys();
        ground.migrate(new Migration("controller", "db/controller"));
        EmbeddedTopics.create(
                ground.kafka().bootstrapServers(), List.of(new NewTopic(Topics.DIRECTIVES, 4, (short) 1)));
        Feed.fill(ground, new Fleet(Traffic.of(DEVICES), 1), OBSERVATIONS);
        Counting.drain(ground, OBSERVATIONS);
        this.counted = database
                .read(sql -> sql.list(
                        "SELECT tally FROM evaluator.published_evidence WHERE slice = 'all'",
                        row -> Tally.decode(row.getBytes(1))))
                .stream()
                .reduce(new Tally(), Tally::plus);
    }

    public static void main(String[] arguments) throws Exception {
        int most = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_ROLLOUTS;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_SECONDS;
        try (Ground ground = Ground.open()) {
            new ControllerLooks(ground, seconds).run(most);
        }
    }

    private void run(int most) throws Exception {
        List<Map<String, Object>> cases = new ArrayList<>();
        double few = 0;
        double many = 0;
        for (int size = most / 100; size <= most; size *= 10) {
            create(size);
            Cost deciding = measure(new Pacing(1, 1, NEVER));
            Cost showing = measure(new Pacing(1, 1, 0));
            few = few == 0 ? showing.micros() : few;
            many = showing.micros();
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("rollouts", size);
            said.put("lookThatDecides", deciding.said());
            said.put("lookThatIsShown", showing.said());
            cases.add(said);
            System.out.println(said);
        }
        Cost usual = measure(Pacing.USUAL);
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("observationsOfEachRollout", OBSERVATIONS + " more every rollouts/" + LOOKS_A_SECOND + " s");
        more.put("byRollouts", cases);
        more.put("usualSettings", usual.said());
        more.put("rowsOfEachRolloutPerDay", Math.round(usual.rows / usual.seconds * DAY / rollouts));
        new Result(
                        "controller",
                        many,
                        "µs of one look that is shown, " + most + " rollouts, one instance",
                        few,
                        "the same with " + most / 100,
                        "benchmarks/run controller " + most + ' ' + seconds,
                        more)
                .write();
    }

    /// As many rollouts as this, each of a workload of its own.
    private void create(int size) throws SQLException {
        RolloutDesk desk = new RolloutDesk(database, keys, InstantSource.system(), Pacing.USUAL, new Looking());
        for (; rollouts < size; rollouts++) {
            Trial.start(desk, "workload-" + rollouts);
        }
        grow();
        database.read(sql -> sql.update("VACUUM ANALYZE controller.rollout"));
    }

    /// Every rollout has the counts of as many observations more, and the controller hears of it.
    private void grow() throws SQLException {
        Tally all = new Tally();
        for (long i = 0; i < grown; i++) {
            all = all.plus(counted);
        }
        grown++;
        byte[] tally = all.encode();
        long now = System.currentTimeMillis();
        List<String> names = database.transact(sql -> {
            sql.update("""
                    INSERT INTO evaluator.evidence AS e (tenant, rollout, workload, stage, cohort, pairing_rate_bp,
                                                         escalated, slice, tally, last_append_ms)
                    SELECT r.tenant, r.rollout, r.workload, 0, 1, 10000, false, 'all', ?, ?
                      FROM controller.rollout r
                    ON CONFLICT (tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated, slice)
                    DO UPDATE SET tally = EXCLUDED.tally, last_append_ms = EXCLUDED.last_append_ms
                    """, tally, now);
            return sql.list("SELECT rollout FROM controller.rollout", row -> row.getString(1));
        });
        for (int from = 0; from < names.size(); from += NAMED) {
            String some = String.join(",", names.subList(from, Math.min(names.size(), from + NAMED)));
            database.read(sql -> sql.list("SELECT pg_notify('edgewise_evidence', ?)", row -> true, some));
        }
    }

    /// What the loop did: looks, its own CPU time, rows and bytes of the log that were written.
    private record Cost(double seconds, long looks, double cpuNanos, long rows, long logBytes, double oldestSeconds) {
        double micros() {
            return seconds * 1e6 / looks;
        }

        Map<String, Object> said() {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("looksPerSecond", Math.round(looks / seconds));
            said.put("microsEach", Math.round(micros()));
            said.put("cpuMicrosEach", Math.round(cpuNanos / 1e3 / looks));
            said.put("rowsEach", Work.rounded(rows / (double) looks));
            said.put("logBytesEach", Math.round(logBytes / (double) looks));
            said.put("oldestLookSeconds", Work.rounded(oldestSeconds));
            return said;
        }
    }

    private Cost measure(Pacing pacing) throws Exception {
        ControllerRole role =
                new ControllerRole(database, ground.kafka(), keys, InstantSource.system(), pacing, new Looking());
        role.start();
        try {
            // All that there was to see is seen once.
            long untilGrown = Math.max(100, rollouts * 1_000L / LOOKS_A_SECOND);
            grow();
            Thread.sleep(Math.max(10_000, untilGrown));
            long looksBefore = written("AND relname = 'rollout'");
            long rowsBefore = written("");
            long logBefore = ground.logBytes();
            long cpuBefore = loopNanos();
            long began = System.nanoTime();
            long wanted = Math.max(seconds * 1_000L, untilGrown);
            for (long left = wanted; left > 0; left = wanted - (System.nanoTime() - began) / 1_000_000) {
                long grew = System.nanoTime();
                grow();
                long took = (System.nanoTime() - grew) / 1_000_000;
                Thread.sleep(Math.max(0, Math.min(left, untilGrown) - took));
            }
            double oldest = oldest();
            long cpu = loopNanos() - cpuBefore;
            double elapsed = (System.nanoTime() - began) / 1e9;
            long log = ground.logBytes() - logBefore;
            Cost cost = new Cost(
                    elapsed,
                    written("AND relname = 'rollout'") - looksBefore,
                    cpu,
                    written("") - rowsBefore,
                    log,
                    oldest);
            if (!role.health().up()
                    || ground.number("SELECT count(*) FROM controller.rollout WHERE outcome IS NULL") != rollouts) {
                throw new IllegalStateException("the controller is not well, or has ended a rollout: "
                        + role.health().toString());
            }
            return cost;
        } finally {
            role.stop();
        }
    }

    private long written(String which) throws SQLException {
        return ground.number("SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint"
                + " FROM pg_stat_user_tables WHERE schemaname = 'controller' " + which);
    }

    /// How long ago the rollout was looked at that waits longest.
    private double oldest() throws SQLException {
        return ground.number(
                        "SELECT (extract(epoch FROM now() - min(looked_at)) * 1000)::bigint FROM controller.rollout")
                / 1e3;
    }

    private static long loopNanos() {
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().equals("edgewise-controller-decide")) {
                return THREADS.getThreadCpuTime(thread.getThreadId());
            }
        }
        throw new IllegalStateException("there is no thread of the controller's loop");
    }
}
