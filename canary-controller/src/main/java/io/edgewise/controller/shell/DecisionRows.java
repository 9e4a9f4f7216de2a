// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.controller.Estimate;
import io.edgewise.controller.Verdict;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The decision log and the present verdicts.
final class DecisionRows {
    void append(Sql sql, String tenant, ChainLink link) throws SQLException {
        sql.updateOne(
                """
                INSERT INTO controller.decision
                    (rollout, number, tenant, at, kind, actor, stage, share_bp, revision, sentence, detail,
                     previous_hash, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                link.rollout(),
                link.number(),
                tenant,
                Times.of(Instant.ofEpochMilli(link.atMs())),
                link.kind(),
                link.actor(),
                link.stage(),
                link.shareBp(),
                link.revision(),
                link.sentence(),
                link.detail(),
                link.previousHash(),
                link.hash());
    }

    List<ChainLink.Stored> all(Sql sql, String rollout) throws SQLException {
        return sql.list(
                "SELECT * FROM controller.decision WHERE rollout = ? ORDER BY number", DecisionRows::stored, rollout);
    }

    /// Of all rollouts, each one's in order.
    List<ChainLink.Stored> ofTenant(Sql sql, String tenant) throws SQLException {
        return sql.list(
                "SELECT * FROM controller.decision WHERE tenant = ? ORDER BY rollout, number",
                DecisionRows::stored,
                tenant);
    }

    /// The newest ones, oldest first.
    List<ChainLink.Stored> last(Sql sql, String rollout, int most) throws SQLException {
        return sql.list(
                        "SELECT * FROM controller.decision WHERE rollout = ? ORDER BY number DESC LIMIT ?",
                        DecisionRows::stored,
                        rollout,
                        most)
                .reversed();
    }

    private static ChainLink.Stored stored(ResultSet row) throws SQLException {
        ChainLink link = new ChainLink(
                row.getString("rollout"),
                row.getLong("number"),
                Times.get(row, "at").toEpochMilli(),
                row.getString("kind"),
                row.getString("actor"),
                row.getInt("stage"),
                row.getInt("share_bp"),
                row.getLong("revision"),
                row.getString("sentence"),
                row.getString("detail"),
                row.getString("previous_hash"));
        return new ChainLink.Stored(link, row.getString("hash"));
    }

    void verdicts(Sql sql, String rollout, List<Verdict> verdicts, Instant now) throws SQLException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int position = 0; position < verdicts.size(); position++) {
            Verdict verdict = verdicts.get(position);
            rows.add(new @Nullable Object[] {
                rollout,
                position,
                verdict.name(),
                verdict.guardrail().kind().title(),
                verdict.outcome().text(),
                verdict.estimand().name(),
                estimate(verdict, Estimate::value),
                estimate(verdict, Estimate::low),
                estimate(verdict, Estimate::high),
                verdict.threshold(),
                verdict.observations(),
                verdict.devices(),
                number(verdict.neededObservations()),
                number(verdict.neededDevices()),
                finite(verdict.evidence()),
                finite(verdict.evidenceLimit()),
                verdict.sentence(),
                Times.of(now)
            });
        }
        sql.updateAll("""
                INSERT INTO controller.verdict
                    (rollout, position, guardrail, title, verdict, estimand, estimate, low, high, threshold,
                     observations, devices, needed_observations, needed_devices, evidence, evidence_limit,
                     sentence, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (rollout, guardrail) DO UPDATE SET
                    verdict = EXCLUDED.verdict, estimand = EXCLUDED.estimand, estimate = EXCLUDED.estimate,
                    low = EXCLUDED.low, high = EXCLUDED.high, threshold = EXCLUDED.threshold,
                    observations = EXCLUDED.observations, devices = EXCLUDED.devices,
                    needed_observations = EXCLUDED.needed_observations,
                    needed_devices = EXCLUDED.needed_devices, evidence = EXCLUDED.evidence,
                    evidence_limit = EXCLUDED.evidence_limit, sentence = EXCLUDED.sentence, at = EXCLUDED.at
                """, rows);
    }

    private static @Nullable Double estimate(Verdict verdict, ToDoubleFunction<Estimate> part) {
        return verdict.estimate().isEmpty()
                ? null
                : part.applyAsDouble(verdict.estimate().get());
    }

    private static @Nullable Long number(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
