// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// Where a rollout is. Each phase holds what is known only in it.
public sealed interface Phase {
    /// As it is written in the database and on the wire.
    String text();

    /// Evidence decides here.
    sealed interface Active extends Phase {
        int stage();
    }

    record Shadow() implements Active {
        @Override
        public int stage() {
            return 0;
        }

        @Override
        public String text() {
            return "shadow";
        }
    }

    record Canary(int stage) implements Active {
        public Canary {
            if (stage < 1) {
                throw new IllegalArgumentException("canary stage " + stage + "; canary stages count from 1");
            }
        }

        @Override
        public String text() {
            return "canary";
        }
    }

    /// Written down, and nothing more.
    record Draft() implements Phase {
        @Override
        public String text() {
            return "draft";
        }
    }

    /// Waits for the result of an offline set; devices know nothing of it yet.
    record Validating() implements Phase {
        @Override
        public String text() {
            return "validating";
        }
    }

    /// Promoted, and still looked at with the champion resident: a late regression rolls it back.
    record Watched(int stage) implements Phase {
        @Override
        public String text() {
            return "watched";
        }
    }

    /// The champion serves everybody by the newest directive; some devices have not confirmed it yet.
    record RollingBack(int stage) implements Phase {
        @Override
        public String text() {
            return "rolling_back";
        }
    }

    /// Stays at its stage: nothing promotes it, a breach still rolls it back.
    record Paused(Active at) implements Phase {
        @Override
        public String text() {
            return "paused";
        }
    }

    /// Over; `stage` is where it was.
    sealed interface Ended extends Phase {
        int stage();
    }

    record Completed(int stage) implements Ended {
        @Override
        public String text() {
            return "completed";
        }
    }

    record RolledBack(int stage) implements Ended {
        @Override
        public String text() {
            return "rolled_back";
        }
    }

    record Aborted(int stage) implements Ended {
        @Override
        public String text() {
            return "aborted";
        }
    }

    static Active active(int stage) {
        return stage == 0 ? new Shadow() : new Canary(stage);
    }

    /// The phase of this name at this stage.
    static Phase of(String text, int stage) {
        return switch (text) {
            case "draft" -> new Draft();
            case "validating" -> new Validating();
            case "watched" -> new Watched(stage);
            case "rolling_back" -> new RollingBack(stage);
            case "shadow" -> new Shadow();
            case "canary" -> new Canary(stage);
            case "paused" -> new Paused(active(stage));
            case "completed" -> new Completed(stage);
            case "rolled_back" -> new RolledBack(stage);
            case "aborted" -> new Aborted(stage);
            default -> throw new IllegalArgumentException("there is no phase \"" + text + "\"");
        };
    }

    /// The stage it is in, or was in when it ended.
    default int stageNumber() {
        return switch (this) {
            case Active active -> active.stage();
            case Paused paused -> paused.at().stage();
            case Ended ended -> ended.stage();
            case Draft draft -> 0;
            case Validating validating -> 0;
            case Watched watched -> watched.stage();
            case RollingBack rollingBack -> rollingBack.stage();
        };
    }

    /// Devices were never told of it.
    default boolean isPrivate() {
        return this instanceof Draft || this instanceof Validating;
    }

    default boolean isOver() {
        return this instanceof Ended;
    }
}
