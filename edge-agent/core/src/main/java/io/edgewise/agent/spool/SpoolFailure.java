// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

/// The spool cannot do what was asked.
public final class SpoolFailure extends Exception {
    private static final long serialVersionUID = 1;

    SpoolFailure(String message) {
        super(message);
    }

    SpoolFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
