// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.edgewise.contracts.Workload;
import io.edgewise.controller.Act;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What REST takes and gives.
public final class Bodies {
    private Bodies() {}

    /// A workload's definition; its name is in the path. `frontierAllowed` false: no request of it may reach a
    /// frontier; `inputsStay` true: its inputs stay on the device.
    public record WorkloadBody(
            Workload.@Nullable Kind kind,
            @Nullable List<String> labels,
            @Nullable Set<String> refusalLabels,
            @Nullable String agreement,
            @Nullable String currency,
            @Nullable String priceCard,
            @Nullable Map<String, Long> prices,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean frontierAllowed,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean inputsStay,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<String> sensitive) {}

    public record WorkloadView(String name, int version, WorkloadBody definition) {}

    /// `artifacts` maps a target ("any" fits all) to a SHA-256. `trainedOn` is a day, "2026-05-01".
    public record BuildBody(
            @Nullable String workload,
            @Nullable Map<String, String> artifacts,
            @Nullable Map<String, Object> quantization,
            @Nullable String trainedOn) {}

    public record BuildView(String name, String workload, Map<String, String> artifacts) {}

    /// One of the two.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ChampionBody(
            @Nullable String frontier, @Nullable String build) {}

    public record StartBody(
            @Nullable String workload,
            @Nullable ChampionBody champion,
            @Nullable String challenger,
            @Nullable PlanBody plan,
            @Nullable String who,
            @Nullable Boolean draft) {}

    public record ActBody(
            Act.@Nullable Kind act,
            @Nullable String who,
            @Nullable String why) {}

    /// Of an offline set: how many examples, and how many of them agreed.
    public record ValidationResultBody(
            @Nullable Long examples,
            @Nullable Long agreed,
            @Nullable String who,
            @Nullable String why) {}

    public record VerdictView(
            String guardrail,
            String title,
            String verdict,
            String estimand,
            @Nullable Double estimate,
            @Nullable Double low,
            @Nullable Double high,
            double threshold,
            long observations,
            long devices,
            @Nullable Long neededObservations,
            @Nullable Long neededDevices,
            @Nullable Double evidence,
            @Nullable Double evidenceLimit,
            String sentence,
            String at) {}

    public record DecisionView(
            long number,
            String at,
            String kind,
            String actor,
            int stage,
            int shareBp,
            long revision,
            String sentence,
            Map<String, Object> detail,
            String previousHash,
            String hash) {}

    public record RolloutView(
            String rollout,
            String tenant,
            String workload,
            ChampionBody champion,
            String challenger,
            String phase,
            int stage,
            String stageName,
            int shareBp,
            long revision,
            PlanBody plan,
            String planHash,
            String createdAt,
            String phaseSince,
            String stageSince,
            @Nullable String outcome,
            String lastDecision,
            String outlook,
            AlphaView alpha,
            @Nullable FleetView devices,
            List<VerdictView> verdicts,
            List<DecisionView> decisions) {}

    /// What devices have told. `unconfirmed` do not obey the newest directive yet and may act by an older one;
    /// `awaited` of these were heard of in the last minute; `approved` of them need no lease. Of a rollout that was
    /// called back no lease is alive after `returnedBy`.
    public record FleetView(
            long known,
            long unconfirmed,
            long awaited,
            long approved,
            long crashed,
            long broke,
            long silent,
            @Nullable String returnedBy) {}

    /// The chance of a false roll-back until the plan's horizon, how much of it is spent, and the chance, of each
    /// guardrail, that a bad build is called safe.
    public record AlphaView(double rollback, double rollbackSpent, double promotion) {}

    /// `firstBad` is the number at which the log stops being what was written.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AuditView(
            boolean intact, long decisions, @Nullable Long firstBad) {}

    /// `application/problem+json`.
    public record ProblemView(String title, String detail, int status) {}
}
