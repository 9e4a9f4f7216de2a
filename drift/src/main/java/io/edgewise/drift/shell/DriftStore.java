// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.Baseline;
import io.edgewise.drift.DriftJudge.Step;
import io.edgewise.drift.Features;
import io.edgewise.drift.Finding;
import io.edgewise.drift.Score;
import io.edgewise.drift.Severity;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.statistics.drift.EntropyDrift;
import io.edgewise.statistics.drift.ReferenceBins;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The drift role's own tables, on one connection.
final class DriftStore {
    private final Sql sql;
    private final OffsetDateTime now;

    DriftStore(Sql sql, OffsetDateTime now) {
        this.sql = sql;
        this.now = now;
    }

    /// One process judges a rollout at a time, until its transaction ends.
    boolean lock(Watched rollout) throws SQLException {
        return sql.first(
                        "SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))",
                        row -> row.getBoolean(1),
                        "edgewise/drift/" + rollout.tenant() + '/' + rollout.rollout())
                .orElse(false);
    }

    /// The newest version of each.
    List<Baseline> baselines(Watched rollout) throws SQLException {
        return sql.list("""
                SELECT DISTINCT ON (measure) measure, tally, atoms, cuts FROM drift.baseline
                WHERE tenant = ? AND rollout = ? ORDER BY measure, version DESC""", DriftStore::baseline, rollout.tenant(), rollout.rollout());
    }

    void freeze(Watched rollout, Baseline baseline, Windows.Shadow shadow) throws SQLException {
        Tally kept = new Tally();
        Counts all = shadow.tally().read(baseline.measure());
        for (int bucket : all.buckets()) {
            kept.add(baseline.measure(), bucket, all.get(bucket));
        }
        String source = "shadow of rollout " + rollout.rollout() + ", slice all: " + shadow.windows()
                + " window rows of minutes " + shadow.firstMinute() + " to " + shadow.lastMinute();
        sql.updateOne(
                """
                INSERT INTO drift.baseline
                    (tenant, rollout, measure, version, feature, source, observations, atoms, cuts, tally, frozen_at)
                VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)""",
                rollout.tenant(),
                rollout.rollout(),
                baseline.measure(),
                baseline.feature(),
                source,
                baseline.observations(),
                baseline.bins().atoms(),
                baseline.bins().cuts(),
                kept.encode(),
                now);
    }

    void judged(Watched rollout, long minute, int scores) throws SQLException {
        sql.updateOne(
                "INSERT INTO drift.judged_window (tenant, rollout, minute, scores, at) VALUES (?, ?, ?, ?, ?)",
                rollout.tenant(),
                rollout.rollout(),
                minute,
                scores,
                now);
        sql.update(
                "DELETE FROM drift.score WHERE tenant = ? AND rollout = ? AND minute = ? AND provisional",
                rollout.tenant(),
                rollout.rollout(),
                minute);
    }

