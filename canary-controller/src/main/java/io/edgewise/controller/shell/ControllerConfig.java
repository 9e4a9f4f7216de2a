// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/// The controller's settings.
@ConfigMapping(prefix = "edgewise.controller")
public interface ControllerConfig {
    /// The tenant that the operator's token speaks for.
    @WithDefault("default")
    String tenant();

    /// A running rollout is looked at at least this often, notified or not.
    @WithDefault("500")
    long lookMillis();

    /// And at most this often, however many notifications come.
    @WithDefault("250")
    long restMillis();

    /// How long the outbox sleeps when nothing wakes it.
    @WithDefault("250")
    long outboxMillis();
}
