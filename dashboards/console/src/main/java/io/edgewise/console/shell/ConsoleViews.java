// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import io.edgewise.console.Period;
import io.edgewise.console.RolloutData;
import io.edgewise.console.Rows;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the published views. Every query is bounded in rows and in time, and a page is one snapshot.
final class ConsoleViews {
    static final int MOST_ROLLOUTS = 200;
    private static final int MOST_EVIDENCE = 20_000;
    private static final int MOST_SLICE_ROWS = 20_000;
    private static final int MOST_WINDOW_ROWS = 60_000;
    private static final int MOST_HOUR_ROWS = 10_000;
    private static final int MOST_DECISIONS = 100;
    private static final String QUERY_CANCELED = "57014";

    private static final String SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
    private static final String TIME_LIMIT = "SET LOCAL statement_timeout = '2s'";

    private static final String ROOMS = """
            SELECT to_regclass('controller.published_rollout') IS NOT NULL,
                   to_regclass('evaluator.published_evidence') IS NOT NULL,
                   to_regclass('drift.published_score') IS NOT NULL,
                   to_regclass('controller.published_fleet') IS NOT NULL
            """;

    private static final String ROLLOUTS = """
            SELECT tenant, rollout, workload, champion, challenger, phase, stage, stage_name, share_bp, revision,
                   plan::text AS plan, created_at, stage_since, updated_at, outcome, last_decision
            FROM controller.published_rollout
            WHERE tenant = ?
            ORDER BY created_at DESC, rollout DESC
            LIMIT ?
            """;

    private static final String ROLLOUT = """
            SELECT tenant, rollout, workload, champion, challenger, phase, stage, stage_name, share_bp, revision,
                   plan::text AS plan, created_at, stage_since, updated_at, outcome, last_decision
            FROM controller.published_rollout
            WHERE tenant = ? AND rollout = ?
            """;

    private static final String STANDING = """
            SELECT f.known, f.unconfirmed, f.awaited, f.crashed, f.broke, f.silent, f.alpha_spent, f.alpha
            FROM controller.published_fleet f
            WHERE f.tenant = ? AND f.rollout = ?
            """;

    private static final String VERDICTS = """
            SELECT guardrail, title, verdict, estimand, estimate, low, high, threshold, observations, devices,
                   needed_observations, needed_devices, evidence, evidence_limit, sentence, at
            FROM controller.published_verdict
            WHERE tenant = ? AND rollout = ?
            ORDER BY guardrail
            LIMIT 100
            """;

    private static final String DECISIONS = """
            SELECT number, at, kind, actor, stage, share_bp, sentence, hash
            FROM controller.published_decision
            WHERE tenant = ? AND rollout = ?
            ORDER BY number DESC
            LIMIT ?
            """;

    private static final String EVIDENCE = """
            SELECT stage, cohort, escalated, slice, tally
            FROM evaluator.published_evidence
            WHERE tenant = ? AND rollout = ? AND slice = 'all'
            LIMIT ?
            """;

    private static final String SLICES = """
            SELECT stage, cohort, escalated, slice, tally
            FROM evaluator.published_slice
            WHERE tenant = ? AND rollout = ?
            LIMIT ?
            """;

    private static final String WINDOWS = """
            SELECT minute, stage, cohort, tally
            FROM evaluator.published_window
            WHERE tenant = ? AND rollout = ? AND slice = 'all'
              AND minute > (SELECT max(minute) - 60 FROM evaluator.published_window WHERE tenant = ? AND rollout = ?)
            ORDER BY minute DESC
            LIMIT ?
            """;

    private static final String HOURS = """
            SELECT minute, stage, CASE cohort WHEN 'control' THEN 1 WHEN 'canary' THEN 2 ELSE 0 END AS cohort,
                   requests, served_champion_share, served_challenger_share, latency_user_p50_us, latency_user_p95_us,
                   latency_user_p99_us, cost_per_request_nanos, pairs_compared, agreement_share
            FROM evaluator.published_series
            WHERE level = 'hour' AND tenant = ? AND rollout = ? AND slice = 'all'
              AND minute > (SELECT max(minute) - ? FROM evaluator.published_series
                             WHERE level = 'hour' AND tenant = ? AND rollout = ? AND slice = 'all')
            ORDER BY minute DESC
            LIMIT ?
            """;

    private static final String ACCOUNTS = """
            SELECT kind, count(*) AS spools, sum(last_seq)::bigint AS last_seq, sum(counted)::bigint AS counted,
                   sum(late)::bigint AS late, sum(rejected)::bigint AS rejected, sum(dropped)::bigint AS dropped,
                   sum(lost)::bigint AS lost, sum(duplicates)::bigint AS duplicates,
                   sum(open_gaps)::bigint AS open_gaps, sum(abs(imbalance))::bigint AS imbalance
            FROM evaluator.published_account
            WHERE tenant = ?
            GROUP BY kind
            ORDER BY kind DESC
            """;

    private static final String COUNTERS = """
            SELECT name, amount FROM evaluator.published_counter ORDER BY amount DESC, name LIMIT 50
            """;

    private static final String SCORES = """
            SELECT DISTINCT ON (feature) feature, minute, baseline_n, current_n, psi, psi_corrected, severity,
                   verdict, needed, ks_d, ks_p_adjusted, chi2_v, chi2_p_adjusted, missing_baseline, missing_current,
                   missing_p_adjusted
            FROM drift.published_score
            WHERE tenant = ? AND rollout = ? AND slice = 'all'
            ORDER BY feature, minute DESC
            LIMIT 40
            """;

