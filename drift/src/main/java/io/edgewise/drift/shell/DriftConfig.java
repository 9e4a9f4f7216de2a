// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.drift.DriftPolicy;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// `edgewise.drift.*`
@ConfigMapping(prefix = "edgewise.drift")
public interface DriftConfig {
    /// How often closed windows are looked for.
    @WithDefault("1s")
    Duration every();

    /// Observations of a feature in shadow before its baseline is frozen.
    @WithDefault("1000")
    long minimumBaseline();

    /// Observations of a feature in a window before it is scored.
    @WithDefault("200")
    long minimumWindow();

    /// An index shown to be above this opens a finding.
    @WithDefault("0.1")
    double warn();

    /// One shown to be above this calls for action.
    @WithDefault("0.25")
    double act();

    /// Chance that a window with no drift beyond a limit is called drifted, over all its features together.
    @WithDefault("0.001")
    double alpha();

    /// The least Kolmogorov-Smirnov D, or Cramér's V of categories, that opens a finding of severity warn.
    @WithDefault("0.1")
    double effect();

    /// The least change of the share of missing values, or of unseen categories, that does so.
    @WithDefault("0.05")
    double apart();

    default DriftPolicy policy() {
        return new DriftPolicy(minimumBaseline(), minimumWindow(), warn(), act(), alpha(), effect(), apart());
    }
}
