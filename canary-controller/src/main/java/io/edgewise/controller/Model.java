// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Names;
import io.edgewise.contracts.v1.ModelRef;
import java.util.Map;

/// What a side of a rollout runs.
public sealed interface Model {
    String name();

    ModelRef reference();

    /// A frontier by its name in the agents' configuration.
    record Frontier(String name) implements Model {
        public Frontier {
            Names.require("frontier", name);
        }

        @Override
        public ModelRef reference() {
            return ModelRef.newBuilder().setFrontier(name).build();
        }
    }

    /// A quantized build; `artifacts` maps a target to its SHA-256.
    record Build(String name, Map<String, String> artifacts) implements Model {
        public Build {
            Names.require("build", name);
            artifacts = Map.copyOf(artifacts);
            artifacts.forEach((target, digest) -> {
                if (!digest.matches("[0-9a-f]{64}")) {
                    throw new IllegalArgumentException("build " + name + ": the artifact for \"" + target
                            + "\" needs its SHA-256 as 64 lower-case hex digits, not \"" + digest + "\"");
                }
            });
        }

        @Override
        public ModelRef reference() {
            return ModelRef.newBuilder()
                    .setBuild(name)
                    .putAllArtifactSha256(artifacts)
                    .build();
        }
    }
}
