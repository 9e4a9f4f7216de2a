// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import io.edgewise.evaluator.KeptTable;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// How long a chart waits for its data: one metric, and eight, of 14 days by the hour from the published view that
/// Grafana and the console read, and of seven days by the minute. Rows are as large as the evaluator's; each read asks
/// for another rollout and slice. Once with nothing else to do, and once while an evaluator and its keeper count what a
/// fleet sends to the same database.
public final class Series {
    private static final int ROLLOUTS = 40;
    private static final int SLICES = 9;
    private static final int DAYS = 14;
    private static final int MINUTE_DAYS = 7;
    private static final int READS = 300;
    private static final long MINUTES_IN_DAY = 24 * 60;
    private static final long LIMIT_MS = 100;
    /// Days of one partition of hours, the first one from 1970 on.
    private static final long BLOCK_DAYS = 30;

    private static final int DEFAULT_RATE = 20_000;
    private static final int DEVICES = 20_000;
    private static final int SETTLE_SECONDS = 15;

    /// Reads under load are spread over flushes and rounds of the keeper.
    private static final long PAUSE_MS = 50;

    private static final String ONE = "latency_user_p99_us";
    private static final String EIGHT = "requests, latency_user_p50_us, latency_user_p99_us, assigned_error_share,"
            + " agreement_share, ece, cost_per_request_nanos, refusal_challenger_share";

    private final Database database;
    private final Ground ground;
    private final int rate;
    private final SplittableRandom random = new SplittableRandom(14);

    /// Days of hours end in the middle of a partition, so that 14 of them lie in two; young enough to be kept.
    private final long hoursEnd;

    private final long minutesEnd;

    private Series(Ground ground, int rate) {
        this.ground = ground;
        this.database = ground.database();
        this.rate = rate;
        long today = Math.floorDiv(System.currentTimeMillis(), MINUTES_IN_DAY * 60_000);
        long inBlock = BLOCK_DAYS / 4;
        this.hoursEnd = (Math.floorDiv(today - inBlock, BLOCK_DAYS) * BLOCK_DAYS + inBlock) * MINUTES_IN_DAY;
        this.minutesEnd = today * MINUTES_IN_DAY;
    }

    public static void main(String[] arguments) throws Exception {
        int rate = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_RATE;
        try (Ground ground = Ground.open()) {
            new Series(ground, rate).run();
        }
    }

    /// What is asked for, of some rollouts and slices.
    private record Chart(String level, String figures, int rollouts, int slices, int days, int rows) {}

    private Map<String, Chart> charts() {
        Map<String, Chart> all = new LinkedHashMap<>();
        all.put("hours", new Chart("hour", ONE, ROLLOUTS, SLICES, DAYS, 24 * DAYS));
        all.put("hoursOfEightMetrics", new Chart("hour", EIGHT, ROLLOUTS, SLICES, DAYS, 24 * DAYS));
        all.put("minutesOfSevenDays", new Chart("minute", ONE, 2, 1, MINUTE_DAYS, (int)
                (MINUTE_DAYS * MINUTES_IN_DAY)));
        return all;
    }

    private void run() throws Exception {
        fill(KeptTable.WINDOW_HOUR, ROLLOUTS, SLICES, DAYS, 60);
        fill(KeptTable.WINDOW_MINUTE, 2, 1, MINUTE_DAYS, 1);
        database.read(sql -> sql.update("ANALYZE evaluator.window_hour, evaluator.window_minute"));
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("rollouts", ROLLOUTS);
        more.put("slices", SLICES);
        more.put("reads", READS);
        more.put(
                "tableBytes",
                ground.tableBytes().values().stream()
                        .mapToLong(each -> (Long) each)
                        .sum());
        Map<String, List<Long>> idle = readAll(0);
        idle.forEach((name, nanos) -> more.put(name, said(nanos)));
        Map<String, Object> loaded = new LinkedHashMap<>();
        Map<String, List<Long>> busy = whileCounting(loaded);
        more.put("whileCounting", loaded);
        double p99 = percentile(busy, "hours");
        more.put("whileCountingToIdle", Work.rounded(p99 / percentile(idle, "hours")));
        new Result(
                        "series",
                        p99,
                        "ms until one metric of 14 days is read from the published view while an evaluator counts, p99",
                        LIMIT_MS,
                        "ms that are allowed",
                        "benchmarks/run series " + rate,
                        more)
                .write();
    }

    private static double percentile(Map<String, List<Long>> nanos, String chart) {
        List<Long> sorted =
                nanos.getOrDefault(chart, List.of()).stream().sorted().toList();
        return Work.percentile(sorted, 99) / 1e6;
    }

    private Map<String, List<Long>> readAll(long pauseMs) throws SQLException, InterruptedException {
        Map<String, List<Long>> all = new LinkedHashMap<>();
        for (Map.Entry<String, Chart> each : charts().entrySet()) {
            all.put(each.getKey(), reads(each.getValue(), pauseMs));
        }
        return all;
    }

