// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.drift.Retraining.Accuracy;
import io.edgewise.drift.Retraining.Due;
import io.edgewise.drift.shell.Bodies.HoldoutView;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.statistics.drift.EntropyMoments;
import io.edgewise.statistics.proportion.Interval;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs of builds over reference holdouts: those that somebody tells, and those that the answers of devices make up.
/// Each is compared with the first of its build and set.
final class HoldoutRuns {
    private static final Logger LOG = LoggerFactory.getLogger(HoldoutRuns.class);
    private static final double CONFIDENCE = 0.95;
    private static final double MILLI = 1000;

    private final Sql sql;
    private final Instant now;
    private final RandomGenerator random;
    private final DriftSettings settings;

    HoldoutRuns(Sql sql, Instant now, RandomGenerator random, DriftSettings settings) {
        this.sql = sql;
        this.now = now;
        this.random = random;
        this.settings = settings;
    }

    /// Whose run it is.
    record Of(String tenant, String workload, String build, String reference) {}

    /// @param failed of the wrong answers, those that were none
    /// @param entropy of the answers that state one
    record Run(Accuracy accuracy, long failed, Optional<EntropyMoments> entropy, String toldBy) {}

    private record First(long number, Accuracy accuracy, Optional<EntropyMoments> entropy) {}

    /// What the evaluator has counted, less what was taken before.
    private record Waiting(Of of, long answers, long correct, long failed, long entropies, long entropy, long squares) {
        /// Whether it can be what was added to earlier counts; a database that was restored can have less of anything.
        boolean isMore() {
            return Math.min(correct, failed) >= 0
                    && Math.max(correct, failed) <= answers
                    && entropies >= 0
                    && entropies <= answers
                    && Math.min(entropy, squares) >= 0;
        }
    }