    /// A provisional score never replaces a closed window's, and is left alone when nothing was added.
    void score(Watched rollout, long minute, Score score, boolean provisional) throws SQLException {
        sql.update(
                """
                INSERT INTO drift.score AS s
                    (tenant, rollout, feature, minute, baseline_n, current_n, psi, psi_corrected, p_warn, p_act,
                     verdict, needed, ks_d, ks_p, ks_p_adjusted, chi2_v, chi2_p, chi2_p_adjusted, missing_baseline,
                     missing_current, missing_p, missing_p_adjusted, unseen_current, unseen_p, unseen_p_adjusted,
                     entropy_change, entropy_low, entropy_high, severity, provisional, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant, rollout, feature, minute) DO UPDATE SET
                    baseline_n = excluded.baseline_n, current_n = excluded.current_n, psi = excluded.psi,
                    psi_corrected = excluded.psi_corrected, p_warn = excluded.p_warn, p_act = excluded.p_act,
                    verdict = excluded.verdict, needed = excluded.needed, ks_d = excluded.ks_d, ks_p = excluded.ks_p,
                    ks_p_adjusted = excluded.ks_p_adjusted, chi2_v = excluded.chi2_v, chi2_p = excluded.chi2_p,
                    chi2_p_adjusted = excluded.chi2_p_adjusted, missing_baseline = excluded.missing_baseline,
                    missing_current = excluded.missing_current, missing_p = excluded.missing_p,
                    missing_p_adjusted = excluded.missing_p_adjusted, unseen_current = excluded.unseen_current,
                    unseen_p = excluded.unseen_p, unseen_p_adjusted = excluded.unseen_p_adjusted,
                    entropy_change = excluded.entropy_change, entropy_low = excluded.entropy_low,
                    entropy_high = excluded.entropy_high, severity = excluded.severity, provisional = excluded.provisional, at = excluded.at
                WHERE s.provisional AND (NOT excluded.provisional OR s.current_n <> excluded.current_n
                     OR s.missing_current IS DISTINCT FROM excluded.missing_current)""",
                rollout.tenant(),
                rollout.rollout(),
                score.feature(),
                minute,
                score.baselineN(),
                score.currentN(),
                score.index().map(Score.Index::psi).orElse(null),
                score.index().map(Score.Index::corrected).orElse(null),
                score.index().map(Score.Index::pWarn).orElse(null),
                score.index().map(Score.Index::pAct).orElse(null),
                score.index().map(index -> index.verdict().name()).orElse("NO-EVIDENCE"),
                score.index().map(DriftStore::needed).orElse(null),
                shape(score, Score.Kind.KS, Score.Shape::effect),
                shape(score, Score.Kind.KS, Score.Shape::p),
                shape(score, Score.Kind.KS, Score.Shape::adjusted),
                shape(score, Score.Kind.CHI_SQUARE, Score.Shape::effect),
                shape(score, Score.Kind.CHI_SQUARE, Score.Shape::p),
                shape(score, Score.Kind.CHI_SQUARE, Score.Shape::adjusted),
                score.missing().baseline(),
                score.missing().current(),
                score.missing().p(),
                score.missing().adjusted(),
                score.unseen().map(Score.Apart::current).orElse(null),
                score.unseen().map(Score.Apart::p).orElse(null),
                score.unseen().map(Score.Apart::adjusted).orElse(null),
                score.entropy().map(EntropyDrift::difference).orElse(null),
                score.entropy().map(EntropyDrift::low).orElse(null),
                score.entropy().map(EntropyDrift::high).orElse(null),
                score.severity().text(),
                provisional,
                now);
    }

    private static @Nullable Long needed(Score.Index index) {
        return index.needed().isPresent() ? index.needed().getAsLong() : null;
    }

    private static @Nullable Double shape(Score score, Score.Kind kind, Function<Score.Shape, Double> part) {
        return score.shape().filter(shape -> shape.kind() == kind).map(part).orElse(null);
    }

    Optional<Finding> openFinding(Watched rollout, String feature) throws SQLException {
        return sql.first(
                """
                SELECT finding, feature, severity, opened_minute, calm_windows, sentence FROM drift.finding
                WHERE tenant = ? AND rollout = ? AND feature = ? AND closed_minute IS NULL""",
                row -> new Finding(
                        row.getString(1),
                        row.getString(2),
                        Severity.of(row.getString(3)),
                        row.getLong(4),
                        row.getInt(5),
                        row.getString(6)),
                rollout.tenant(),
                rollout.rollout(),
                feature);
    }

    void apply(Watched rollout, Step step) throws SQLException {
        switch (step) {
            case Step.Nothing nothing -> {
                return;
            }
            case Step.Open open -> insert(rollout, open.finding());
            case Step.Update update -> update(update.finding());
            case Step.Close close -> {
                update(close.finding());
                sql.updateOne(
                        "UPDATE drift.finding SET closed_minute = ? WHERE finding = ? AND closed_minute IS NULL",
                        close.closedMinute(),
                        close.finding().id());
            }
        }
    }

    private void insert(Watched rollout, Finding finding) throws SQLException {
        sql.updateOne(
                """
                INSERT INTO drift.finding
                    (finding, tenant, rollout, feature, severity, opened_minute, calm_windows, sentence, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                finding.id(),
                rollout.tenant(),
                rollout.rollout(),
                finding.feature(),
                finding.severity().text(),
                finding.openedMinute(),
                finding.calmWindows(),
                finding.sentence(),
                now);
    }

    private void update(Finding finding) throws SQLException {
        sql.updateOne(
                "UPDATE drift.finding SET severity = ?, calm_windows = ?, sentence = ?, at = ? WHERE finding = ?",
                finding.severity().text(),
                finding.calmWindows(),
                finding.sentence(),
                now,
                finding.id());
    }

    private static Baseline baseline(ResultSet row) throws SQLException {
        String measure = row.getString(1);
        Tally tally = Tally.decode(row.getBytes(2));
        return new Baseline(
                measure, Features.cells(tally.read(measure)), new ReferenceBins(integers(row, 3), integers(row, 4)));
    }

    private static int[] integers(ResultSet row, int column) throws SQLException {
        Integer[] boxed = (Integer[]) row.getArray(column).getArray();
        return Arrays.stream(boxed).mapToInt(Integer::intValue).toArray();
    }
}
