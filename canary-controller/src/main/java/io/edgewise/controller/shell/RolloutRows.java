// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.RolloutId;
import io.edgewise.controller.Model;
import io.edgewise.controller.Phase;
import io.edgewise.controller.Plan;
import io.edgewise.controller.Rollout;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The rows of controller.rollout and controller.plan.
final class RolloutRows {
    private static final String COLUMNS = """
            SELECT r.rollout, r.tenant, r.workload, r.champion, r.champion_kind, r.champion_artifacts, r.challenger,
                   r.challenger_artifacts, r.plan_hash, p.body AS plan, r.phase, r.stage, r.revision, r.decisions,
                   r.last_hash, r.last_decision, r.outlook, r.noted, r.lease_issue, r.lease_at, r.created_at,
                   r.phase_since, r.stage_since, r.deadline, r.decided_at, r.carried, r.updated_at,
                   r.alpha_spent
            FROM controller.rollout r JOIN controller.plan p ON p.hash = r.plan_hash
            """;

    /// Plans never change, so they are parsed once.
    private final Map<String, Plan> plans = new ConcurrentHashMap<>();

    /// The most pressing rollout that is due and that nobody else is working on. It stays locked until the
    /// transaction ends. Only its id: a row that cannot be understood is then known by its name.
    Optional<String> lockDue(Sql sql, Instant now) throws SQLException {
        return sql.first("""
                SELECT r.rollout FROM controller.rollout r
                WHERE r.outcome IS NULL AND r.next_look_at <= ?
                ORDER BY r.alarm DESC, r.next_look_at
                LIMIT 1
                FOR UPDATE OF r SKIP LOCKED
                """, row -> row.getString(1), Times.of(now));
    }

    /// The same among a few that are named, due or not, if they have rested since then.
    Optional<String> lockNamed(Sql sql, Set<String> named, Instant restedSince) throws SQLException {
        return sql.first(
                """
                SELECT r.rollout FROM controller.rollout r
                WHERE r.outcome IS NULL AND r.rollout = ANY (?) AND r.looked_at <= ?
                ORDER BY r.alarm DESC, r.next_look_at
                LIMIT 1
                FOR UPDATE OF r SKIP LOCKED
                """,
                row -> row.getString(1),
                sql.connection().createArrayOf("text", named.toArray()),
                Times.of(restedSince));
    }

    /// This one, if it is still completed.
    Optional<String> lockCompleted(Sql sql, String rollout) throws SQLException {
        return sql.first("""
                SELECT r.rollout FROM controller.rollout r
                WHERE r.rollout = ? AND r.outcome = 'completed'
                FOR UPDATE OF r SKIP LOCKED
                """, row -> row.getString(1), rollout);
    }

    /// Those of them that are not over.
    List<String> running(Sql sql, Set<String> named) throws SQLException {
        return sql.list(
                "SELECT rollout FROM controller.rollout WHERE outcome IS NULL AND rollout = ANY (?)",
                row -> row.getString(1),
                sql.connection().createArrayOf("text", named.toArray()));
    }

    /// A rollout whose row the caller has locked.
    Kept locked(Sql sql, String rollout) throws SQLException {
        return sql.first(COLUMNS + "WHERE r.rollout = ?", this::kept, rollout)
                .orElseThrow(() -> new IllegalStateException(
                        "rollout " + rollout + " has no plan in controller.plan; restore that row from a backup"));
    }

    Optional<Kept> lock(Sql sql, String tenant, String rollout) throws SQLException {
        return sql.first(COLUMNS + "WHERE r.tenant = ? AND r.rollout = ? FOR UPDATE OF r", this::kept, tenant, rollout);
    }

    Optional<Kept> find(Sql sql, String tenant, String rollout) throws SQLException {
        return sql.first(COLUMNS + "WHERE r.tenant = ? AND r.rollout = ?", this::kept, tenant, rollout);
    }

    List<Kept> newest(Sql sql, String tenant, int most) throws SQLException {
        return sql.list(
                COLUMNS + "WHERE r.tenant = ? ORDER BY r.created_at DESC, r.rollout DESC LIMIT ?",
                this::kept,
                tenant,
                most);
    }

