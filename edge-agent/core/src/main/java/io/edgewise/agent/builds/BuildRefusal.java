// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

/// A build that this device will not run, for good: asking again changes nothing. The code is stable.
public final class BuildRefusal extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    public BuildRefusal(String code, String message) {
        super(message);
        this.code = code;
    }

    public BuildRefusal(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
