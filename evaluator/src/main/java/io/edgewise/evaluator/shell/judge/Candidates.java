// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.evaluator.judge.Disagreement;
import io.edgewise.evaluator.judge.DisagreementKey;
import io.edgewise.runtime.jdbc.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/// The disagreements that wait for the judge, oldest first and within a minute by lot. Only of samples that are closed:
/// what is still being drawn is no uniform sample yet.
///
/// Goes through the minutes once and then follows what is new; from time to time it looks at all again, for what came
/// late.
final class Candidates {
    private static final int BATCH = 50;
    private static final long OVERLAP_MINUTES = 30;
    private static final long MINUTE_MS = 60_000;
    private static final long LOOK_AGAIN_MS = 5_000;
    private static final long ALL_AGAIN_MS = 10 * MINUTE_MS;

    private final Database database;
    private final JudgeSettings settings;
    private final Deque<Disagreement> waiting = new ArrayDeque<>();
    private long fromMinute;
    private long nextLookMs;
    private long allAgainMs;

    Candidates(Database database, JudgeSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /// The next one to ask about; looks for more when there is none. `notNow`: workloads to leave out.
    Deque<Disagreement> waiting(long nowMs, Collection<String> notNow) throws SQLException {
        if (waiting.isEmpty() && nowMs >= nextLookMs) {
            look(nowMs, notNow);
        }
        return waiting;
    }

    private void look(long nowMs, Collection<String> notNow) throws SQLException {
        long oldest = Math.floorDiv(nowMs - settings.limits().lookBack().toMillis(), MINUTE_MS);
        if (nowMs >= allAgainMs) {
            fromMinute = oldest;
            allAgainMs = nowMs + ALL_AGAIN_MS;
        }
        fromMinute = Math.max(fromMinute, oldest);
        List<Disagreement> batch = database.read(sql -> sql.list(
                NEXT,
                Candidates::disagreement,
                settings.tenant(),
                fromMinute,
                settings.workloads().isEmpty(),
                sql.connection().createArrayOf("text", settings.workloads().toArray()),
                sql.connection().createArrayOf("text", notNow.toArray()),
                BATCH));
        waiting.addAll(batch);
        if (batch.size() == BATCH) {
            fromMinute = batch.getLast().key().minute();
        } else {
            fromMinute = Math.max(fromMinute, Math.floorDiv(nowMs, MINUTE_MS) - OVERLAP_MINUTES);
            nextLookMs = nowMs + LOOK_AGAIN_MS;
        }
    }

    /// Of the columns rollout, minute, chance, observation.
    static Disagreement disagreement(ResultSet row) throws SQLException {
        try {
            return new Disagreement(
                    new DisagreementKey(row.getString("rollout"), row.getLong("minute"), row.getLong("chance")),
                    Observation.parseFrom(row.getBytes("observation")));
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException(
                    "evaluator.disagreement holds a row that is no observation, of minute " + row.getLong("minute")
                            + "; delete it",
                    e);
        }
    }

    private static final String NEXT = """
            SELECT d.rollout, d.minute, d.chance, d.observation
              FROM evaluator.disagreement d
             WHERE d.tenant = ? AND d.minute >= ? AND (? OR d.workload = ANY (?)) AND d.workload <> ALL (?)
               AND NOT EXISTS (SELECT 1 FROM evaluator.judgement j
                                WHERE j.tenant = d.tenant AND j.rollout = d.rollout AND j.minute = d.minute
                                  AND j.chance = d.chance AND j.source = 'judge')
             ORDER BY d.minute, d.chance
             LIMIT ?""";
}
