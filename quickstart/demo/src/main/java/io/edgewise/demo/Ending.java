// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

/// How a rollout ended.
public enum Ending {
    COMPLETED("completed"),
    ROLLED_BACK("rolled back"),
    ABORTED("aborted"),
    /// It did not end within the time that the demo gives it.
    UNDECIDED("not decided");

    private final String words;

    Ending(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