    private static final String FINDINGS = """
            SELECT finding, CASE slice WHEN 'all' THEN feature ELSE feature || ' in ' || slice END AS feature,
                   severity, opened_minute, closed_minute, sentence
            FROM drift.published_finding
            WHERE tenant = ? AND rollout = ?
            ORDER BY (closed_minute IS NULL) DESC, opened_minute DESC, finding
            LIMIT 12
            """;

    private final Database database;

    ConsoleViews(Database database) {
        this.database = database;
    }

    /// Newest first, at most {@link #MOST_ROLLOUTS}.
    List<Rows.Rollout> rollouts(String tenant) throws SQLException {
        return snapshot(sql ->
                rooms(sql).controller() ? sql.list(ROLLOUTS, RowReader::rollout, tenant, MOST_ROLLOUTS) : List.of());
    }

    Optional<RolloutData> live(String tenant, String id, Period period) throws SQLException {
        List<String> notes = new ArrayList<>();
        RolloutData.Books books = books(tenant, notes);
        return snapshot(sql -> {
            Rooms rooms = rooms(sql);
            if (!rooms.controller()) {
                return Optional.empty();
            }
            Optional<Rows.Rollout> rollout = sql.first(ROLLOUT, RowReader::rollout, tenant, id);
            return rollout.isEmpty()
                    ? Optional.empty()
                    : Optional.of(data(sql, rollout.get(), period, rooms, books, notes));
        });
    }

    private static RolloutData data(
            Sql sql, Rows.Rollout rollout, Period period, Rooms rooms, RolloutData.Books books, List<String> notes)
            throws SQLException {
        if (!rooms.evaluator()) {
            notes.add("No evaluator has run on this database yet, so nothing is counted: start a server with the role"
                    + " evaluator (edgewise.roles).");
        }
        if (!rooms.drift()) {
            notes.add("No drift detector has run on this database yet: start a server with the role drift"
                    + " (edgewise.roles).");
        }
        String tenant = rollout.tenant();
        String id = rollout.id();
        TallyRows.EvidenceFold slices = new TallyRows.EvidenceFold();
        boolean cut = rooms.evaluator()
                && sql.list(SLICES, slices::add, tenant, id, MOST_SLICE_ROWS).size() >= MOST_SLICE_ROWS;
        return new RolloutData(
                rollout,
                rooms.evaluator() ? evidence(sql, tenant, id) : List.of(),
                cut ? List.of() : slices.rows(),
                cut,
                rooms.evaluator() && period == Period.HOUR ? windows(sql, tenant, id) : List.of(),
                sql.list(VERDICTS, RowReader::verdict, tenant, id),
                sql.list(DECISIONS, RowReader::decision, tenant, id, MOST_DECISIONS),
                rooms.drift() ? sql.list(SCORES, RowReader::score, tenant, id) : List.of(),
                rooms.drift() ? sql.list(FINDINGS, RowReader::finding, tenant, id) : List.of(),
                books,
                notes,
                rooms.fleet() ? sql.first(STANDING, RowReader::standing, tenant, id) : Optional.empty(),
                new RolloutData.Longer(
                        period,
                        rooms.evaluator() && period != Period.HOUR ? hours(sql, tenant, id, period) : List.of()));
    }

    private static List<Rows.Evidence> evidence(Sql sql, String tenant, String id) throws SQLException {
        TallyRows.EvidenceFold fold = new TallyRows.EvidenceFold();
        if (sql.list(EVIDENCE, fold::add, tenant, id, MOST_EVIDENCE).size() >= MOST_EVIDENCE) {
            throw new SQLException("rollout " + id + " has " + MOST_EVIDENCE
                    + " or more evidence rows: too many to add up for a page");
        }
        return fold.rows();
    }

    /// The newest minutes, as many as the limit of rows reaches.
    private static List<Rows.Window> windows(Sql sql, String tenant, String id) throws SQLException {
        TallyRows.WindowFold fold = new TallyRows.WindowFold();
        if (sql.list(WINDOWS, fold::add, tenant, id, tenant, id, MOST_WINDOW_ROWS)
                        .size()
                >= MOST_WINDOW_ROWS) {
            fold.dropOldest();
        }
        return fold.rows();
    }

    private static List<Rows.Hour> hours(Sql sql, String tenant, String id, Period period) throws SQLException {
        return sql.list(HOURS, RowReader::hour, tenant, id, (long) period.minutes(), tenant, id, MOST_HOUR_ROWS);
    }

    /// Sums over all spools may take too long on a large fleet; the page does without them then.
    private RolloutData.Books books(String tenant, List<String> notes) throws SQLException {
        try {
            return snapshot(sql -> rooms(sql).evaluator()
                    ? new RolloutData.Books(
                            sql.list(ACCOUNTS, RowReader::account, tenant), sql.list(COUNTERS, RowReader::counter))
                    : new RolloutData.Books(List.of(), List.of()));
        } catch (SQLException e) {
            if (!QUERY_CANCELED.equals(e.getSQLState())) {
                throw e;
            }
            notes.add("The account of all spools takes longer than 2 s to add up and is left out; ask"
                    + " GET /api/v1/accounts.");
            return new RolloutData.Books(List.of(), List.of());
        }
    }

    private <T> T snapshot(Database.Work<T> work) throws SQLException {
        return database.transact(sql -> {
            sql.update(SNAPSHOT);
            sql.update(TIME_LIMIT);
            return work.run(sql);
        });
    }

    /// Which roles have made their views in this database.
    private record Rooms(boolean controller, boolean evaluator, boolean drift, boolean fleet) {}

    private static Rooms rooms(Sql sql) throws SQLException {
        return sql.list(
                        ROOMS,
                        result -> new Rooms(
                                result.getBoolean(1), result.getBoolean(2), result.getBoolean(3), result.getBoolean(4)))
                .getFirst();
    }
}
