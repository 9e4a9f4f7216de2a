// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.ByteString;
import io.edgewise.agent.features.TextFeatures;
import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.orders.Standing;
import io.edgewise.agent.spool.Lane;
import io.edgewise.agent.spool.Spool;
import io.edgewise.agent.spool.Weight;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One request's way through the agent: route, run, answer; then mirror and record. Holds no lock while anything runs.
final class Desk {
    /// How long feedback waits for a mirror that is still on its way.
    private static final long MIRROR_SECONDS = 5;

    private static final long DISK_SECONDS = 30;

    /// Chance and time.
    record Surroundings(Dice dice, Supplier<Moment> now) {}

    private final Router router;
    private final Arms arms;
    private final Mirrors mirrors;
    private final Recorder recorder;
    private final FeedbackTokens tokens;
    private final Spool spool;
    private final Surroundings surroundings;
    private final AgentSettings settings;
    private final Completions completions = new Completions();
    private final LongAdder served = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder unrecorded = new LongAdder();

    Desk(AgentSettings settings, Surroundings surroundings, Router router, Arms arms, Mirrors mirrors, Spool spool) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.router = router;
        this.arms = arms;
        this.mirrors = mirrors;
        this.spool = spool;
        this.recorder = new Recorder(settings);
        this.tokens = new FeedbackTokens(settings.feedbackKey());
    }

    AgentSnapshot.Totals totals() {
        return new AgentSnapshot.Totals(served.sum(), failed.sum(), mirrors.shed(), unrecorded.sum());
    }

    Answer serve(Standing standing, Request request) {
        Moment start = surroundings.now().get();
        byte[] id = surroundings.dice().nextId();
        Route route = allowed(
                router.route(standing, request.unit(), id, start),
                request.terms().consent());
        Trace trace = new Trace(id, start, route, TextFeatures.of(request.text()));
        Outcome outcome = walk(trace, request);
        served.increment();
        if (request.terms().consent() == Consent.NONE) {
            return answer(outcome, "", "");
        }
        FeedbackContext context = recorder.context(trace, outcome, outcome.attempts());
        Answer answer = answer(outcome, text(id), FeedbackTokens.text(tokens.seal(context)));
        settle(trace, outcome, request);
        return answer;
    }

    /// Pairing is decided before anything runs, and so is that there is none.
    private static Route allowed(Route route, Consent consent) {
        return consent == Consent.GRANTED ? route : route.unpaired();
    }

    private static String text(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    private Outcome walk(Trace trace, Request request) {
        Route route = trace.route();
        List<Attempt> attempts = new ArrayList<>(2);
        Optional<Attempt> answered = Optional.empty();
        OptionalLong firstToken = OptionalLong.empty();
        String reason = "";
        Optional<Heard> heard = request.chat().flatMap(Chat::relay).map(Heard::new);
        String id = request.terms().consent() == Consent.NONE ? "" : text(trace.id());
        for (Route.Step step : route.line()) {
            boolean isLast = step.equals(route.line().getLast());
            long waited = since(trace.at());
            Request asked = heard.isEmpty() ? request : heard(request, heard.get(), id, step, reason(step, attempts));
            Attempt attempt = timely(arms.run(step.target(), asked, isLast), trace, request);
            attempts.add(attempt);
            if (attempt.answered()) {
                answered = Optional.of(attempt);
                reason = reason(step, attempts.subList(0, attempts.size() - 1));
                firstToken = attempt.arm().hasTimeToFirstTokenUs()
                        ? OptionalLong.of(waited + attempt.arm().getTimeToFirstTokenUs())
                        : OptionalLong.empty();
                break;
            }
            boolean isOver = heard.isPresent() && heard.get().begun()
                    || Thread.currentThread().isInterrupted();
            if (isOver) {
                break;
            }
        }
        return new Outcome(attempts, answered, reason, since(trace.at()), firstToken);
    }

    /// What was cancelled because its deadline had passed took too long.
    private Attempt timely(Attempt attempt, Trace trace, Request request) {
        Optional<Duration> deadline = request.terms().deadline();
        boolean isLate = attempt.cancelled()
                && deadline.isPresent()
                && since(trace.at()) >= deadline.get().toNanos() / 1_000;
        return isLate ? attempt.failedBy(FrontierFailure.TIMEOUT) : attempt;
    }

    private static Request heard(Request request, Heard heard, String id, Route.Step step, String reason) {
        String who = switch (step.target().who()) {
            case Target.Build build -> build.name();
            case Target.Frontier frontier -> frontier.name();
        };
        Relay relay = heard.by(new Relay.Served(id, step.target().role(), who, reason));
        return request.with(request.chat().orElseThrow().heardBy(relay));
    }

    private long since(Moment start) {
        return Math.max(0, (surroundings.now().get().nanos() - start.nanos()) / 1_000);
    }

    /// Why this step and not the first one, after these failed.
    private static String reason(Route.Step step, List<Attempt> failed) {
        if (!step.reason().isEmpty()) {
            return step.reason();
        }
        return failed.isEmpty() ? "" : failed.getFirst().failure();
    }

    private Answer answer(Outcome outcome, String id, String token) {
        if (outcome.served().isEmpty()) {
            failed.increment();
            List<String> failures =
                    outcome.attempts().stream().map(Attempt::failure).toList();
            Optional<Reply> said = outcome.attempts().stream()
                    .flatMap(attempt -> attempt.reply().stream())
                    .reduce((first, last) -> last);
            return new Answer(
                    "",
                    OptionalDouble.empty(),
                    Role.ROLE_UNSPECIFIED,
                    id,
                    token,
                    outcome.latencyUs(),
                    Optional.of("no model could answer: " + String.join(", ", failures)),
                    new Answer.Details("", "", List.of(), said, outcome.offline()));
        }
        Attempt attempt = outcome.served().get();
        List<ModelAnswer.Candidate> top = attempt.arm().getTopList().stream()
                .map(candidate -> new ModelAnswer.Candidate(candidate.getLabel(), candidate.getProbability()))
                .toList();
        return new Answer(
                attempt.arm().getLabel(),
                attempt.confidence(),
                attempt.role(),
                id,
                token,
                outcome.latencyUs(),
                Optional.empty(),
                new Answer.Details(attempt.who(), outcome.fallbackReason(), top, attempt.reply(), outcome.offline()));
    }

    /// Mirrors what was selected and records what happened.
    private void settle(Trace trace, Outcome outcome, Request request) {
        boolean isPair = trace.route().pairing().selected()
                && outcome.served().isPresent()
                && outcome.attempts().size() == 1;
        Optional<Target> mirror = isPair ? trace.route().mirror() : Optional.empty();
        if (mirror.isEmpty()) {
            record(trace, outcome, outcome.attempts(), Weight.KEEP);
            return;
        }
        Target target = mirror.get();
        CompletableFuture<FeedbackContext> coming = completions.expect(trace.id());
        Request mirrored = request.mirrored();
        mirrors.offer(
                () -> finish(trace, outcome, mirror(target, mirrored), coming),
                () -> finish(trace, outcome, arms.notRun(target, Attempt.SHED), coming));
    }

    /// Only the end of the agent interrupts a mirror; that it did not answer then says nothing about the model.
    private Attempt mirror(Target target, Request request) {
        Attempt attempt = arms.run(target, request, false);
        return !attempt.answered() && Thread.currentThread().isInterrupted()
                ? arms.notRun(target, Attempt.SHED)
                : attempt;
    }

    private void finish(Trace trace, Outcome outcome, Attempt mirrored, CompletableFuture<FeedbackContext> coming) {
        try {
            complete(trace, outcome, mirrored, coming);
        } catch (Throwable e) {
            unrecorded.increment();
            coming.completeExceptionally(e);
            System.getLogger(Desk.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "a mirrored request of " + settings.device() + " could not be recorded; it is counted",
                            e);
        }
    }

    private void complete(Trace trace, Outcome outcome, Attempt mirrored, CompletableFuture<FeedbackContext> coming) {
        List<Attempt> all = outcome.with(mirrored);
        coming.complete(recorder.context(trace, outcome, all));
        record(trace, outcome, all, Weight.SHADOW_PAIR);
    }

    private void record(Trace trace, Outcome outcome, List<Attempt> attempts, Weight weight) {
        byte[] body = recorder.observation(trace, outcome, attempts).toByteArray();
        CompletableFuture<Long> _ =
                spool.append(Lane.OBSERVATIONS, weight, body).whenComplete((seq, failure) -> countIfLost(failure));
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
            spool.append(Lane.FEEDBACK, Weight.KEEP, feedback.build().toByteArray())
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
