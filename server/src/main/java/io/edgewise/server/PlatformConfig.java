// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `edgewise.*`: what every process of the platform needs. A role's own keys are in its own mapping.
@ConfigMapping(prefix = "edgewise")
public interface PlatformConfig {
    /// `all`, or those of `ingest,evaluator,drift,controller,console` that run in this process.
    @WithDefault("all")
    List<String> roles();

    /// Allows a host that is not this machine's own without TLS. Tokens then cross the network in the clear.
    @WithDefault("false")
    boolean insecureBind();

    /// The process ends when its standard input ends: a launcher that is killed leaves no orphan.
    @WithDefault("false")
    boolean exitWithParent();

    /// Further host names under which this server is reached; localhost and the bound host are always known.
    Optional<List<String>> hosts();

    /// PEM file of those who issue devices' certificates. With it a client certificate is asked for, and
    /// stands for the token of the device that it names.
    Optional<Path> deviceAuthorities();

    Kafka kafka();

    Secrets secrets();

    Console console();

    /// `edgewise.kafka.*`
    interface Kafka {
        @WithDefault("127.0.0.1:9092")
        String bootstrapServers();

        /// Creates topics that are missing; without it a missing topic is an error.
        @WithDefault("true")
        boolean createTopics();

        /// Of the topics that are created; -1 takes the broker's default.
        @WithDefault("-1")
        short replicationFactor();

        /// Further client properties, for example `edgewise.kafka.client."security.protocol"`.
        Map<String, String> client();
    }

    /// `edgewise.secrets.*`
    interface Secrets {
        /// Holds `signing.key`, `signing.pub`, `device-secret` and `operator-token`, made where missing,
        /// and later keys.
        @WithDefault("secrets")
        Path folder();
    }

    /// `edgewise.console.*`
    interface Console {
        /// Whether pages can be read without the operator's token. By default only when bound to this machine alone.
        Optional<Boolean> open();
    }
}
