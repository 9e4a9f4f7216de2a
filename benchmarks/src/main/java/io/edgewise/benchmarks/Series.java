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

/// How long a chart waits for its data: one metric, and eight, of 14 days by the hour from the published view that
/// Grafana and the console read, and of seven days by the minute. Rows are as large as the evaluator's; each read asks
/// for another rollout and slice.
public final class Series {
    private static final int ROLLOUTS = 40;
    private static final int SLICES = 9;
    private static final int DAYS = 14;
    private static final int MINUTE_DAYS = 7;
    private static final int READS = 300;
    private static final long MINUTES_IN_DAY = 24 * 60;
    private static final long LIMIT_MS = 100;
    /// 14 days that lie in two partitions of hours.
    private static final long END = 20_600 * MINUTES_IN_DAY;

    private static final String ONE = "latency_user_p99_us";
    private static final String EIGHT = "requests, latency_user_p50_us, latency_user_p99_us, assigned_error_share,"
            + " agreement_share, ece, cost_per_request_nanos, refusal_challenger_share";

    private final Database database;
    private final SplittableRandom random = new SplittableRandom(14);

    private Series(Database database) {
        this.database = database;
    }

    public static void main(String[] arguments) throws Exception {
        try (Ground ground = Ground.open()) {
            new Series(ground.database()).run(ground);
        }
    }

    private void run(Ground ground) throws Exception {
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
        List<Long> one = reads("hour", ONE, ROLLOUTS, SLICES, DAYS, 24 * DAYS);
        more.put("hours", said(one));
        more.put("hoursOfEightMetrics", said(reads("hour", EIGHT, ROLLOUTS, SLICES, DAYS, 24 * DAYS)));
        more.put("minutesOfSevenDays", said(reads("minute", ONE, 2, 1, MINUTE_DAYS, (int)
                (MINUTE_DAYS * MINUTES_IN_DAY))));
        new Result(
                        "series",
                        Work.percentile(one.stream().sorted().toList(), 99) / 1e6,
                        "ms until one metric of 14 days is read from the published view, p99",
                        LIMIT_MS,
                        "ms that are allowed",
                        "benchmarks/run series",
                        more)
                .write();
    }

    private void fill(KeptTable table, int rollouts, int slices, int days, int step) throws SQLException {
        long begin = END - days * MINUTES_IN_DAY;
        TreeSet<String> made = new TreeSet<>();
        for (long minute = begin; minute < END; minute += MINUTES_IN_DAY) {
            KeptTable.Part part = table.part(minute);
            if (made.add(part.name())) {
                database.read(sql ->
                        sql.update("CREATE TABLE evaluator.%s PARTITION OF evaluator.%s FOR VALUES FROM (%d) TO (%d)"
                                .formatted(part.name(), table.table(), part.from(), part.to())));
            }
        }
        for (int rollout = 0; rollout < rollouts; rollout++) {
            String name = name(rollout);
            database.transact(sql -> rows(sql, table, name, slices, begin, step));
        }
    }

    /// A tally of 2,304 bytes that do not compress, and 111 figures.
    private static int rows(Sql sql, KeptTable table, String rollout, int slices, long begin, int step)
            throws SQLException {
        return sql.update("""
                INSERT INTO evaluator.%s (tenant, rollout, workload, slice, stage, cohort, start, tally, figures)
                SELECT 'default', ?, 'workload', CASE slice WHEN 0 THEN 'all' ELSE 'attribute=' || slice END, 1, 2,
                       minute,
                       (SELECT decode(string_agg(md5(minute || ':' || slice || ':' || i), ''), 'hex')
                          FROM generate_series(1, 144) AS i),
                       (SELECT array_agg(random() * i) FROM generate_series(1, 111) AS i)
                  FROM generate_series(0, ? - 1) AS slice, generate_series(?, ? - 1, ?) AS minute
                """.formatted(table.table()), rollout, slices, begin, END, (long) step);
    }

    private List<Long> reads(String level, String figures, int rollouts, int slices, int days, int rows)
            throws SQLException {
        String query = """
                SELECT at, %s FROM evaluator.published_series
                 WHERE level = '%s' AND tenant = 'default' AND rollout = ? AND slice = ? AND cohort = 'canary'
                   AND minute >= ? AND minute < ? ORDER BY minute
                """.formatted(figures, level);
        int columns = figures.split(",", -1).length;
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < READS; i++) {
            int slice = random.nextInt(slices);
            Object[] asked = {
                name(random.nextInt(rollouts)),
                slice == 0 ? "all" : "attribute=" + slice,
                END - days * MINUTES_IN_DAY,
                END
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
            if (read.size() != rows) {
                throw new IllegalStateException("expected " + rows + " points, read " + read.size());
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
