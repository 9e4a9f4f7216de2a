// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.controller.EvidenceBlock;
import io.edgewise.controller.Plan;
import io.edgewise.controller.Replay;
import io.edgewise.runtime.jdbc.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Decisions computed once more from the stored evidence, and compared with what was written; or what another plan
/// would
/// have said on the same evidence.
@ApplicationScoped
public class ReplayDesk {
    private static final int PAGE = 1_000;
    private static final int MOST_SHOWN = 200;

    private final Database database;
    private final String tenant;
    private final RolloutRows rollouts = new RolloutRows();
    private final DecisionRows decisions = new DecisionRows();
    private final EvidenceRows evidence = new EvidenceRows();

    @Inject
    public ReplayDesk(Database database, ControllerConfig config) {
        this.database = database;
        this.tenant = config.tenant();
    }

    /// `same`: everything that follows from the evidence is to the byte what was written. `withoutEvidence` decisions
    /// did not look at it (a stop). The first differences, at most 200.
    public record ReplayView(
            long decisions, long blocks, long withoutEvidence, boolean same, List<Difference> differences) {}

    /// `path` lies in the decision's detail.
    public record Difference(
            long decision,
            String path,
            @Nullable String was,
            @Nullable String is) {}

    /// What a plan says on a rollout's evidence, block by block: the first changes, at most 200.
    public record OtherView(String planHash, long blocks, List<ChangeView> changes) {}

    public record ChangeView(long block, String at, String guardrail, String was, String is, String sentence) {}

    /// Carries what a plan is replayed with.
    public record ReplayBody(@Nullable PlanBody plan) {}

    public ReplayView same(String rollout) {
        Kept kept = found(rollout);
        List<ChainLink.Stored> log = Transactions.run(database, sql -> decisions.all(sql, rollout));
        Replay replay = new Replay(kept.plan());
        List<Difference> differences = new ArrayList<>();
        long blind = 0;
        List<EvidenceBlock> page = new ArrayList<>();
        for (ChainLink.Stored stored : log) {
            JsonNode was = Json.stored(stored.link().detail(), JsonNode.class);
            long upTo = was.path("blocks").asLong();
            if (upTo < replay.blocks() || was.path("guardrails").isEmpty()) {
                blind++;
                continue;
            }
            while (replay.blocks() < upTo) {
                if (page.isEmpty()) {
                    page.addAll(after(rollout, replay.blocks()));
                }
                if (page.isEmpty()) {
                    differences.add(new Difference(
                            stored.link().number(), "blocks", Long.toString(upTo), Long.toString(replay.blocks())));
                    break;
                }
                replay.append(page.removeFirst());
            }
            if (replay.blocks() == upTo) {
                compare(stored.link().number(), was, Json.stored(replay.detail(), JsonNode.class), "", differences);
            }
        }
        return new ReplayView(
                log.size(),
                replay.blocks(),
                blind,
                differences.isEmpty(),
                differences.stream().limit(MOST_SHOWN).toList());
    }

    public OtherView other(String rollout, String body) {
        PlanBody asked = Json.read("the question", body, ReplayBody.class).plan();
        if (asked == null) {
            throw Problem.invalid("the question", "it needs \"plan\": the one to replay the evidence with");
        }
        Kept kept = found(rollout);
        OptionalLong budget = kept.plan().guardrails().stream()
                .filter(each -> each.name().equals("cost"))
                .mapToLong(each -> (long) each.limit())
                .findFirst();
        Plan plan = PlanDesk.complete(asked, "plan", budget);
        Replay replay = new Replay(plan);
        List<ChangeView> changes = new ArrayList<>();
        List<EvidenceBlock> page = after(rollout, 0);
        while (!page.isEmpty() && changes.size() < MOST_SHOWN) {
            for (EvidenceBlock block : page) {
                replay.append(block);
                replay.changes()
                        .forEach(each -> changes.add(new ChangeView(
                                each.block(),
                                each.at().toString(),
                                each.guardrail(),
                                each.was(),
                                each.is(),
                                each.sentence())));
            }
            page = after(rollout, replay.blocks());
        }
        return new OtherView(
                plan.hash(), replay.blocks(), changes.stream().limit(MOST_SHOWN).toList());
    }

    private Kept found(String rollout) {
        return Transactions.run(
                database,
                sql -> rollouts.find(sql, tenant, rollout)
                        .orElseThrow(() -> Problem.missing(
                                "rollout \"" + rollout + "\"", "GET /api/v1/rollouts lists those that are")));
    }

    private List<EvidenceBlock> after(String rollout, long number) {
        try {
            return database.read(sql -> evidence.after(sql, rollout, number, PAGE));
        } catch (SQLException e) {
            throw new IllegalStateException("the evidence of rollout " + rollout + " cannot be read", e);
        }
    }

    /// What the evidence gives must be in the decision as it is; the decision says more beside it.
    private static void compare(long decision, JsonNode was, JsonNode is, String path, List<Difference> differences) {
        if (is.isObject() && was.isObject()) {
            for (Map.Entry<String, JsonNode> field : is.properties()) {
                String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                compare(decision, was.path(field.getKey()), field.getValue(), below, differences);
            }
        } else if (!was.equals(is)) {
            differences.add(new Difference(decision, path, text(was), text(is)));
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isMissingNode() ? null : node.isValueNode() ? node.asText() : node.toString();
    }
}
