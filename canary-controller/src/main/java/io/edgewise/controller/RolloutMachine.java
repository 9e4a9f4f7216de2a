// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Decides: a pure function of the rollout, its plan, the evidence and the time.
///
/// Laws: the share rises only when every gate of the stage is satisfied by fresh evidence; a breach of any guardrail
/// that is not waived ends at the champion, from every phase that is not over; time alone never raises the share; every
/// phase that is not over can be left.
public final class RolloutMachine {
    static final String DRIFT = " drift";
    static final String FAULT = " fault";
    /// After so many times the freshness of the plan leases are no longer renewed.
    private static final int UNMEASURED = 3;

    private static final Duration SUMMARY = Duration.ofHours(1);

    private final Rollout rollout;
    private final Plan plan;
    private final Evidence evidence;
    private final Instant now;
    private final List<Verdict> verdicts;

    RolloutMachine(Rollout rollout, Plan plan, Evidence evidence, Instant now) {
        this.rollout = rollout;
        this.plan = plan;
        this.evidence = evidence;
        this.now = now;
        this.verdicts = Judge.verdicts(plan, evidence);
    }

    /// The first decision: into shadow.
    public static Transition start(Rollout.Identity identity, Plan plan, String actor) {
        Instant now = identity.createdAt();
        Rollout.Times times = new Rollout.Times(now, now, now, now);
        Rollout before = new Rollout(identity, new Phase.Shadow(), times, new Rollout.Lease(0, now), Map.of());
        Rollout started = before.enter(new Phase.Shadow(), plan, now);
        RolloutMachine machine = new RolloutMachine(started, plan, Evidence.none(plan), now);
        return machine.transition(
                started,
                new Told(Decision.Kind.STARTED, actor, "", Telling.started(started, plan)),
                Optional.of(new Effect.Direct(0, "rollout started")));
    }

    public static Transition decide(Rollout rollout, Plan plan, Evidence evidence, Instant now) {
        RolloutMachine machine = new RolloutMachine(rollout, plan, evidence, now);
        return switch (rollout.phase()) {
            case Phase.Active active -> machine.active(active);
            case Phase.Paused paused -> machine.paused(paused);
            case Phase.Ended ended -> machine.stay("It is over.");
        };
    }

    List<Verdict> verdicts() {
        return verdicts;
    }

    /// The breach that counts: a hard one first, then the strongest.
    Optional<Verdict> breach() {
        return verdicts.stream()
                .filter(verdict -> verdict.outcome() == Outcome.BREACH && !plan.isWaived(verdict.name()))
                .max(Comparator.comparing(Verdict::hard)
                        .thenComparingDouble(verdict -> verdict.evidence() - verdict.evidenceLimit()));
    }

    private Transition active(Phase.Active active) {
        Optional<Verdict> breach = breach();
        if (breach.isPresent()) {
            return breached(breach.get());
        }
        List<String> waits = Gatekeeper.waits(rollout, active.stage(), plan, evidence, verdicts, now);
        if (waits.isEmpty()) {
            return promote(active.stage(), Decision.Kind.PROMOTED, Decision.CONTROLLER, "");
        }
        if (!now.isBefore(rollout.times().deadline())) {
            return timeIsOver(active, waits);
        }
        return note(Telling.outlook(active.stage(), plan, waits));
    }

    private Transition paused(Phase.Paused paused) {
        Optional<Verdict> breach = breach();
        if (breach.isPresent()) {
            return breached(breach.get());
        }
        return note("Paused in \"" + plan.stage(paused.at().stage()).name()
                + "\": a person resumes, promotes, rolls back or aborts it; a breach still rolls it back.");
    }

    private Transition breached(Verdict verdict) {
        int spread = verdict.hard() ? 0 : plan.terms().returnSpreadSeconds();
        return rollBack(Decision.CONTROLLER, "", verdict.sentence(), spread);
    }

    Transition rollBack(String actor, String why, String reason, int spreadSeconds) {
        Rollout next = rollout.withPhase(new Phase.RolledBack(rollout.phase().stageNumber()), now);
        String sentence = Telling.rolledBack(rollout, plan, reason, spreadSeconds);
        return transition(
                next,
                new Told(Decision.Kind.ROLLED_BACK, actor, why, sentence),
                Optional.of(new Effect.Direct(spreadSeconds, reason)));
    }

    Transition promote(int stage, Decision.Kind kind, String actor, String why) {
        boolean last = stage == plan.lastStage();
        Rollout next = last
                ? rollout.withPhase(new Phase.Completed(stage), now)
                : rollout.enter(new Phase.Canary(stage + 1), plan, now);
        boolean override = kind == Decision.Kind.OVERRIDDEN;
        String sentence;
        if (override) {
            sentence = actor + " promoted it from \"" + plan.stage(stage).name() + "\" past the gates, because: " + why
                    + ". " + (last ? "It is approved for everybody." : Telling.next(stage + 1, plan))
                    + Telling.waived(plan);
        } else {
            sentence =
                    last ? Telling.completed(rollout, stage, plan, verdicts) : Telling.promoted(stage, plan, verdicts);
        }
        Decision.Kind written = !override && last ? Decision.Kind.COMPLETED : kind;
        return transition(
                next,
                new Told(written, actor, why, sentence),
                Optional.of(new Effect.Direct(
                        0,
                        last ? "completed" : "stage \"" + plan.stage(stage + 1).name() + "\"")));
    }