    HoldoutView add(Of of, Run run) throws SQLException {
        Optional<First> before = first(of);
        Optional<Interval> change = before.flatMap(First::entropy)
                .flatMap(entropy -> run.entropy().map(present -> present.minus(entropy, CONFIDENCE)))
                .filter(interval -> !Double.isNaN(interval.low()));
        sql.updateOne(
                """
                INSERT INTO drift.holdout (tenant, workload, build, reference, correct, n, told_by, at, failed, entropies,
                                           entropy_mean, entropy_variance, entropy_low, entropy_high)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                of.tenant(),
                of.workload(),
                of.build(),
                of.reference(),
                run.accuracy().correct(),
                run.accuracy().n(),
                run.toldBy(),
                now.atOffset(ZoneOffset.UTC),
                run.failed(),
                run.entropy().map(entropy -> (long) entropy.n()).orElse(0L),
                orNull(run.entropy().map(EntropyMoments::mean)),
                orNull(run.entropy().map(EntropyMoments::variance)),
                orNull(change.map(Interval::low)),
                orNull(change.map(Interval::high)));
        return judge(of, before.map(First::accuracy).orElse(run.accuracy()), before.isEmpty(), run.accuracy());
    }

    private HoldoutView judge(Of of, Accuracy first, boolean isFirst, Accuracy run) throws SQLException {
        Optional<Due> due = settings.retraining().byHoldout(first, run);
        if (due.isPresent()) {
            Watched watched = new Watched(of.tenant(), of.workload(), "");
            Events events = new Events(sql, now, random, settings.endpoints());
            RetrainingRows retraining = new RetrainingRows(sql, now, random, events);
            if (!retraining.triggered(watched, of.build(), due.get().reason(), settings.again())) {
                ObjectNode detail = Json.object().put("reference", of.reference());
                detail.putObject("first").put("correct", first.correct()).put("n", first.n());
                detail.putObject("run").put("correct", run.correct()).put("n", run.n());
                retraining.trigger(watched, of.build(), due.get(), detail);
            }
        }
        return new HoldoutView(isFirst, due.isPresent(), due.map(Due::sentence).orElse(null));
    }

    private Optional<First> first(Of of) throws SQLException {
        return sql.first(
                """
                SELECT number, correct, n, entropies, entropy_mean, entropy_variance FROM drift.holdout
                WHERE tenant = ? AND workload = ? AND build = ? AND reference = ?
                ORDER BY number LIMIT 1""",
                row -> new First(
                        row.getLong("number"),
                        new Accuracy(row.getLong("correct"), row.getLong("n")),
                        row.getLong("entropies") == 0
                                ? Optional.empty()
                                : Optional.of(new EntropyMoments(
                                        row.getLong("entropies"),
                                        row.getDouble("entropy_mean"),
                                        row.getDouble("entropy_variance")))),
                of.tenant(),
                of.workload(),
                of.build(),
                of.reference());
    }

    /// Makes runs of what devices have answered since the last one: of enough answers, and over as long as it takes
    /// that each device has asked the whole set.
    void take() throws SQLException {
        boolean published = sql.first(
                        "SELECT to_regclass('evaluator.published_holdout') IS NOT NULL", row -> row.getBoolean(1))
                .orElse(false);
        if (!published) {
            return;
        }
        sql.update(BEGIN, now.atOffset(ZoneOffset.UTC));
        for (Waiting waiting : sql.list(
                ENOUGH,
                HoldoutRuns::waiting,
                settings.holdout().answers(),
                now.minus(settings.holdout().every()).atOffset(ZoneOffset.UTC))) {
            Of of = waiting.of();
            sql.updateOne(
                    TAKE,
                    waiting.answers(),
                    waiting.correct(),
                    waiting.failed(),
                    waiting.entropies(),
                    waiting.entropy(),
                    waiting.squares(),
                    now.atOffset(ZoneOffset.UTC),
                    of.tenant(),
                    of.workload(),
                    of.build(),
                    of.reference());
            if (!waiting.isMore()) {
                LOG.warn(
                        "The evaluator has counted less of the answers of {} to {} than before; was its database restored?"
                                + " Goes on from what is there.",
                        of.build(),
                        of.reference());
            } else {
                add(of, run(waiting));
            }
        }
    }

    private static Run run(Waiting waiting) {
        Optional<EntropyMoments> entropy = waiting.entropies() == 0
                ? Optional.empty()
                : Optional.of(EntropyMoments.ofSums(
                        waiting.entropies(), waiting.entropy() / MILLI, waiting.squares() / MILLI / MILLI));
        return new Run(new Accuracy(waiting.correct(), waiting.answers()), waiting.failed(), entropy, "devices");
    }

    private static Waiting waiting(ResultSet row) throws SQLException {
        return new Waiting(
                new Of(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9),
                row.getLong(10));
    }

    private static @Nullable Double orNull(Optional<Double> value) {
        return value.orElse(null);
    }

    private static final String BEGIN = """
            INSERT INTO drift.holdout_taken
            SELECT tenant, workload, build, reference, 0, 0, 0, 0, 0, 0, ? FROM evaluator.published_holdout
                ON CONFLICT DO NOTHING""";

    private static final String ENOUGH = """
            SELECT tenant, workload, build, reference, p.answers - t.answers, p.correct - t.correct, p.failed - t.failed,
                   p.entropies - t.entropies, p.entropy_milli - t.entropy_milli,
                   p.entropy_milli_squares - t.entropy_milli_squares
              FROM evaluator.published_holdout p JOIN drift.holdout_taken t USING (tenant, workload, build, reference)
             WHERE p.answers - t.answers >= ? AND t.since <= ? OR p.answers < t.answers
             ORDER BY tenant, workload, build, reference""";

    private static final String TAKE = """
            UPDATE drift.holdout_taken
               SET answers = answers + ?, correct = correct + ?, failed = failed + ?, entropies = entropies + ?,
                   entropy_milli = entropy_milli + ?, entropy_milli_squares = entropy_milli_squares + ?, since = ?
             WHERE tenant = ? AND workload = ? AND build = ? AND reference = ?""";
}
