// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.drift.DriftJudge.Span;
import io.edgewise.drift.Score;
import io.edgewise.drift.Severity;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.statistics.drift.EntropyDrift;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which windows of a rollout were judged, and what their scores were.
final class ScoreRows {
    private final Sql sql;
    private final Watched rollout;
    private final OffsetDateTime now;

    ScoreRows(Sql sql, Watched rollout, OffsetDateTime now) {
        this.sql = sql;
        this.rollout = rollout;
        this.now = now;
    }

    void judged(long minute, int scores) throws SQLException {
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

    /// The severity of the last window of each feature and slice since a minute.
    Map<Reference.Key, Severity> last(long since) throws SQLException {
        Map<Reference.Key, Severity> last = new HashMap<>();
        sql.list(
                """
                SELECT DISTINCT ON (feature, slice) slice, feature, severity FROM drift.score
                WHERE tenant = ? AND rollout = ? AND NOT provisional AND minute >= ?
                ORDER BY feature, slice, minute DESC""",
                row -> last.put(new Reference.Key(row.getString(1), row.getString(2)), Severity.of(row.getString(3))),
                rollout.tenant(),
                rollout.rollout(),
                since);
        return last;
    }

    /// A provisional score never replaces a closed window's, and is left alone when nothing was added.
    void write(Span window, Score score, String baseline, boolean provisional) throws SQLException {
        sql.update(
                """
                INSERT INTO drift.score AS s
                    (tenant, rollout, slice, feature, minute, first_minute, baseline, baseline_n, current_n, psi,
                     psi_corrected, p_warn, p_warn_adjusted, p_act, p_act_adjusted, verdict, needed, js_bits, ks_d,
                     ks_error, ks_p, ks_p_adjusted, chi2_v, chi2_p, chi2_p_adjusted, missing_baseline,
                     missing_current, missing_p, missing_p_adjusted, unseen_current, unseen_p, unseen_p_adjusted,
                     entropy_change, entropy_low, entropy_high, severity, provisional, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                        ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant, rollout, feature, slice, minute) DO UPDATE SET
                    first_minute = excluded.first_minute, baseline = excluded.baseline,
                    baseline_n = excluded.baseline_n, current_n = excluded.current_n, psi = excluded.psi,
                    psi_corrected = excluded.psi_corrected, p_warn = excluded.p_warn,
                    p_warn_adjusted = excluded.p_warn_adjusted, p_act = excluded.p_act,
                    p_act_adjusted = excluded.p_act_adjusted, verdict = excluded.verdict, needed = excluded.needed,
                    js_bits = excluded.js_bits, ks_d = excluded.ks_d, ks_error = excluded.ks_error,
                    ks_p = excluded.ks_p, ks_p_adjusted = excluded.ks_p_adjusted, chi2_v = excluded.chi2_v,
                    chi2_p = excluded.chi2_p, chi2_p_adjusted = excluded.chi2_p_adjusted,
                    missing_baseline = excluded.missing_baseline, missing_current = excluded.missing_current,
                    missing_p = excluded.missing_p, missing_p_adjusted = excluded.missing_p_adjusted,
                    unseen_current = excluded.unseen_current, unseen_p = excluded.unseen_p,
                    unseen_p_adjusted = excluded.unseen_p_adjusted, entropy_change = excluded.entropy_change,
                    entropy_low = excluded.entropy_low, entropy_high = excluded.entropy_high,
                    severity = excluded.severity, provisional = excluded.provisional, at = excluded.at
                WHERE s.provisional AND (NOT excluded.provisional OR s.current_n <> excluded.current_n
                     OR s.missing_current IS DISTINCT FROM excluded.missing_current)""",
                rollout.tenant(),
                rollout.rollout(),
                score.slice(),
                score.feature(),
                window.lastMinute(),
                window.firstMinute(),
                baseline,
                score.baselineN(),
                score.currentN(),
                index(score, Score.Index::psi),
                index(score, Score.Index::corrected),
                index(score, value -> value.pWarn().value()),
                index(score, value -> value.pWarn().adjusted()),
                index(score, value -> value.pAct().value()),
                index(score, value -> value.pAct().adjusted()),
                score.index().map(value -> value.verdict().name()).orElse("NO-EVIDENCE"),
                score.index().map(ScoreRows::needed).orElse(null),
                index(score, Score.Index::jensenShannon),
                shape(score, Score.Kind.KS, Score.Shape::effect),
                shape(score, Score.Kind.KS, Score.Shape::error),
                shape(score, Score.Kind.KS, value -> value.p().value()),
                shape(score, Score.Kind.KS, value -> value.p().adjusted()),
                shape(score, Score.Kind.CHI_SQUARE, Score.Shape::effect),
                shape(score, Score.Kind.CHI_SQUARE, value -> value.p().value()),
                shape(score, Score.Kind.CHI_SQUARE, value -> value.p().adjusted()),
                score.missing().baseline(),
                score.missing().current(),
                score.missing().p().value(),
                score.missing().p().adjusted(),
                score.unseen().map(Score.Apart::current).orElse(null),
                score.unseen().map(unseen -> unseen.p().value()).orElse(null),
                score.unseen().map(unseen -> unseen.p().adjusted()).orElse(null),
                score.entropy().map(EntropyDrift::difference).orElse(null),
                score.entropy().map(EntropyDrift::low).orElse(null),
                score.entropy().map(EntropyDrift::high).orElse(null),
                score.severity().text(),
                provisional,
                now);
    }

    private static @Nullable Double index(Score score, Function<Score.Index, Double> part) {
        return score.index().map(part).orElse(null);
    }

    private static @Nullable Long needed(Score.Index index) {
        return index.needed().isPresent() ? index.needed().getAsLong() : null;
    }

    private static @Nullable Double shape(Score score, Score.Kind kind, Function<Score.Shape, Double> part) {
        return score.shape().filter(shape -> shape.kind() == kind).map(part).orElse(null);
    }
}
