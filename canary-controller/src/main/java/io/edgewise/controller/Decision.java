// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What is written into the log. `detail` is canonical JSON of whole numbers and texts: the evidence it rests on.
public record Decision(Kind kind, String actor, int stage, int shareBp, String sentence, String detail) {
    public enum Kind {
        DRAFTED,
        VALIDATING,
        VALIDATED,
        STARTED,
        APPROVED,
        PROMOTED,
        WATCHED,
        COMPLETED,
        ROLLED_BACK,
        CONFIRMED,
        HELD,
        EXTENDED,
        VERDICT,
        SUMMARY,
        PAUSED,
        RESUMED,
        OVERRIDDEN,
        ABORTED;

        /// As it is written in the log.
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// Who decides when nobody does.
    public static final String CONTROLLER = "controller";
}
