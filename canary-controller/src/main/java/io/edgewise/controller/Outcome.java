// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// The four verdicts.
public enum Outcome {
    BREACH("BREACH"),
    SAFE("SAFE"),
    UNDECIDED("UNDECIDED"),
    NO_EVIDENCE("NO-EVIDENCE");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
