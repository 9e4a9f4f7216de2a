// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What REST takes and gives of disagreements.
public final class DisagreementBodies {
    private DisagreementBodies() {}

    /// A person's verdict: `verdict` (challenger, champion, tie, both-wrong), or the true label; not both.
    public record VerdictBody(
            @Nullable String who,
            @Nullable String verdict,
            @Nullable String truth) {}

    public record VerdictView(String id, String verdict, String who, boolean counted) {}

    /// `next` continues the list; without it this was the end.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Page(
            List<DisagreementView> disagreements, @Nullable String next) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record DisagreementView(
            String id,
            String workload,
            String rollout,
            int stage,
            String cohort,
            String at,
            String served,
            String deviceClass,
            String rule,
            double agreement,
            @Nullable String request,
            @Nullable AnswerView champion,
            @Nullable AnswerView challenger,
            Map<String, String> slices,
            @Nullable List<LabelView> verdicts) {}

    /// `ran` is a build with its artifact, or a frontier's model with its version.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AnswerView(
            @Nullable String label,
            @Nullable String text,
            @Nullable Double confidence,
            RanView ran) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RanView(
            @Nullable String build,
            @Nullable String artifactSha256,
            @Nullable String provider,
            @Nullable String model,
            @Nullable String version) {}

    /// Who said what: source `people` or `judge`.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record LabelView(
            String source,
            String by,
            @Nullable String verdict,
            @Nullable String truth,
            @Nullable String reason,
            @Nullable String prompt,
            String at) {}

    /// A line of the export. `answer` is what the label says is right: the true label, or the better answer.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ExportLine(
            String id,
            String tenant,
            String workload,
            int workloadVersion,
            String rollout,
            long revision,
            int stage,
            String cohort,
            String window,
            String at,
            String rule,
            double agreement,
            SampleView sample,
            List<String> consent,
            Map<String, String> slices,
            @Nullable String request,
            @Nullable AnswerView champion,
            @Nullable AnswerView challenger,
            LabelView label,
            @Nullable LabelView otherLabel,
            @Nullable String answer) {}

    /// Of `of` pairs of the window that disagreed `kept` were drawn; null where the window is no longer stored.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SampleView(
            long kept, @Nullable Long of, @Nullable Double probability) {}
}
