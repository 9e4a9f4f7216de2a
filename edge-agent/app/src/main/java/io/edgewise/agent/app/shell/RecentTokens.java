// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// The feedback tokens of the latest answers by their observation ids, for whoever kept only the id.
final class RecentTokens {
    static final int MOST = 4_096;

    private final SequencedMap<String, String> tokens = new LinkedHashMap<>();

    synchronized void remember(String observation, String token) {
        if (observation.isEmpty()) {
            return;
        }
        tokens.put(observation, token);
        if (tokens.size() > MOST) {
            tokens.pollFirstEntry();
        }
    }

    synchronized Optional<String> of(String observation) {
        return Optional.ofNullable(tokens.get(observation));
    }
}
