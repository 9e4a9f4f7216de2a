// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.time.Instant;
import java.util.Optional;

/// What people may do to a rollout, and when.
public final class HumanActs {
    private HumanActs() {}

    /// What came of an act.
    public sealed interface Answer {
        record Done(Transition transition) implements Answer {}

        /// Says why not and what would be possible.
        record Refused(String why) implements Answer {}
    }

    public static Answer act(Rollout rollout, Plan plan, Evidence evidence, Act act, Instant now) {
        RolloutMachine machine = new RolloutMachine(rollout, plan, evidence, now);
        return switch (act.kind()) {
            case PAUSE -> pause(machine, rollout, plan, act, now);
            case RESUME -> resume(machine, rollout, plan, act, now);
            case PROMOTE -> promote(machine, rollout, act);
            case ROLLBACK -> rollBack(machine, rollout, plan, act);
            case ABORT -> abort(machine, rollout, plan, act, now);
        };
    }

    private static Answer pause(RolloutMachine machine, Rollout rollout, Plan plan, Act act, Instant now) {
        if (!(rollout.phase() instanceof Phase.Active active)) {
            return refused(rollout, "pause", "only a rollout in shadow or canary can be paused");
        }
        String sentence =
                act.who() + " paused it in \"" + plan.stage(active.stage()).name() + "\", because: "
                        + act.why() + ". The share stays; a breach still rolls it back. Next: a person resumes it."
                        + Telling.waived(plan);
        return new Answer.Done(machine.transition(
                rollout.withPhase(new Phase.Paused(active), now),
                new RolloutMachine.Told(Decision.Kind.PAUSED, act.who(), act.why(), sentence),
                Optional.empty()));
    }

    private static Answer resume(RolloutMachine machine, Rollout rollout, Plan plan, Act act, Instant now) {
        if (!(rollout.phase() instanceof Phase.Paused paused)) {
            return refused(rollout, "resume", "only a paused rollout can be resumed");
        }
        String sentence = act.who() + " resumed it, because: " + act.why() + ". The time of \""
                + plan.stage(paused.at().stage()).name() + "\" begins again; its evidence is kept. "
                + Telling.next(paused.at().stage(), plan) + Telling.waived(plan);
        return new Answer.Done(machine.transition(
                rollout.enter(paused.at(), plan, now),
                new RolloutMachine.Told(Decision.Kind.RESUMED, act.who(), act.why(), sentence),
                Optional.empty()));
    }

    private static Answer promote(RolloutMachine machine, Rollout rollout, Act act) {
        Optional<Verdict> breach = machine.breach();
        if (breach.isPresent()) {
            return new Answer.Refused(
                    "promotion past a breach is not possible. " + breach.get().sentence());
        }
        return rollout.phase().isOver()
                ? refused(rollout, "promote", "start a new rollout")
                : new Answer.Done(
                        machine.promote(rollout.phase().stageNumber(), Decision.Kind.OVERRIDDEN, act.who(), act.why()));
    }

    private static Answer rollBack(RolloutMachine machine, Rollout rollout, Plan plan, Act act) {
        return switch (rollout.phase()) {
            case Phase.Active active -> rolledBack(machine, plan, act);
            case Phase.Paused paused -> rolledBack(machine, plan, act);
            case Phase.Completed completed -> rolledBack(machine, plan, act);
            case Phase.RolledBack rolledBack -> refused(rollout, "rollback", "its champion serves already");
            case Phase.Aborted aborted -> refused(rollout, "rollback", "its champion serves already");
        };
    }

    private static Answer rolledBack(RolloutMachine machine, Plan plan, Act act) {
        return new Answer.Done(machine.rollBack(
                act.who(),
                act.why(),
                act.who() + " asked for it, because: " + act.why() + ".",
                plan.terms().returnSpreadSeconds()));
    }

    private static Answer abort(RolloutMachine machine, Rollout rollout, Plan plan, Act act, Instant now) {
        if (rollout.phase().isOver()) {
            return refused(rollout, "abort", "it is over already");
        }
        int spread = plan.terms().returnSpreadSeconds();
        String sentence = act.who() + " aborted it in \""
                + plan.stage(rollout.phase().stageNumber()).name() + "\", because: " + act.why()
                + ". Every device returns to \"" + rollout.identity().champion().name() + "\"; the build is not judged."
                + Telling.waived(plan);
        return new Answer.Done(machine.transition(
                rollout.withPhase(new Phase.Aborted(rollout.phase().stageNumber()), now),
                new RolloutMachine.Told(Decision.Kind.ABORTED, act.who(), act.why(), sentence),
                Optional.of(new Effect.Direct(spread, "aborted"))));
    }

    private static Answer refused(Rollout rollout, String act, String hint) {
        return new Answer.Refused(
                "cannot " + act + " a rollout that is " + rollout.phase().text() + ": " + hint);
    }
}
