// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.controller.Model;
import io.edgewise.controller.Rollout;
import io.edgewise.controller.shell.Bodies.AlphaView;
import io.edgewise.controller.shell.Bodies.ChampionBody;
import io.edgewise.controller.shell.Bodies.DecisionView;
import io.edgewise.controller.shell.Bodies.FleetView;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.controller.shell.Bodies.VerdictView;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows as REST shows them.
final class Views {
    private Views() {}

    /// With its verdicts, its last decisions and what its devices told.
    static RolloutView whole(Sql sql, Kept kept, List<ChainLink.Stored> last, Instant now) throws SQLException {
        String id = kept.rollout().id().value();
        String trouble = sql.first(
                        "SELECT trouble FROM controller.rollout WHERE rollout = ?", row -> row.getString(1), id)
                .orElse("");
        String outlook = kept.shown().outlook();
        return rollout(
                kept,
                trouble.isEmpty() ? outlook : "Trouble: " + trouble + ". Before it: " + outlook,
                fleet(new DeviceRows().fleet(sql, id, now)),
                verdicts(sql, id),
                last.stream().map(Views::decision).toList());
    }

    static RolloutView bare(Kept kept) {
        return rollout(kept, kept.shown().outlook(), null, List.of(), List.of());
    }

    private static FleetView fleet(DeviceRows.Standing standing) {
        return new FleetView(
                standing.fleet().known(),
                standing.fleet().unconfirmed(),
                standing.fleet().awaited(),
                standing.fleet().approved(),
                standing.crashed(),
                standing.broke(),
                standing.silent(),
                standing.returnedBy().map(Instant::toString).orElse(null));
    }

    private static RolloutView rollout(
            Kept kept,
            String outlook,
            @Nullable FleetView devices,
            List<VerdictView> verdicts,
            List<DecisionView> decisions) {
        Rollout rollout = kept.rollout();
        Rollout.Identity identity = rollout.identity();
        int stage = rollout.phase().stageNumber();
        return new RolloutView(
                identity.id().value(),
                identity.tenant(),
                identity.workload(),
                champion(identity.champion()),
                identity.challenger().name(),
                rollout.phase().text(),
                stage,
                kept.plan().stage(stage).name(),
                rollout.shareBp(kept.plan()),
                kept.revision(),
                PlanBody.of(kept.plan()),
                kept.plan().hash(),
                identity.createdAt().toString(),
                rollout.times().phaseSince().toString(),
                rollout.times().stageSince().toString(),
                rollout.phase().isOver() ? rollout.phase().text() : null,
                kept.lastDecision(),
                outlook,
                new AlphaView(
                        kept.plan().terms().alphaRollback(),
                        kept.shown().alphaSpent(),
                        kept.plan().terms().alphaPromotion()),
                devices,
                verdicts,
                decisions);
    }

    private static ChampionBody champion(Model champion) {
        return switch (champion) {
            case Model.Frontier frontier -> new ChampionBody(frontier.name(), null);
            case Model.Build build -> new ChampionBody(null, build.name());
        };
    }

    private static List<VerdictView> verdicts(Sql sql, String rollout) throws SQLException {
        return sql.list(
                "SELECT * FROM controller.verdict WHERE rollout = ? ORDER BY position", Views::verdict, rollout);
    }

    private static VerdictView verdict(ResultSet row) throws SQLException {
        return new VerdictView(
                row.getString("guardrail"),
                row.getString("title"),
                row.getString("verdict"),
                row.getString("estimand"),
                optional(row, "estimate"),
                optional(row, "low"),
                optional(row, "high"),
                row.getDouble("threshold"),
                row.getLong("observations"),
                row.getLong("devices"),
                whole(row, "needed_observations"),
                whole(row, "needed_devices"),
                optional(row, "evidence"),
                optional(row, "evidence_limit"),
                row.getString("sentence"),
                Times.get(row, "at").toString());
    }

    private static @Nullable Double optional(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable Long whole(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    @SuppressWarnings("unchecked") // a detail is written as an object
    static DecisionView decision(ChainLink.Stored stored) {
        ChainLink link = stored.link();
        return new DecisionView(
                link.number(),
                Instant.ofEpochMilli(link.atMs()).toString(),
                link.kind(),
                link.actor(),
                link.stage(),
                link.shareBp(),
                link.revision(),
                link.sentence(),
                (Map<String, Object>) Json.stored(link.detail(), Map.class),
                link.previousHash(),
                stored.hash());
    }
}
