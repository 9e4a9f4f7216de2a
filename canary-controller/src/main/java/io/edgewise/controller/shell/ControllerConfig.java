// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.Pace;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// The controller's settings.
@ConfigMapping(prefix = "edgewise.controller")
public interface ControllerConfig {
    /// The tenant that the operator's token speaks for.
    @WithDefault("default")
    String tenant();

    /// A running rollout about which evidence comes is looked at at least this often, notified or not.
    @WithDefault("500")
    long lookMillis();

    /// One about which nothing comes is looked at ever more seldom, but at least this often.
    @WithDefault("10000")
    long idleLookMillis();

    /// What is shown of a rollout, its intervals and what it waits for, is at most this old while it is looked at.
    @WithDefault("1000")
    long showMillis();

    /// And at most this often, however many notifications come.
    @WithDefault("250")
    long restMillis();

    /// How long the outbox sleeps when nothing wakes it.
    @WithDefault("250")
    long outboxMillis();

    /// A device of which nothing was heard for so long, while others were, has fallen silent; and one that was seen for
    /// so long counts as seen for long enough.
    @WithDefault("300")
    long silentSeconds();

    /// A device that was not heard of for so long is forgotten, once the rollout that it told of is
    /// over.
    @WithDefault("30")
    int keepDevicesDays();

    /// How often the heads of all logs are signed where they have grown; 0 leaves it to whoever asks.
    @WithDefault("60")
    int checkpointMinutes();

    default Pace pace() {
        return new Pace(lookMillis(), idleLookMillis(), showMillis());
    }
}
