// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.quarkus.runtime.configuration.ConfigurationException;

/// The server cannot start as it is configured, or with what it finds. The message says what to do; where in the code
/// it was noticed helps nobody, and Quarkus prints no stack for this kind.
final class StartRefused extends ConfigurationException {
    private static final long serialVersionUID = 1;

    StartRefused(String message) {
        super(message);
    }
}