    Optional<String> running(Sql sql, String tenant, String workload) throws SQLException {
        return sql.first(
                "SELECT rollout FROM controller.rollout WHERE tenant = ? AND workload = ? AND outcome IS NULL"
                        + " AND phase NOT IN ('draft', 'validating')",
                row -> row.getString(1),
                tenant,
                workload);
    }

    /// How often this challenger was tried on the workload, retries that no device heard of included.
    long tries(Sql sql, Rollout.Identity rollout) throws SQLException {
        return sql.first(
                        """
                        SELECT count(*) FROM controller.rollout
                        WHERE tenant = ? AND workload = ? AND challenger = ?
                          AND (revision > 0 OR first_try IS NOT NULL)
                        """,
                        row -> row.getLong(1),
                        rollout.tenant(),
                        rollout.workload(),
                        rollout.challenger().name())
                .orElse(0L);
    }

    /// The rollout that this one tries again, itself where it is the first. Its row is locked, so that retries are
    /// counted one after the other.
    String firstTry(Sql sql, String rollout) throws SQLException {
        return sql.first("""
                        SELECT f.rollout FROM controller.rollout f
                        WHERE f.rollout = (SELECT coalesce(r.first_try, r.rollout) FROM controller.rollout r
                                           WHERE r.rollout = ?)
                        FOR UPDATE
                        """, row -> row.getString(1), rollout).orElseThrow();
    }

    void triesAgain(Sql sql, String rollout, String first) throws SQLException {
        sql.updateOne("UPDATE controller.rollout SET first_try = ? WHERE rollout = ?", first, rollout);
    }