    /// The same reads beside an evaluator, its keeper and the fleet that sends to it.
    private Map<String, List<Long>> whileCounting(Map<String, Object> said) throws Exception {
        Traffic traffic = Traffic.of(DEVICES).withRollouts(ROLLOUTS).withAttributes(7, 1);
        Fleet fleet = new Fleet(traffic, 1);
        AtomicBoolean isOver = new AtomicBoolean();
        try (Counting counting = new Counting(ground.kafka(), database);
                ExecutorService sender = Executors.newSingleThreadExecutor()) {
            Future<Long> sending = sender.submit(() -> {
                try (Feed feed = new Feed(ground.kafka(), 5)) {
                    feed.pace(fleet, rate, isOver::get);
                }
                return fleet.made();
            });
            Map<String, List<Long>> all;
            try {
                Thread.sleep(SETTLE_SECONDS * 1_000L);
                counting.begin();
                all = readAll(PAUSE_MS);
                Work work = counting.soFar();
                if (work == null) {
                    throw new IllegalStateException("nothing was counted while charts were read");
                }
                all.forEach((name, nanos) -> said.put(name, said(nanos)));
                said.putAll(traffic.said());
                said.put("inputPerSecond", rate);
                said.put("evaluator", work.said());
            } finally {
                isOver.set(true);
            }
            long expected = sending.get();
            for (int i = 0; i < 600 && ground.account().counted() < expected; i++) {
                Thread.sleep(100);
            }
            ground.account().require(expected);
            return all;
        }
    }

    private long end(String level) {
        return level.equals("hour") ? hoursEnd : minutesEnd;
    }

    private void fill(KeptTable table, int rollouts, int slices, int days, int step) throws SQLException {
        long end = table == KeptTable.WINDOW_HOUR ? hoursEnd : minutesEnd;
        long begin = end - days * MINUTES_IN_DAY;
        TreeSet<String> made = new TreeSet<>();
        for (long minute = begin; minute < end; minute += MINUTES_IN_DAY) {
            KeptTable.Part part = table.part(minute);
            if (made.add(part.name())) {
                database.read(sql ->
                        sql.update("CREATE TABLE evaluator.%s PARTITION OF evaluator.%s FOR VALUES FROM (%d) TO (%d)"
                                .formatted(part.name(), table.table(), part.from(), part.to())));
            }
        }
        for (int rollout = 0; rollout < rollouts; rollout++) {
            String name = name(rollout);
            database.transact(sql -> rows(sql, table, name, slices, begin, end, step));
        }
    }

    /// A tally of 2,304 bytes that do not compress, and 111 figures.
    private static int rows(Sql sql, KeptTable table, String rollout, int slices, long begin, long end, int step)
            throws SQLException {
        return sql.update("""
                INSERT INTO evaluator.%s (tenant, rollout, workload, slice, stage, cohort, start, tally, figures)
                SELECT 'default', ?, 'workload', CASE slice WHEN 0 THEN 'all' ELSE 'attribute=' || slice END, 1, 2,
                       minute,
                       (SELECT decode(string_agg(md5(minute || ':' || slice || ':' || i), ''), 'hex')
                          FROM generate_series(1, 144) AS i),
                       (SELECT array_agg(random() * i) FROM generate_series(1, 111) AS i)
                  FROM generate_series(0, ? - 1) AS slice, generate_series(?, ? - 1, ?) AS minute
                """.formatted(table.table()), rollout, slices, begin, end, (long) step);
    }

    private List<Long> reads(Chart chart, long pauseMs) throws SQLException, InterruptedException {
        String query = """
                SELECT at, %s FROM evaluator.published_series
                 WHERE level = '%s' AND tenant = 'default' AND rollout = ? AND slice = ? AND cohort = 'canary'
                   AND minute >= ? AND minute < ? ORDER BY minute
                """.formatted(chart.figures, chart.level);
        int columns = chart.figures.split(",", -1).length;
        long end = end(chart.level);
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < READS; i++) {
            Thread.sleep(pauseMs);
            int slice = random.nextInt(chart.slices);
            Object[] asked = {
                name(random.nextInt(chart.rollouts)),
                slice == 0 ? "all" : "attribute=" + slice,
                end - chart.days * MINUTES_IN_DAY,
                end
            };
            long began = System.nanoTime();
            List<Double> read = database.read(sql -> sql.list(
                    query,
                    row -> {
                        double sum = 0;
                        for (int column = 0; column < columns; column++) {
                            sum += row.getDouble(2 + column);
                        }
                        return sum;
                    },
                    asked));
            nanos.add(System.nanoTime() - began);
            if (read.size() != chart.rows) {
                throw new IllegalStateException("expected " + chart.rows + " points, read " + read.size());
            }
        }
        return nanos;
    }

    private static String name(int rollout) {
        return "01J00000000000000000000%03d".formatted(rollout);
    }

    private static Map<String, Object> said(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("firstMs", Work.rounded(nanos.getFirst() / 1e6));
        said.put("p50Ms", Work.rounded(Work.percentile(sorted, 50) / 1e6));
        said.put("p99Ms", Work.rounded(Work.percentile(sorted, 99) / 1e6));
        return said;
    }
}
