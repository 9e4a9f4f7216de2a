// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

/// What goes first when the spool is full. The numbers are on disk.
public enum Weight {
    /// Shed last.
    KEEP(0),
    /// Shed first.
    SHADOW_PAIR(1),
    /// A declaration of drops: never shed, only absorbed by a later one.
    DROPS(2);

    private final int code;

    Weight(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
