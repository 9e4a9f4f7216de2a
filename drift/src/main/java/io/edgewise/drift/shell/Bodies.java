// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What REST takes and gives.
public final class Bodies {
    private Bodies() {}

    /// A baseline from outside. Without `rollout` it is of all rollouts of the workload that have none of their own.
    public record UploadBody(
            @Nullable String workload,
            @Nullable String rollout,
            @Nullable String source,
            @Nullable String from,
            @Nullable String until,
            @Nullable String who,
            @Nullable List<FeatureBody> features) {}

    /// One feature of one slice: `values`, or `cells`, not both.
    public record FeatureBody(
            @Nullable String feature,
            @Nullable String slice,
            @Nullable List<@Nullable Double> values,
            @Nullable List<CellBody> cells,
            @Nullable Long missing) {}

    /// So many observations of a number, or of a category.
    public record CellBody(@Nullable Double value, @Nullable String category, long count) {}

    /// Hours of 0 end it.
    public record RollingBody(
            @Nullable String workload,
            @Nullable String rollout,
            @Nullable Integer hours,
            @Nullable String who) {}

    public record WhoBody(@Nullable String who) {}

    public record HoldoutBody(
            @Nullable String workload,
            @Nullable String build,
            @Nullable String reference,
            @Nullable Long correct,
            @Nullable Long n,
            @Nullable String who) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record BaselineView(
            String baseline,
            String workload,
            String rollout,
            String feature,
            String slice,
            int version,
            String origin,
            String source,
            @Nullable String from,
            @Nullable String until,
            String madeBy,
            String frozenAt,
            long observations,
            int bins,
            boolean active) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HoldoutView(
            boolean reference, boolean retraining, @Nullable String sentence) {}

    public record RollingView(String workload, String rollout, int hours) {}
}