    void insert(Sql sql, Kept kept) throws SQLException {
        Rollout rollout = kept.rollout();
        Rollout.Identity identity = rollout.identity();
        String hash = kept.plan().hash();
        sql.update(
                "INSERT INTO controller.plan (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING",
                hash,
                Json.write(PlanBody.of(kept.plan())));
        sql.updateOne(
                """
                INSERT INTO controller.rollout
                    (rollout, tenant, workload, champion, champion_kind, champion_artifacts, challenger,
                     challenger_artifacts, plan_hash, phase, stage, share_bp, revision, decisions, last_hash,
                     last_decision, outlook, noted, lease_issue, lease_at, created_at, phase_since, stage_since,
                     deadline, decided_at, updated_at, looked_at, next_look_at, carried)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                identity.id().value(),
                identity.tenant(),
                identity.workload(),
                identity.champion().name(),
                kind(identity.champion()),
                Json.write(artifacts(identity.champion())),
                identity.challenger().name(),
                Json.write(identity.challenger().artifacts()),
                hash,
                rollout.phase().text(),
                rollout.phase().stageNumber(),
                rollout.shareBp(kept.plan()),
                kept.revision(),
                kept.decisions(),
                kept.lastHash(),
                kept.lastDecision(),
                kept.shown().outlook(),
                Json.write(rollout.noted()),
                rollout.lease().issue(),
                Times.of(rollout.lease().at()),
                Times.of(identity.createdAt()),
                Times.of(rollout.times().phaseSince()),
                Times.of(rollout.times().stageSince()),
                Times.of(rollout.times().deadline()),
                Times.of(rollout.times().decidedAt()),
                Times.of(identity.createdAt()),
                Times.of(identity.createdAt()),
                Times.of(identity.createdAt()),
                CarriedBody.write(rollout.carried()));
    }

    /// A look that found nothing to write and nothing to show. Unless it cut a block of evidence, it need
    /// not outlive a crash of the database, so nobody waits for the disk.
    void looked(Sql sql, String rollout, Instant now, Instant nextLook, boolean alarm, boolean isCut)
            throws SQLException {
        if (!isCut) {
            sql.list("SELECT set_config('synchronous_commit', 'off', true)", row -> true);
        }
        sql.updateOne(
                "UPDATE controller.rollout SET looked_at = ?, next_look_at = ?, alarm = ?, trouble = '' WHERE rollout = ?",
                Times.of(now),
                Times.of(nextLook),
                alarm,
                rollout);
    }

    void update(Sql sql, Kept kept, Instant now, Instant nextLook, boolean alarm) throws SQLException {
        Rollout rollout = kept.rollout();
        sql.updateOne(
                """
                UPDATE controller.rollout
                SET phase = ?, stage = ?, share_bp = ?, outcome = ?, revision = ?, decisions = ?, last_hash = ?,
                    last_decision = ?, outlook = ?, noted = ?, lease_issue = ?, lease_at = ?, phase_since = ?,
                    stage_since = ?, deadline = ?, decided_at = ?, updated_at = ?, looked_at = ?, next_look_at = ?,
                    alarm = ?, trouble = '', carried = ?, alpha_spent = ?
                WHERE rollout = ?
                """,
                rollout.phase().text(),
                rollout.phase().stageNumber(),
                rollout.shareBp(kept.plan()),
                outcome(rollout.phase()),
                kept.revision(),
                kept.decisions(),
                kept.lastHash(),
                kept.lastDecision(),
                kept.shown().outlook(),
                Json.write(rollout.noted()),
                rollout.lease().issue(),
                Times.of(rollout.lease().at()),
                Times.of(rollout.times().phaseSince()),
                Times.of(rollout.times().stageSince()),
                Times.of(rollout.times().deadline()),
                Times.of(rollout.times().decidedAt()),
                Times.of(kept.shown().at()),
                Times.of(now),
                Times.of(nextLook),
                alarm,
                CarriedBody.write(rollout.carried()),
                kept.shown().alphaSpent(),
                rollout.id().value());
    }

    /// Puts a rollout that cannot be processed aside for a while, so that it does not hold up the others.
    void setAside(Sql sql, String rollout, Instant until, String trouble) throws SQLException {
        sql.update(
                "UPDATE controller.rollout SET next_look_at = ?, looked_at = ?, trouble = ? WHERE rollout = ?",
                Times.of(until),
                Times.of(until),
                trouble,
                rollout);
    }

    long nextRevision(Sql sql, String tenant, String workload) throws SQLException {
        return sql.first("""
                        INSERT INTO controller.revision AS r (tenant, workload, last) VALUES (?, ?, 1)
                        ON CONFLICT (tenant, workload) DO UPDATE SET last = r.last + 1
                        RETURNING last
                        """, row -> row.getLong(1), tenant, workload).orElseThrow();
    }

    private Kept kept(ResultSet row) throws SQLException {
        String body = row.getString("plan");
        Plan plan = plans.computeIfAbsent(
                row.getString("plan_hash"),
                hash -> Json.stored(body, PlanBody.class).stored());
        Model.Build challenger =
                new Model.Build(row.getString("challenger"), Json.texts(row.getString("challenger_artifacts")));
        Rollout.Identity identity = new Rollout.Identity(
                new RolloutId(row.getString("rollout")),
                row.getString("tenant"),
                row.getString("workload"),
                champion(row),
                challenger,
                Times.get(row, "created_at"));
        Rollout rollout = new Rollout(
                identity,
                Phase.of(row.getString("phase"), row.getInt("stage")),
                new Rollout.Times(
                        Times.get(row, "phase_since"),
                        Times.get(row, "stage_since"),
                        Times.get(row, "deadline"),
                        Times.get(row, "decided_at")),
                new Rollout.Lease(row.getLong("lease_issue"), Times.get(row, "lease_at")),
                Json.texts(row.getString("noted")),
                CarriedBody.read(row.getString("carried")));
        return new Kept(
                rollout,
                plan,
                row.getLong("revision"),
                row.getLong("decisions"),
                row.getString("last_hash"),
                row.getString("last_decision"),
                new Kept.Shown(row.getString("outlook"), Times.get(row, "updated_at"), row.getDouble("alpha_spent")));
    }

    private static Model champion(ResultSet row) throws SQLException {
        String name = row.getString("champion");
        return row.getString("champion_kind").equals("frontier")
                ? new Model.Frontier(name)
                : new Model.Build(name, Json.texts(row.getString("champion_artifacts")));
    }

    private static String kind(Model model) {
        return switch (model) {
            case Model.Frontier frontier -> "frontier";
            case Model.Build build -> "build";
        };
    }

    private static Map<String, String> artifacts(Model model) {
        return switch (model) {
            case Model.Frontier frontier -> Map.of();
            case Model.Build build -> build.artifacts();
        };
    }

    private static @Nullable String outcome(Phase phase) {
        return phase.isOver() ? phase.text() : null;
    }
}
