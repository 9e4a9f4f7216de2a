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
        this(rollout, plan, evidence, Judge.verdicts(plan, evidence), now);
    }

    /// With the verdicts that the judge gives on this evidence.
    RolloutMachine(Rollout rollout, Plan plan, Evidence evidence, List<Verdict> verdicts, Instant now) {
        this.rollout = Silence.noticed(rollout, evidence, now);
        this.plan = plan;
        this.evidence = evidence;
        this.now = now;
        this.verdicts = verdicts;
    }

    /// The first decision: into shadow, or before it into what the plan asks for.
    public static Transition start(Rollout.Identity identity, Plan plan, String actor) {
        return start(identity, plan, actor, false);
    }

    /// `draft`: written down, and begun by a person later.
    public static Transition start(Rollout.Identity identity, Plan plan, String actor, boolean draft) {
        Instant now = identity.createdAt();
        Rollout.Times times = new Rollout.Times(now, now, now, now);
        Rollout before = new Rollout(identity, new Phase.Draft(), times, new Rollout.Lease(0, now), Map.of());
        RolloutMachine machine = new RolloutMachine(before, plan, Evidence.none(plan), now);
        return draft
                ? machine.transition(
                        before,
                        new Told(Decision.Kind.DRAFTED, actor, "", Telling.drafted(before, plan)),
                        Optional.empty())
                : machine.begin(actor, "");
    }

    /// Out of draft.
    Transition begin(String actor, String why) {
        Optional<Conduct.Validation> validation = plan.conduct().validation();
        if (validation.isEmpty()) {
            return shadow(actor, why, "");
        }
        return transition(
                rollout.withPhase(new Phase.Validating(), now),
                new Told(Decision.Kind.VALIDATING, actor, why, Telling.validating(rollout, plan, validation.get())),
                Optional.empty());
    }

    Transition shadow(String actor, String why, String before) {
        Rollout started = rollout.enter(new Phase.Shadow(), plan, now);
        return transition(
                started,
                new Told(Decision.Kind.STARTED, actor, why, before + Telling.started(started, plan)),
                Optional.of(new Effect.Direct(0, "rollout started")));
    }

    public static Transition decide(Rollout rollout, Plan plan, Evidence evidence, Instant now) {
        return new RolloutMachine(rollout, plan, evidence, now).decide();
    }

    Transition decide() {
        return switch (rollout.phase()) {
            case Phase.Draft draft -> stay(Lazy.known("A draft: a person starts it or aborts it."));
            case Phase.Validating validating ->
                stay(Lazy.known("Waits for the result of its offline set: edgewise rollout validated."));
            case Phase.Active active -> active(active);
            case Phase.Paused paused -> paused(paused);
            case Phase.Watched watched -> watched(watched);
            case Phase.RollingBack rollingBack -> rollingBack(rollingBack);
            case Phase.Ended ended -> stay(Lazy.known("It is over."));
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
        Gatekeeper.Waits waits = Gatekeeper.waits(rollout, active.stage(), plan, evidence, verdicts, now);
        List<String> exposed = exposed(active.stage());
        boolean toLast = active.stage() + 1 >= plan.lastStage();
        if (waits.isEmpty() && (exposed.isEmpty() || toLast)) {
            return promote(active.stage(), Decision.Kind.PROMOTED, Decision.CONTROLLER, "");
        }
        if (!exposed.isEmpty()) {
            return exposureReached(active, exposed);
        }
        Optional<Transition> silent = silent(active);
        if (silent.isPresent()) {
            return silent.get();
        }
        if (!waits.evidence().isEmpty() && !now.isBefore(rollout.times().deadline())) {
            return timeIsOver(active, waits.told());
        }
        return note(Lazy.of(() -> Telling.outlook(active.stage(), plan, waits.all())
                + Telling.control(active.stage(), plan, evidence, now)));
    }

    private List<String> exposed(int stage) {
        return Exposure.reached(rollout, plan, evidence, stage, now);
    }

    /// In shadow nobody is exposed: what it costs is held, and a person decides.
    private Transition exposureReached(Phase.Active active, List<String> exposed) {
        String reason = "the plan's limit of exposure is reached: " + String.join(", ", exposed) + ".";
        return active.stage() == 0
                ? hold(active, reason)
                : rollBack(Decision.CONTROLLER, "", reason, plan.terms().returnSpreadSeconds());
    }

    /// Nothing was measured for so long that the plan's policy acts.
    private Optional<Transition> silent(Phase.Active active) {
        return Silence.reason(rollout, active, plan, evidence, now)
                .map(reason -> plan.conduct().noEvidence().orElseThrow().then() == OnUndecided.ROLLBACK
                        ? rollBack(Decision.CONTROLLER, "", reason, plan.terms().returnSpreadSeconds())
                        : hold(active, reason));
    }

    /// Its time and the last stage's gates complete it, since nobody stays with the champion then: a
    /// regression that comes late still rolls it back.
    private Transition watched(Phase.Watched watched) {
        Optional<Verdict> breach = breach();
        if (breach.isPresent()) {
            return breached(breach.get());
        }
        Instant end = rollout.times().phaseSince().plusSeconds(plan.conduct().watchSeconds());
        Gatekeeper.Waits waits = Gatekeeper.waits(rollout, watched.stage(), plan, evidence, verdicts, now);
        if (!now.isBefore(end) && waits.isEmpty()) {
            return complete(watched.stage(), Decision.Kind.COMPLETED, Decision.CONTROLLER, "");
        }
        return note(Lazy.of(
                () -> Telling.watching(end, now, waits.all()) + Telling.control(watched.stage(), plan, evidence, now)));
    }

    /// Over once every device that was heard of lately obeys the champion, or once no lease can be alive any more.
    private Transition rollingBack(Phase.RollingBack rollingBack) {
        Instant end = rollout.returnedBy(plan);
        boolean abandoned = rollout.carried().abandoned();
        if (evidence.fleet().awaited() > 0 && now.isBefore(end)) {
            return stay(Lazy.known(Telling.returning(abandoned, evidence.fleet(), end)));
        }
        int stage = rollingBack.stage();
        return transition(
                rollout.withPhase(abandoned ? new Phase.Aborted(stage) : new Phase.RolledBack(stage), now),
                new Told(
                        Decision.Kind.CONFIRMED,
                        Decision.CONTROLLER,
                        "",
                        Telling.confirmed(abandoned, evidence.fleet(), end, now)),
                Optional.empty());
    }

    private Transition paused(Phase.Paused paused) {
        Optional<Verdict> breach = breach();
        if (breach.isPresent()) {
            return breached(breach.get());
        }
        if (paused.at() instanceof Phase.Canary canary) {
            List<String> exposed = exposed(canary.stage());
            if (!exposed.isEmpty()) {
                return exposureReached(canary, exposed);
            }
        }
        return note(Lazy.known("Paused in \"" + plan.stage(paused.at().stage()).name()
                + "\": a person resumes, promotes, rolls back or aborts it; a breach or a limit of exposure still rolls"
                + " it back."));
    }

    private Transition breached(Verdict verdict) {
        int spread = verdict.hard() ? 0 : plan.terms().returnSpreadSeconds();
        return rollBack(Decision.CONTROLLER, "", verdict.sentence(), spread);
    }

    Transition rollBack(String actor, String why, String reason, int spreadSeconds) {
        int stage = rollout.phase().stageNumber();
        Phase back = evidence.fleet().known() > 0 ? new Phase.RollingBack(stage) : new Phase.RolledBack(stage);
        Rollout next = rollout.withPhase(back, now);
        String sentence = Telling.rolledBack(rollout, plan, reason, spreadSeconds);
        return transition(
                next,
                new Told(Decision.Kind.ROLLED_BACK, actor, why, sentence),
                Optional.of(new Effect.Direct(spreadSeconds, reason)));
    }

    /// The same way back, of a build that is not judged.
    Transition abandon(String actor, String why) {
        int stage = rollout.phase().stageNumber();
        Phase back = evidence.fleet().known() > 0 ? new Phase.RollingBack(stage) : new Phase.Aborted(stage);
        return transition(
                rollout.carrying(rollout.carried().abandoning()).withPhase(back, now),
                new Told(Decision.Kind.ABORTED, actor, why, Telling.aborted(rollout, plan, actor, why)),
                Optional.of(new Effect.Direct(plan.terms().returnSpreadSeconds(), "aborted")));
    }

    Transition promote(int stage, Decision.Kind kind, String actor, String why) {
        if (stage == plan.lastStage()) {
            return plan.conduct().watchSeconds() > 0
                    ? watch(stage, kind, actor, why)
                    : complete(stage, kind, actor, why);
        }
        String sentence = kind == Decision.Kind.OVERRIDDEN
                ? past(stage, actor, why) + Telling.next(stage + 1, plan) + Telling.waived(plan)
                : Telling.promoted(stage, plan, verdicts) + Telling.approvals(rollout);
        return transition(
                rollout.enter(new Phase.Canary(stage + 1), plan, now),
                new Told(kind, actor, why, sentence),
                Optional.of(
                        new Effect.Direct(0, "stage \"" + plan.stage(stage + 1).name() + "\"")));
    }

    /// Devices go on as they are: no new directive.
    private Transition watch(int stage, Decision.Kind kind, String actor, String why) {
        String sentence = kind == Decision.Kind.OVERRIDDEN
                ? past(stage, actor, why) + Telling.watchBegins(plan)
                : Telling.watched(stage, plan, verdicts);
        return transition(
                rollout.carrying(rollout.carried().unapproved()).withPhase(new Phase.Watched(stage), now),
                new Told(kind == Decision.Kind.OVERRIDDEN ? kind : Decision.Kind.WATCHED, actor, why, sentence),
                Optional.empty());
    }

    Transition complete(int stage, Decision.Kind kind, String actor, String why) {
        boolean override = kind == Decision.Kind.OVERRIDDEN;
        String sentence = override
                ? past(stage, actor, why) + "It is approved for everybody." + Telling.waived(plan)
                : Telling.completed(rollout, stage, plan, verdicts);
        return transition(
                rollout.withPhase(new Phase.Completed(stage), now),
                new Told(override ? kind : Decision.Kind.COMPLETED, actor, why, sentence),
                Optional.of(new Effect.Direct(0, "completed")));
    }

    private String past(int stage, String actor, String why) {
        return actor + " promoted it from \"" + plan.stage(stage).name() + "\" past the gates, because: " + why + ". ";
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
    private Transition note(Lazy<String> seen) {
        Lazy<String> outlook = rollout.isLeased() && !isMeasured()
                ? Lazy.of(() -> seen.get()
                        + " The lease is not renewed while nothing is measured: without it devices return to \""
                        + rollout.identity().champion().name() + "\".")
                : seen;
        Map<String, String> said = said();
        Duration silent = Duration.between(rollout.times().decidedAt(), now);
        boolean mayTell = silent.toSeconds() >= EvidenceBlock.SECONDS;
        if (mayTell && !said.equals(rollout.noted())) {
            String sentence = Telling.changed(plan, rollout.noted(), said, verdicts) + " " + outlook.get();
            return transition(
                    rollout, new Told(Decision.Kind.VERDICT, Decision.CONTROLLER, "", sentence), Optional.empty());
        }
        if (silent.compareTo(SUMMARY) >= 0) {
            String sentence = "Goes on. " + outlook.get() + Telling.waived(plan);
            return transition(
                    rollout, new Told(Decision.Kind.SUMMARY, Decision.CONTROLLER, "", sentence), Optional.empty());
        }
        return stay(outlook);
    }

    private Transition stay(Lazy<String> outlook) {
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
        return new Transition(written, effects, verdicts, Lazy.known(told.sentence()));
    }

    private Map<String, String> said() {
        Map<String, String> said = new TreeMap<>();
        verdicts.forEach(verdict -> said.put(verdict.name(), verdict.outcome().text()));
        said.put(DRIFT, evidence.driftHold());
        said.put(FAULT, evidence.fault());
        return said;
    }
}
