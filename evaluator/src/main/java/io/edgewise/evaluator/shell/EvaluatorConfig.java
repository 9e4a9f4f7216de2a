// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The evaluator's settings. Durations are written as ISO 8601, for example PT0.25S.
@ConfigMapping(prefix = "edgewise.evaluator")
public interface EvaluatorConfig {
    /// The shortest time between two flushes while anything is to be stored.
    @WithDefault("PT0.25S")
    Duration flushInterval();

    /// An observation whose event is older than this when it was appended is late: accounted for, and in no window.
    @WithDefault("PT24H")
    Duration lateness();

    /// How long after its minute a window is closed, by the clock.
    @WithDefault("PT15S")
    Duration grace();

    /// Distinct values of one slice attribute in one rollout; further ones count as "other".
    @WithDefault("50")
    int sliceCap();

    /// Pairs that disagreed kept of each window, drawn by lot; 0 keeps none.
    @WithDefault("8")
    int disagreements();

    /// Whether texts that devices were allowed to send are kept with these pairs.
    @WithDefault("false")
    boolean keepText();

    /// How long windows of a minute are kept. Dropped by UTC days.
    @WithDefault("P7D")
    Duration keepMinutes();

    /// How long windows of an hour are kept. Dropped by 30 days at a time.
    @WithDefault("P90D")
    Duration keepHours();

    /// How long windows of a day are kept. Dropped by UTC years.
    @WithDefault("P1826D")
    Duration keepDays();

    /// How long samples of disagreements are kept. Dropped by UTC days.
    @WithDefault("P14D")
    Duration keepDisagreements();
}
