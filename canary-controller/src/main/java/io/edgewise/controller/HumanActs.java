// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
        return act(new RolloutMachine(rollout, plan, evidence, now), rollout, plan, act, now);
    }

    /// How many people must say yes to the next step; with one name they are one.
    public static int peopleAsked(Rollout rollout, Plan plan) {
        return Gatekeeper.approvals(rollout.phase(), plan);
    }

    /// Where the evidence cannot be looked at: without verdicts, and the decision's detail says why.
    /// For acts that lead nowhere else than to the champion, or nowhere.
    public static Answer blind(Rollout rollout, Plan plan, Fleet fleet, String fault, Act act, Instant now) {
        if (act.kind().isOnward()) {
            throw new IllegalArgumentException(act.kind() + " needs evidence");
        }
        Evidence none = new Evidence(EvidenceLedger.empty(plan), new TreeMap<>(), Map.of(), "", fault, fleet);
        return act(new RolloutMachine(rollout, plan, none, List.of(), now), rollout, plan, act, now);
    }

    static Answer act(RolloutMachine machine, Rollout rollout, Plan plan, Act act, Instant now) {
        return switch (act.kind()) {
            case START ->
                rollout.phase() instanceof Phase.Draft
                        ? new Answer.Done(machine.begin(act.who(), act.why()))
                        : refused(rollout, "start", "only a draft can be started");
            case APPROVE -> approve(machine, rollout, plan, act);
            case PAUSE -> pause(machine, rollout, plan, act, now);
            case RESUME -> resume(machine, rollout, plan, act, now);
            case PROMOTE -> promote(machine, rollout, plan, act);
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

    private static Answer approve(RolloutMachine machine, Rollout rollout, Plan plan, Act act) {
        boolean completion =
                rollout.phase() instanceof Phase.Watched && plan.conduct().safeMode();
        if (!(rollout.phase() instanceof Phase.Active) && !completion) {
            return refused(
                    rollout,
                    "approve",
                    "only the next step of a rollout in shadow or canary can be approved, and in safe mode the completion of"
                            + " a watched one");
        }
        if (rollout.carried().approvals().contains(act.who())) {
            return new Answer.Refused(act.who() + " has approved this step already; somebody else must");
        }
        Rollout.Carried carried = rollout.carried().approvedBy(act.who());
        String sentence = act.who() + " approved the step after "
                + (completion ? "its watch in \"" : "\"")
                + plan.stage(rollout.phase().stageNumber()).name() + "\", because: " + act.why() + ". "
                + Words.count(carried.approvals().size(), "person has", "people have")
                + " approved it. The gates must hold all the same." + Telling.waived(plan);
        return new Answer.Done(machine.transition(
                rollout.carrying(carried),
                new RolloutMachine.Told(Decision.Kind.APPROVED, act.who(), act.why(), sentence),
                Optional.empty()));
    }

    /// The result of an offline set, added to what was told before.
    public static Answer validated(
            Rollout rollout, Plan plan, long examples, long agreed, String who, String why, Instant now) {
        Optional<Conduct.Validation> asked = plan.conduct().validation();
        if (!(rollout.phase() instanceof Phase.Validating) || asked.isEmpty()) {
            return refused(rollout, "validate", "only a rollout that waits for its offline set takes a result");
        }
        if (examples < 1 || agreed < 0 || agreed > examples) {
            return new Answer.Refused("\"examples\" must be at least 1 and \"agreed\" between 0 and it, not " + examples
                    + " and " + agreed);
        }
        Rollout.Carried carried = rollout.carried()
                .validated(
                        Math.addExact(rollout.carried().examples(), examples),
                        Math.addExact(rollout.carried().agreed(), agreed));
        Rollout told = rollout.carrying(carried);
        RolloutMachine machine = new RolloutMachine(told, plan, Evidence.none(plan), now);
        OfflineSet set = OfflineSet.of(carried.examples(), carried.agreed(), asked.get());
        return new Answer.Done(
                switch (set.outcome()) {
                    case SAFE -> machine.shadow(who, why, set.sentence() + " ");
                    case BREACH ->
                        machine.transition(
                                told.withPhase(new Phase.Aborted(0), now),
                                new RolloutMachine.Told(
                                        Decision.Kind.ABORTED,
                                        who,
                                        why,
                                        set.sentence() + " It never reached a device." + Telling.waived(plan)),
                                Optional.empty());
                    case UNDECIDED, NO_EVIDENCE ->
                        machine.transition(
                                told,
                                new RolloutMachine.Told(
                                        Decision.Kind.VALIDATED, who, why, set.sentence() + Telling.waived(plan)),
                                Optional.empty());
                });
    }

    private static Answer promote(RolloutMachine machine, Rollout rollout, Plan plan, Act act) {
        Optional<Verdict> breach = machine.breach();
        if (breach.isPresent()) {
            return new Answer.Refused(
                    "promotion past a breach is not possible. " + breach.get().sentence());
        }
        int asked = peopleAsked(rollout, plan);
        Set<String> people = rollout.carried().approvedBy(act.who()).approvals();
        if (people.size() < asked) {
            return new Answer.Refused(
                    "\"" + plan.stage(rollout.phase().stageNumber()).name() + "\" asks for "
                            + Words.count(asked, "person", "people")
                            + " before the next one, past its gates too; others approve it"
                            + " first, while it is not paused");
        }
        return switch (rollout.phase()) {
            case Phase.Draft draft -> refused(rollout, "promote", "start it first");
            case Phase.Validating validating ->
                new Answer.Done(machine.shadow(
                        act.who(), act.why(), act.who() + " went past the offline set, because: " + act.why() + ". "));
            case Phase.Active active -> promoted(machine, active.stage(), act);
            case Phase.Paused paused -> promoted(machine, paused.at().stage(), act);
            case Phase.Watched watched ->
                new Answer.Done(machine.complete(watched.stage(), Decision.Kind.OVERRIDDEN, act.who(), act.why()));
            case Phase.RollingBack rollingBack -> refused(rollout, "promote", "start a new rollout");
            case Phase.Ended ended -> refused(rollout, "promote", "start a new rollout");
        };
    }

    private static Answer promoted(RolloutMachine machine, int stage, Act act) {
        return new Answer.Done(machine.promote(stage, Decision.Kind.OVERRIDDEN, act.who(), act.why()));
    }

    private static Answer rollBack(RolloutMachine machine, Rollout rollout, Plan plan, Act act) {
        return switch (rollout.phase()) {
            case Phase.Active active -> rolledBack(machine, plan, act);
            case Phase.Paused paused -> rolledBack(machine, plan, act);
            case Phase.Watched watched -> rolledBack(machine, plan, act);
            case Phase.Completed completed -> rolledBack(machine, plan, act);
            case Phase.Draft draft -> refused(rollout, "rollback", "no device knows of it; abort it");
            case Phase.Validating validating -> refused(rollout, "rollback", "no device knows of it; abort it");
            case Phase.RollingBack rollingBack -> refused(rollout, "rollback", "it is on its way back already");
            case Phase.RolledBack rolledBack -> refused(rollout, "rollback", "its champion serves already");
            case Phase.Aborted aborted -> refused(rollout, "rollback", "its champion serves already");
        };
    }

    /// The kill switch: to the champion at once, without a look at the evidence. Empty where the champion serves
    /// already.
    public static Optional<Transition> stop(
            Rollout rollout, Plan plan, Fleet fleet, String who, String why, Instant now) {
        RolloutMachine machine =
                new RolloutMachine(rollout, plan, Evidence.none(plan).with(fleet), List.of(), now);
        return switch (rollout.phase()) {
            case Phase.Active active -> Optional.of(stopped(machine, who, why));
            case Phase.Paused paused -> Optional.of(stopped(machine, who, why));
            case Phase.Watched watched -> Optional.of(stopped(machine, who, why));
            case Phase.Completed completed -> Optional.of(stopped(machine, who, why));
            case Phase.Draft draft -> Optional.empty();
            case Phase.Validating validating -> Optional.empty();
            case Phase.RollingBack rollingBack -> Optional.empty();
            case Phase.RolledBack rolledBack -> Optional.empty();
            case Phase.Aborted aborted -> Optional.empty();
        };
    }

    private static Transition stopped(RolloutMachine machine, String who, String why) {
        return machine.rollBack(who, why, ofStop(who, why), 0);
    }

    /// What the sentence of a stop's decision says.
    public static String ofStop(String who, String why) {
        return who + " stopped everything, because: " + why + ".";
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
        if (rollout.phase() instanceof Phase.RollingBack) {
            return refused(rollout, "abort", "it is on its way back already");
        }
        if (rollout.phase().isPrivate()) {
            return new Answer.Done(machine.transition(
                    rollout.withPhase(new Phase.Aborted(0), now),
                    new RolloutMachine.Told(
                            Decision.Kind.ABORTED,
                            act.who(),
                            act.why(),
                            act.who() + " aborted it before any device knew of it, because: " + act.why() + "."
                                    + Telling.waived(plan)),
                    Optional.empty()));
        }
        return new Answer.Done(machine.abandon(act.who(), act.why()));
    }

    private static Answer refused(Rollout rollout, String act, String hint) {
        return new Answer.Refused(
                "cannot " + act + " a rollout that is " + rollout.phase().text() + ": " + hint);
    }
}
