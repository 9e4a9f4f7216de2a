// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.ByteString;
import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.orders.Standing;
import io.edgewise.agent.spool.Lane;
import io.edgewise.agent.spool.Spool;
import io.edgewise.agent.spool.Weight;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.RouterScore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request's way through the agent: route, run, answer; then mirror and record. Holds no lock while
/// anything runs.
final class Desk {
    /// How long feedback waits for a mirror that is still on its way.
    private static final long MIRROR_SECONDS = 5;

    private static final long DISK_SECONDS = 30;
    private static final int MOST_SETTLING = Integer.MAX_VALUE;

    /// Chance, time, and how the device is doing.
    record Surroundings(Dice dice, Supplier<Moment> now, AgentPorts.Extras extras) {}

    /// What decides and what runs.
    record Parts(Router router, Detours detours, Arms arms, Walk walk, Mirrors mirrors, Spool spool) {}

    private final Parts parts;
    private final Recorder recorder;
    private final FeedbackTokens tokens;
    private final Surroundings surroundings;
    private final AgentSettings settings;
    private final Completions completions = new Completions();
    private final LongAdder served = new LongAdder();
    private volatile long lastNanos;
    /// A permit is with each answer that was given and is not yet with the spool or the mirrors.
    private final Semaphore settling = new Semaphore(MOST_SETTLING);
    private final LongAdder failed = new LongAdder();
    private final LongAdder unrecorded = new LongAdder();
    private final LongAdder withheld = new LongAdder();
    private final Map<String, Long> escalations = new ConcurrentHashMap<>();

