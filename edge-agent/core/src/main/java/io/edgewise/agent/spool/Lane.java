// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

/// A sequence of its own within the spool. The numbers are on disk.
public enum Lane {
    OBSERVATIONS(0),
    FEEDBACK(1);

    private final int code;

    Lane(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
