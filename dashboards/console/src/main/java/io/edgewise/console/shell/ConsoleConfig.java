// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/// What the console shows around its pages.
@ConfigMapping(prefix = "edgewise.console")
public interface ConsoleConfig {
    /// Whose rollouts are shown.
    @WithDefault("default")
    String tenant();

    /// A sentence across the top of every page, for example what in this installation is simulated.
    Optional<String> notice();
}