    Desk(AgentSettings settings, Surroundings surroundings, Parts parts) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.lastNanos = surroundings.now().get().nanos();
        this.parts = parts;
        this.recorder = new Recorder(settings);
        this.tokens = new FeedbackTokens(settings.feedbackKey());
    }

    AgentSnapshot.Totals totals() {
        return new AgentSnapshot.Totals(
                served.sum(), failed.sum(), parts.mirrors().shed(), unrecorded.sum());
    }

    /// Since the last request came, or since the start.
    Duration quiet() {
        return Duration.ofNanos(Math.max(0, surroundings.now().get().nanos() - lastNanos));
    }

    /// Totals by name: requests that nothing was recorded of, mirrors shed and requests escalated by
    /// reason.
    Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>();
        counters.put("withheld", withheld.sum());
        parts.mirrors().reasons().forEach((reason, count) -> counters.put("shed:" + reason, count));
        escalations.forEach((why, count) -> counters.put("escalated:" + why, count));
        return counters;
    }

    /// The app is told first; what is to be remembered of the request comes after.
    Answer serve(Standing standing, Request request, Consumer<Answer> told) {
        Moment start = surroundings.now().get();
        lastNanos = start.nanos();
        byte[] id = surroundings.dice().nextId();
        OptionalLong until = until(start, request.terms());
        Situation situation = situation(request, until);
        Route route = parts.detours().bend(parts.router().route(standing, request.unit(), id, start), situation);
        Trace trace = new Trace(id, start, route, situation);
        Arms.Asked asked = new Arms.Asked(request, situation.privacy(), situation.state(), until);
        Outcome outcome = parts.walk().walk(trace, asked);
        served.increment();
        if (!outcome.escalation().why().isEmpty()) {
            escalations.merge(outcome.escalation().why(), 1L, Long::sum);
        }
        if (request.terms().consent() == Consent.NONE) {
            withheld.increment();
            Answer answer = answer(outcome, "", "");
            told.accept(answer);
            return answer;
        }
        FeedbackContext context = recorder.context(trace, outcome, outcome.attempts());
        Answer answer = answer(outcome, text(id), FeedbackTokens.text(tokens.seal(context)));
        // Feedback may come as soon as the app knows.
        Optional<Mirroring> mirroring =
                after(trace, outcome).map(target -> new Mirroring(target, completions.expect(id)));
        settling.acquireUninterruptibly();
        try {
            told.accept(answer);
        } finally {
            settle(trace, outcome, asked, mirroring);
            settling.release();
        }
        return answer;
    }

    /// Who is asked after the response, and what feedback waits for until then.
    private record Mirroring(Target target, CompletableFuture<FeedbackContext> coming) {}

    /// Waits until each answer that was given is with the spool or the mirrors; false when it took longer.
    boolean awaitSettled(long millis) throws InterruptedException {
        if (!settling.tryAcquire(MOST_SETTLING, millis, TimeUnit.MILLISECONDS)) {
            return false;
        }
        settling.release(MOST_SETTLING);
        return true;
    }

    private Situation situation(Request request, OptionalLong until) {
        Optional<RouterScore> score =
                surroundings.extras().scorer().flatMap(scorer -> parts.arms().score(scorer, request, until));
        return new Situation(
                request,
                settings.policies().privacy().of(request.terms().privacy()),
                surroundings.extras().state().get(),
                score);
    }

    private static OptionalLong until(Moment start, Terms terms) {
        return terms.deadline().isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(start.nanos() + terms.deadline().get().toNanos());
    }

    private static String text(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    private Answer answer(Outcome outcome, String id, String token) {
        if (outcome.served().isEmpty()) {
            failed.increment();
            List<String> failures = outcome.attempts().stream()
                    .filter(attempt -> !attempt.answered())
                    .map(Attempt::failure)
                    .toList();
            Optional<Reply> said = outcome.attempts().stream()
                    .flatMap(attempt -> attempt.reply().stream())
                    .reduce((first, last) -> last);
            String why = failures.isEmpty()
                    ? "no model may answer: the request must not leave the device, and no build is here for it"
                    : "no model could answer: " + String.join(", ", failures);
            return new Answer(
                    "",
                    OptionalDouble.empty(),
                    Role.ROLE_UNSPECIFIED,
                    id,
                    token,
                    outcome.latencyUs(),
                    Optional.of(why),
                    new Answer.Details("", "", List.of(), said, outcome.offline()));
        }
        Attempt attempt = outcome.served().get();
        List<ModelAnswer.Candidate> top = attempt.arm().getTopList().stream()
                .map(candidate -> new ModelAnswer.Candidate(candidate.getLabel(), candidate.getProbability()))
                .toList();
        return new Answer(
                attempt.text(),
                attempt.confidence(),
                attempt.role(),
                id,
                token,
                outcome.latencyUs(),
                Optional.empty(),
                new Answer.Details(attempt.who(), outcome.fallbackReason(), top, attempt.reply(), outcome.offline()));
    }

    /// Whom to ask after the response: the champion of an answer that is to be verified, or the other arm
    /// of a pair.
    private static Optional<Target> after(Trace trace, Outcome outcome) {
        if (outcome.escalation().later()) {
            boolean isAllowed = trace.situation().request().terms().consent() == Consent.GRANTED;
            return trace.route().line().stream()
                    .map(Route.Step::target)
                    .filter(target -> isAllowed && target.who() instanceof Target.Frontier)
                    .findFirst();
        }
        boolean isPair = trace.route().pairing().selected()
                && outcome.served().isPresent()
                && outcome.attempts().size() == 1;
        return isPair ? trace.route().mirror() : Optional.empty();
    }

    /// Mirrors what was selected and records what happened. What goes wrong here is nothing that the app is told.
    private void settle(Trace trace, Outcome outcome, Arms.Asked asked, Optional<Mirroring> mirroring) {
        try {
            if (mirroring.isPresent()) {
                mirror(trace, outcome, asked.mirrored(), mirroring.get());
            } else {
                record(trace, outcome, outcome.attempts(), Weight.KEEP);
            }
        } catch (Throwable e) {
            lost(e);
            mirroring.ifPresent(waited -> waited.coming().completeExceptionally(e));
        }
    }

    private void mirror(Trace trace, Outcome outcome, Arms.Asked asked, Mirroring mirroring) {
        Target target = mirroring.target();
        parts.mirrors()
                .offer(
                        target,
                        trace.situation().state(),
                        new Mirrors.Job(
                                asked.request().bytes(),
                                () -> finish(trace, outcome, mirror(trace, outcome, target, asked), mirroring.coming()),
                                () -> finish(
                                        trace,
                                        outcome,
                                        List.of(parts.arms().notRun(target, Attempt.SHED)),
                                        mirroring.coming())));
    }

    private List<Attempt> mirror(Trace trace, Outcome outcome, Target target, Arms.Asked asked) {
        Attempt mirrored = quietly(target, asked);
        List<Attempt> all = new ArrayList<>(List.of(mirrored));
        repeat(trace, outcome, mirrored)
                .ifPresent(champion -> all.add(quietly(new Target(Role.ROLE_REFERENCE, champion.who()), asked)));
        return all;
    }

    /// Whose second answer to the same request says how often the champion disagrees with itself.
    private static Optional<Target> repeat(Trace trace, Outcome outcome, Attempt mirrored) {
        int rate = trace.route().orders().map(Directive::getRepeatBp).orElse(0);
        boolean isChosen =
                Assignment.isRepeated(trace.id(), rate) && outcome.served().isPresent() && mirrored.answered();
        return trace.route().line().stream()
                .map(Route.Step::target)
                .filter(target ->
                        isChosen && target.role() == Role.ROLE_CHAMPION && target.who() instanceof Target.Frontier)
                .findFirst();
    }

    /// Only the end of the agent interrupts a mirror; that it did not answer then says nothing about the
    /// model.
    private Attempt quietly(Target target, Arms.Asked asked) {
        Attempt attempt = parts.arms().run(target, asked, false);
        parts.mirrors().spent(attempt);
        return !attempt.answered() && Thread.currentThread().isInterrupted()
                ? parts.arms().notRun(target, Attempt.SHED)
                : attempt;
    }

    private void finish(
            Trace trace, Outcome outcome, List<Attempt> mirrored, CompletableFuture<FeedbackContext> coming) {
        try {
            List<Attempt> all = outcome.with(mirrored);
            Outcome seen = doubted(trace, outcome, mirrored);
            coming.complete(recorder.context(trace, seen, all));
            record(trace, seen, all, Weight.SHADOW_PAIR);
        } catch (Throwable e) {
            lost(e);
            coming.completeExceptionally(e);
        }
    }

    private void lost(Throwable e) {
        unrecorded.increment();
        System.getLogger(Desk.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "a request of " + settings.device() + " could not be recorded; it is counted",
                        e);
    }

    /// Beside a frontier's answer the edge's may be one that the directive doubts: then the pair says
    /// something of the doubted answers, and nothing of the others.
    private static Outcome doubted(Trace trace, Outcome outcome, List<Attempt> mirrored) {
        Optional<Directive> orders = trace.route().orders().filter(Directive::hasHybrid);
        boolean isBesideFrontier = outcome.served()
                .filter(served ->
                        served.role() == Role.ROLE_CHAMPION && served.arm().hasFrontier())
                .isPresent();
        if (orders.isEmpty() || !isBesideFrontier) {
            return outcome;
        }
        return mirrored.stream()
                .filter(attempt -> attempt.role() == Role.ROLE_CHALLENGER
                        && attempt.answered()
                        && attempt.arm().hasEdge())
                .findFirst()
                .map(edge -> Hybrids.after(orders.get().getHybrid(), edge.arm()))
                .filter(why -> !why.isEmpty())
                .map(outcome::doubtedBeside)
                .orElse(outcome);
    }

    private void record(Trace trace, Outcome outcome, List<Attempt> attempts, Weight weight) {
        boolean mayHoldText = surroundings.extras().spoolKey().isPresent();
        Observation observation = recorder.observation(trace, outcome, attempts, mayHoldText);
        boolean hasText = !observation.getRequestText().isEmpty();
        CompletableFuture<Long> _ = parts.spool()
                .append(Lane.OBSERVATIONS, weight, observation.toByteArray(), hasText)
                .whenComplete((seq, failure) -> countIfLost(failure));
    }

    private void countIfLost(@Nullable Throwable failure) {
        if (failure != null) {
            unrecorded.increment();
        }
    }

    Receipt feedback(String token, Opinion opinion) {
        if (opinion instanceof Opinion.Truth truth && !Arms.isLabel(truth.label())) {
            return Receipt.NO_LABEL;
        }
        Optional<FeedbackContext> opened = tokens.open(token);
        if (opened.isEmpty()) {
            return Receipt.FOREIGN_TOKEN;
        }
        try {
            FeedbackToken full = tokens.seal(completed(opened.get()));
            Feedback.Builder feedback = Feedback.newBuilder()
                    .setGivenAtMs(surroundings.now().get().wallMs())
                    .setToken(ByteString.copyFrom(full.toByteArray()));
            opinion.into(feedback);
            parts.spool()
                    .append(Lane.FEEDBACK, Weight.KEEP, feedback.build().toByteArray())
                    .get(DISK_SECONDS, TimeUnit.SECONDS);
            return Receipt.RECORDED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Receipt.NOT_RECORDED;
        } catch (ExecutionException | TimeoutException e) {
            unrecorded.increment();
            return Receipt.NOT_RECORDED;
        }
    }

    /// The token left with the response; what its mirror found meanwhile belongs to the feedback too.
    private FeedbackContext completed(FeedbackContext context) throws InterruptedException {
        Optional<CompletableFuture<FeedbackContext>> coming = completions.of(context.getObservation());
        if (coming.isEmpty()) {
            return context;
        }
        try {
            return coming.get().get(MIRROR_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return context;
        }
    }
}
