// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

/// The demo cannot go on; the message says what is wrong and what to do.
final class DemoFailure extends Exception {
    private static final long serialVersionUID = 1;

    DemoFailure(String message) {
        super(message);
    }

    DemoFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
