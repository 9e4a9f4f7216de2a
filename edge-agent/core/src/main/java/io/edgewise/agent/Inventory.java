// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.contracts.v1.Role;
import java.util.Map;
import java.util.Optional;

/// What this device can run: its builds with the SHA-256 of what they loaded, and its frontier.
record Inventory(Map<String, String> builds, String frontier) {
    Inventory {
        builds = Map.copyOf(builds);
    }

    /// Why the device cannot take part in what the directive asks; empty when it can. Such a device is ineligible:
    /// it serves with its frontier and belongs to no rollout.
    String obstacle(Directive directive) {
        return switch (directive.getMode()) {
            case MODE_CHAMPION_ONLY -> "";
            case MODE_SHADOW, MODE_CANARY, MODE_APPROVED -> {
                String champion = obstacle(directive.getChampion());
                yield champion.isEmpty() ? obstacle(directive.getChallenger()) : champion;
            }
            case MODE_UNSPECIFIED, UNRECOGNIZED -> "unknown-mode";
        };
    }

    private String obstacle(ModelRef ref) {
        return switch (ref.getRefCase()) {
            case FRONTIER -> ref.getFrontier().equals(frontier) ? "" : "unknown-frontier";
            case BUILD -> {
                String artifact = builds.get(ref.getBuild());
                if (artifact == null) {
                    yield "unknown-build";
                }
                yield ref.getArtifactSha256Count() == 0
                                || ref.getArtifactSha256Map().containsValue(artifact)
                        ? ""
                        : "artifact-mismatch";
            }
            case REF_NOT_SET -> "unknown-model";
        };
    }

    /// The build that a reference set is put to: the one that is tried or approved, else the one in service. Empty
    /// where this device has none of them, or another artifact.
    String examined(Directive directive) {
        boolean isTried = directive.getMode() != Directive.Mode.MODE_CHAMPION_ONLY;
        ModelRef ref = isTried ? directive.getChallenger() : directive.getChampion();
        if (ref.hasBuild()) {
            return obstacle(ref).isEmpty() ? ref.getBuild() : "";
        }
        return isTried ? "" : directive.getApprovedBuild();
    }

    Target own(Role role) {
        return new Target(role, new Target.Frontier(frontier));
    }

    /// The target of a reference, if this device has it.
    Optional<Target> target(Role role, ModelRef ref) {
        if (!obstacle(ref).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Target(
                role,
                switch (ref.getRefCase()) {
                    case BUILD -> new Target.Build(ref.getBuild());
                    case FRONTIER, REF_NOT_SET -> new Target.Frontier(ref.getFrontier());
                }));
    }

    Optional<Target> build(Role role, String name) {
        return builds.containsKey(name) ? Optional.of(new Target(role, new Target.Build(name))) : Optional.empty();
    }
}
