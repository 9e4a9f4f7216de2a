// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.drift.DriftPolicy;
import io.edgewise.drift.Retraining;
import java.time.Duration;
import java.util.List;

/// What the drift role was told, checked.
///
/// @param slices besides "all", of each rollout
/// @param longestWindow minutes that may be judged together where traffic is thin
/// @param silentAfter after so many minutes with traffic, but too little in its slice, a finding ends
/// @param holdout when answers of devices make a run over a reference holdout
/// @param again shortest time between two triggers of one build by drift
/// @param keep how long scores, judged windows and events are kept
/// @param endpoints names of the webhooks that events go to
record DriftSettings(
        DriftPolicy policy,
        Retraining retraining,
        Duration every,
        int slices,
        int longestWindow,
        Duration silentAfter,
        Holdout holdout,
        Duration again,
        Duration keep,
        List<String> endpoints) {
    /// @param answers at least
    /// @param every and so long after the one before: in less a device has not asked the whole set
    record Holdout(long answers, Duration every) {
        static final Holdout DEFAULT = new Holdout(200, Duration.ofDays(1));

        Holdout {
            if (answers < 1 || every.isNegative()) {
                throw new IllegalArgumentException("edgewise.drift.retraining.holdout-answers is " + answers
                        + " and edgewise.drift.retraining.holdout-every " + every
                        + "; a run takes at least 1 answer and a time that is not negative");
            }
        }
    }

    DriftSettings {
        endpoints = List.copyOf(endpoints);
        if (slices < 0 || slices > 200) {
            throw new IllegalArgumentException("edgewise.drift.slices is " + slices + "; it must lie in 0 to 200");
        }
        if (longestWindow < 1 || longestWindow > 1440) {
            throw new IllegalArgumentException(
                    "edgewise.drift.longest-window is " + longestWindow + " minutes; it must lie in 1 to 1440");
        }
        if (silentAfter.compareTo(Duration.ofMinutes(longestWindow)) <= 0) {
            throw new IllegalArgumentException("edgewise.drift.silent-after is " + silentAfter
                    + "; it must be longer than edgewise.drift.longest-window (" + longestWindow + " minutes)");
        }
        if (keep.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("edgewise.drift.keep is " + keep + "; it must be at least a day");
        }
    }

    static DriftSettings of(DriftPolicy policy, Duration every) {
        return new DriftSettings(
                policy,
                Retraining.DEFAULT,
                every,
                10,
                60,
                Duration.ofHours(6),
                Holdout.DEFAULT,
                Duration.ofDays(1),
                Duration.ofDays(30),
                List.of());
    }

    DriftSettings with(List<String> names) {
        return new DriftSettings(
                policy, retraining, every, slices, longestWindow, silentAfter, holdout, again, keep, names);
    }
}
