// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

/// What a user gave cannot be used. The message says what is wrong, where, and what to do.
public final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadInput(String message) {
        super(message);
    }

    public BadInput(String message, Throwable cause) {
        super(message, cause);
    }
}
