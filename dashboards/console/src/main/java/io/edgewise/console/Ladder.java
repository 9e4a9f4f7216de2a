// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The stages of a plan and where the rollout stands on them.
public final class Ladder {
    private Ladder() {}

    /// `state` is a class and a word: done, current, failed or next. `clock` runs in the current step only.
    public record Step(String name, String share, String state, String word, Tone tone, Clock clock, Wait shortest) {
        public boolean current() {
            return state.equals("current") || state.equals("failed");
        }
    }

    /// The shortest time in the step: `percent` of it has passed. `seconds` is zero where the plan names none.
    public record Wait(long seconds, String text, int percent) {
        static final Wait NONE = new Wait(0, "", 0);
    }

    /// `reached` is the furthest stage it has been on; a roll-back may have reset the row's own.
    static List<Step> steps(Rows.Rollout rollout, int reached, Instant now) {
        List<Rows.PlanStage> plan = rollout.plan().isEmpty()
                ? List.of(new Rows.PlanStage(rollout.stageName(), rollout.shareBp(), Duration.ZERO))
                : rollout.plan();
        int at = rollout.plan().isEmpty() ? 0 : Math.clamp(reached, 0, plan.size() - 1);
        Tone tone = Tone.ofPhase(rollout.outcome().orElse(rollout.phase()));
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < plan.size(); i++) {
            Rows.PlanStage stage = plan.get(i);
            if (i < at || tone == Tone.GOOD) {
                steps.add(step(stage, "done", "passed", Tone.GOOD));
            } else if (i > at) {
                steps.add(step(stage, "next", "not reached yet", Tone.IDLE));
            } else if (rollout.outcome().isPresent()) {
                steps.add(step(stage, "failed", "ended here", tone));
            } else {
                steps.add(current(stage, rollout.stageSince(), tone, now));
            }
        }
        return steps;
    }

    private static Step step(Rows.PlanStage stage, String state, String word, Tone tone) {
        return new Step(
                stage.name(), share(stage.name(), stage.shareBp()), state, word, tone, new Clock("", ""), Wait.NONE);
    }

    private static Step current(Rows.PlanStage stage, Instant since, Tone tone, Instant now) {
        long least = stage.atLeast().toSeconds();
        long spent = Math.max(0, Duration.between(since, now).toSeconds());
        return new Step(
                stage.name(),
                share(stage.name(), stage.shareBp()),
                tone == Tone.BAD ? "failed" : "current",
                "now",
                tone,
                Clock.running(since, now),
                least == 0
                        ? Wait.NONE
                        : new Wait(least, Format.duration(stage.atLeast()), (int) Math.min(100, spent * 100 / least)));
    }

    /// Empty where the stage's name already says it.
    static String share(String name, int shareBp) {
        String share = Format.share(shareBp);
        return name.replace('\u00a0', ' ').equals(share.replace('\u00a0', ' ')) ? "" : share;
    }
}
