// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import java.util.List;

/// The settings cannot be used. Names every fault, and what to write instead.
public final class ConfigFailure extends Exception {
    private static final long serialVersionUID = 1;

    public ConfigFailure(String where, List<String> faults) {
        super(where + " cannot be used:\n  - " + String.join("\n  - ", faults));
    }
}
