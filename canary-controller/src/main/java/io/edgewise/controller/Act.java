// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What a person does to a rollout: a decision like any other, with who and why.
public record Act(Kind kind, String who, String why) {
    public enum Kind {
        /// A draft begins: with its offline set, or with shadow.
        START,
        /// One person's yes to the next step.
        APPROVE,
        PAUSE,
        RESUME,
        /// To the next stage whatever the gates say.
        PROMOTE,
        ROLLBACK,
        ABORT;

        /// Whether it may lead further away from the champion; the others need no evidence.
        public boolean isOnward() {
            return switch (this) {
                case START, APPROVE, RESUME, PROMOTE -> true;
                case PAUSE, ROLLBACK, ABORT -> false;
            };
        }
    }

    public Act {
        if (who.isBlank() || why.isBlank()) {
            throw new IllegalArgumentException("an act needs \"who\" and \"why\": both go into the decision log");
        }
        if (who.length() > 256 || why.length() > 2_000) {
            throw new IllegalArgumentException("\"who\" may have 256 characters and \"why\" 2,000");
        }
    }
}
