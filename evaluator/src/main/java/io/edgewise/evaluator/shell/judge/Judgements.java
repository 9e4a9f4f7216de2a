// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.evaluator.judge.DisagreementKey;
import io.edgewise.evaluator.judge.Sealed;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.random.RandomGenerator;

/// Stores judgements: each disagreement once per source, and one of them, the first with a verdict, with a place among
/// the feedback records.
final class Judgements {
    private final Sql sql;
    private final DeviceSecrets secrets;
    private final RandomGenerator random;

    Judgements(Sql sql, DeviceSecrets secrets, RandomGenerator random) {
        this.sql = sql;
        this.secrets = secrets;
        this.random = random;
    }

    /// What became of a judgement that was to be stored.
    enum Stored {
        /// It will be sent and counted.
        COUNTED,
        /// It is there to compare; another source's verdict counts, or it has none.
        KEPT,
        /// The same source had judged this disagreement before.
        THERE_ALREADY
    }

    Stored store(Judged judged, Instant now) throws SQLException {
        Observation observation = judged.of().observation();
        DisagreementKey key = judged.of().key();
        sql.list(
                "SELECT pg_advisory_xact_lock(hashtextextended('edgewise judgement ' || ? || ' ' || ?, 0))",
                row -> true,
                observation.getTenant(),
                key.id());
        int inserted = sql.update(
                INSERT,
                observation.getTenant(),
                key.rollout(),
                key.minute(),
                key.chance(),
                judged.source(),
                observation.getWorkload(),
                observation.getStage(),
                observation.getCohortValue(),
                judged.verdict() == null ? null : judged.verdict().word(),
                judged.reason(),
                judged.orders().championFirst(),
                judged.orders().challengerFirst(),
                judged.judge(),
                judged.prompt(),
                judged.truth(),
                judged.cost().usage().tokensIn(),
                judged.cost().usage().tokensOut(),
                judged.cost().nanos(),
                judged.cost().currency(),
                judged.cost().priceCard(),
                now.atOffset(ZoneOffset.UTC));
        if (inserted == 0) {
            return Stored.THERE_ALREADY;
        }
        if (judged.verdict() == null || isCounted(observation.getTenant(), key)) {
            return Stored.KEPT;
        }
        place(judged, observation, key);
        return Stored.COUNTED;
    }

    private boolean isCounted(String tenant, DisagreementKey key) throws SQLException {
        return !sql.list("""
                        SELECT 1 FROM evaluator.judgement
                         WHERE tenant = ? AND rollout = ? AND minute = ? AND chance = ? AND seq IS NOT NULL""", row -> true, tenant, key.rollout(), key.minute(), key.chance())
                .isEmpty();
    }

    private void place(Judged judged, Observation observation, DisagreementKey key) throws SQLException {
        sql.update("""
                INSERT INTO evaluator.verdict_source (tenant, source, source_epoch, last_seq) VALUES (?, ?, ?, 0)
                ON CONFLICT DO NOTHING""", observation.getTenant(), judged.source(), random.nextLong() | 1);
        sql.updateOne(
                """
                WITH next AS (
                    UPDATE evaluator.verdict_source SET last_seq = last_seq + 1 WHERE tenant = ? AND source = ?
                    RETURNING source_epoch, last_seq
                )
                UPDATE evaluator.judgement j SET token = ?, source_epoch = next.source_epoch, seq = next.last_seq
                  FROM next
                 WHERE j.tenant = ? AND j.rollout = ? AND j.minute = ? AND j.chance = ? AND j.source = ?""",
                observation.getTenant(),
                judged.source(),
                Sealed.token(observation, secrets),
                observation.getTenant(),
                key.rollout(),
                key.minute(),
                key.chance(),
                judged.source());
    }

    private static final String INSERT = """
            INSERT INTO evaluator.judgement
                   (tenant, rollout, minute, chance, source, workload, stage, cohort, verdict, reason, champion_first,
                    challenger_first, judge, prompt, truth, tokens_in, tokens_out, cost_nanos, currency, price_card,
                    judged_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING""";
}
