// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Closed windows of a minute for a training job, one JSON object a line: what was counted, and the figures made of it.
/// There are no texts in them. Read and written page by page.
@ApplicationScoped
public class WindowExport {
    private static final int PAGE = 100;

    private final Database database;
    private final String tenant;

    @Inject
    public WindowExport(Database database, JudgeConfig config) {
        this.database = database;
        this.tenant = Names.require("edgewise.judge.tenant", config.tenant());
    }

    /// @param rollout of all, and of traffic outside of any, where it is empty
    public record Wanted(Export.Range range, String rollout, String slice) {}

    /// A line; `figures` are those of `published_series`, `counts` the tally by measure and bucket.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WindowLine(
            String tenant,
            String workload,
            String rollout,
            @Nullable String champion,
            @Nullable String challenger,
            String window,
            int stage,
            String cohort,
            String slice,
            @JsonRawValue String figures,
            SortedMap<String, SortedMap<Integer, Long>> counts) {}

    private record Arms(@Nullable String champion, @Nullable String challenger) {}

    private record Window(String rollout, long minute, int stage, String cohort, String figures, Tally tally) {}

    /// Fails in the middle rather than end early.
    public long write(Wanted wanted, OutputStream out) throws IOException {
        long lines = 0;
        Map<String, Arms> arms = new HashMap<>();
        Window after = new Window("", wanted.range().from() - 1, Integer.MAX_VALUE, "", "", new Tally());
        while (true) {
            List<Window> page = page(wanted, after);
            for (Window each : page) {
                Arms ran = arms.get(each.rollout());
                if (ran == null) {
                    ran = read(sql -> arms(sql, each.rollout()));
                    arms.put(each.rollout(), ran);
                }
                out.write(line(wanted, each, ran).getBytes(StandardCharsets.US_ASCII));
                lines++;
            }
            out.flush();
            if (page.size() < PAGE) {
                return lines;
            }
            after = page.getLast();
        }
    }

    private List<Window> page(Wanted wanted, Window after) throws IOException {
        return read(sql -> sql.list(
                NEXT,
                row -> new Window(
                        row.getString("rollout"),
                        row.getLong("minute"),
                        row.getInt("stage"),
                        row.getString("cohort"),
                        row.getString("figures"),
                        Tally.decode(row.getBytes("tally"))),
                tenant,
                wanted.range().workload(),
                wanted.slice(),
                wanted.rollout(),
                wanted.rollout(),
                wanted.range().from(),
                wanted.range().to(),
                after.minute(),
                after.rollout(),
                after.stage(),
                after.cohort(),
                PAGE));
    }

    /// Nulls where no controller says.
    private Arms arms(Sql sql, String rollout) throws SQLException {
        boolean published = sql.first(
                        "SELECT to_regclass('controller.published_rollout') IS NOT NULL", row -> row.getBoolean(1))
                .orElse(false);
        if (!published) {
            return new Arms(null, null);
        }
        return sql.first(
                        "SELECT champion, challenger FROM controller.published_rollout WHERE tenant = ? AND rollout = ?",
                        row -> new Arms(row.getString(1), row.getString(2)),
                        tenant,
                        rollout)
                .orElse(new Arms(null, null));
    }

    private String line(Wanted wanted, Window window, Arms arms) {
        return Json.write(new WindowLine(
                        tenant,
                        wanted.range().workload(),
                        window.rollout(),
                        arms.champion(),
                        arms.challenger(),
                        Minutes.text(window.minute()),
                        window.stage(),
                        window.cohort(),
                        wanted.slice(),
                        window.figures(),
                        counts(window.tally())))
                + '\n';
    }

    private static SortedMap<String, SortedMap<Integer, Long>> counts(Tally tally) {
        SortedMap<String, SortedMap<Integer, Long>> all = new TreeMap<>();
        for (String measure : tally.measures()) {
            Counts counts = tally.read(measure);
            SortedMap<Integer, Long> buckets = new TreeMap<>();
            for (int bucket : counts.buckets()) {
                buckets.put(bucket, counts.get(bucket));
            }
            all.put(measure, buckets);
        }
        return all;
    }

    private <T> T read(Database.Work<T> work) throws IOException {
        try {
            return database.read(work);
        } catch (SQLException e) {
            throw new IOException("the export ends in the middle, because the database cannot be read", e);
        }
    }

    private static final String NEXT = """
            SELECT s.rollout, s.minute, s.stage, s.cohort, w.tally,
                   (jsonb_strip_nulls(to_jsonb(s)) - '{level,at,minute,tenant,workload,rollout,slice,stage,cohort}'::text[])
                   ::text AS figures
              FROM evaluator.published_series s
              JOIN evaluator.window_minute w
                ON w.start = s.minute AND w.tenant = s.tenant AND w.rollout = s.rollout AND w.slice = s.slice
               AND w.workload = s.workload AND w.stage = s.stage
               AND w.cohort = CASE s.cohort WHEN 'control' THEN 1 WHEN 'canary' THEN 2 ELSE 0 END
             WHERE s.level = 'minute' AND s.tenant = ? AND s.workload = ? AND s.slice = ? AND (? = '' OR s.rollout = ?)
               AND s.minute >= ? AND s.minute < ? AND (s.minute, s.rollout, s.stage, s.cohort) > (?, ?, ?, ?)
             ORDER BY s.minute, s.rollout, s.stage, s.cohort
             LIMIT ?""";
}