    private Transition timeIsOver(Phase.Active active, List<String> waits) {
        Stage stage = plan.stage(active.stage());
        String reason = Telling.undecided(active.stage(), plan, waits);
        return switch (stage.onUndecided()) {
            case ROLLBACK ->
                rollBack(
                        Decision.CONTROLLER,
                        "",
                        "undecided: " + reason,
                        plan.terms().returnSpreadSeconds());
            case HOLD -> hold(active, reason);
            case EXTEND -> {
                Instant deadline = now.plusSeconds(stage.maxSeconds());
                Instant horizon =
                        rollout.identity().createdAt().plusSeconds(plan.terms().horizonSeconds());
                yield deadline.isAfter(horizon)
                        ? hold(active, reason + " The plan's horizon allows no further extension.")
                        : transition(
                                rollout.withDeadline(deadline),
                                new Told(
                                        Decision.Kind.EXTENDED,
                                        Decision.CONTROLLER,
                                        "",
                                        "Extended by " + Words.seconds(stage.maxSeconds()) + ": " + reason
                                                + " Next: the same gates." + Telling.waived(plan)),
                                Optional.empty());
            }
        };
    }

    private Transition hold(Phase.Active active, String reason) {
        return transition(
                rollout.withPhase(new Phase.Paused(active), now),
                new Told(
                        Decision.Kind.HELD,
                        Decision.CONTROLLER,
                        "",
                        "Held: " + reason + " Next: a person resumes it (the stage's time begins again), promotes it"
                                + " with a reason, rolls it back or aborts it." + Telling.waived(plan)),
                Optional.empty());
    }

    /// Nothing moves; but a changed verdict is told once, every hour has its summary, and the lease is kept alive.
    private Transition note(String seen) {
        String outlook = rollout.isLeased() && !isMeasured()
                ? seen + " The lease is not renewed while nothing is measured: without it devices return to \""
                        + rollout.identity().champion().name() + "\"."
                : seen;
        Map<String, String> said = said();
        Duration silent = Duration.between(rollout.times().decidedAt(), now);
        boolean mayTell = silent.toSeconds() >= EvidenceBlock.SECONDS;
        if (mayTell && !said.equals(rollout.noted())) {
            String sentence = Telling.changed(plan, rollout.noted(), said, verdicts) + " " + outlook;
            return transition(
                    rollout, new Told(Decision.Kind.VERDICT, Decision.CONTROLLER, "", sentence), Optional.empty());
        }
        if (silent.compareTo(SUMMARY) >= 0) {
            String sentence = "Goes on. " + outlook + Telling.waived(plan);
            return transition(
                    rollout, new Told(Decision.Kind.SUMMARY, Decision.CONTROLLER, "", sentence), Optional.empty());
        }
        return stay(outlook);
    }

    private Transition stay(String outlook) {
        return leaseDue()
                ? new Transition(rollout.leased(now), List.of(new Effect.Renew()), verdicts, outlook)
                : new Transition(rollout, List.of(), verdicts, outlook);
    }

    private boolean leaseDue() {
        Duration period = Duration.ofMinutes(plan.terms().leaseMinutes()).dividedBy(3);
        return rollout.isLeased()
                && isMeasured()
                && !now.isBefore(rollout.lease().at().plus(period));
    }

    /// A canary that nobody measures must not live on. A stage that has just begun has its time to be seen.
    private boolean isMeasured() {
        int seconds = UNMEASURED * plan.terms().freshnessSeconds();
        return evidence.fault().isEmpty()
                && (evidence.isFresh(rollout.phase().stageNumber(), now, seconds)
                        || !now.isAfter(rollout.times().stageSince().plusSeconds(seconds)));
    }

    /// What is written into the log, before the evidence is added.
    record Told(Decision.Kind kind, String actor, String why, String sentence) {}

    Transition transition(Rollout next, Told told, Optional<Effect.Direct> direct) {
        Decision decision = new Decision(
                told.kind(),
                told.actor(),
                next.phase().stageNumber(),
                next.shareBp(plan),
                told.sentence(),
                Details.of(plan, evidence, verdicts, rollout.phase(), next.phase(), told.why()));
        List<Effect> effects = new ArrayList<>(List.of(new Effect.Write(decision)));
        Rollout written = next.decided(now, said());
        if (direct.isPresent()) {
            effects.add(direct.get());
            written = written.isLeased() ? written.leased(now) : written;
        } else if (leaseDue()) {
            effects.add(new Effect.Renew());
            written = written.leased(now);
        }
        return new Transition(written, effects, verdicts, told.sentence());
    }

    private Map<String, String> said() {
        Map<String, String> said = new TreeMap<>();
        verdicts.forEach(verdict -> said.put(verdict.name(), verdict.outcome().text()));
        said.put(DRIFT, evidence.driftHold());
        said.put(FAULT, evidence.fault());
        return said;
    }
}
