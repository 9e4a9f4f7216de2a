// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.time.Duration;
import java.time.Instant;

/// How often a rollout is looked at, and how often it is shown. One about which nothing is heard is looked at ever more
/// seldom, since news wakes it: so that many of them cost little.
public record Pace(long lookMillis, long idleMillis, long showMillis) {
    /// The rest is this part of the silence before it.
    private static final int PART = 8;

    /// From an observation in Kafka to the controller, and by how much clocks may differ.
    private static final Duration SLOWEST = Duration.ofSeconds(5);

    /// Nothing changes in a draft by itself.
    private static final Duration PRIVATE = Duration.ofHours(1);

    /// @param heard when the newest evidence came
    /// @param alarm whether the evidence is near a limit
    public Instant next(Rollout rollout, Instant heard, boolean alarm, Instant now) {
        if (rollout.phase().isPrivate()) {
            return now.plus(PRIVATE);
        }
        Instant moved =
                later(heard, later(rollout.times().phaseSince(), rollout.times().stageSince()));
        long silent = Math.max(0, Duration.between(moved, now).toMillis());
        return now.plusMillis(
                alarm ? lookMillis : Math.clamp(silent / PART, lookMillis, Math.max(lookMillis, idleMillis)));
    }

    /// Whether what people see is written anew: when its time has come and something was heard since, or a while ago.
    /// At 0 ms with every look.
    public boolean shows(Instant shownAt, Instant heard, Instant now) {
        Duration since = Duration.between(shownAt, now);
        return since.toMillis() >= showMillis
                && (showMillis == 0
                        || heard.plus(SLOWEST).isAfter(shownAt)
                        || since.toSeconds() >= EvidenceBlock.SECONDS);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
