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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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
        Route route = router.route(standing, request.unit(), id, start);
        Trace trace = new Trace(id, start, route, TextFeatures.of(request.text()));
        Outcome outcome = walk(route, request.text(), start);
        FeedbackContext context = recorder.context(trace, outcome, outcome.attempts());
        Answer answer = answer(trace, outcome, FeedbackTokens.text(tokens.seal(context)));
        served.increment();
        settle(trace, outcome, request.text());
        return answer;
    }

    private Outcome walk(Route route, String text, Moment start) {
        List<Attempt> attempts = new ArrayList<>(2);
        Optional<Attempt> answered = Optional.empty();
        String reason = "";
        for (Route.Step step : route.line()) {
            boolean isLast = step.equals(route.line().getLast());
            Attempt attempt = arms.run(step.target(), text, isLast);
            attempts.add(attempt);
            if (attempt.answered()) {
                answered = Optional.of(attempt);
                reason = reason(step, attempts);
                break;
            }
        }
        long latencyUs = Math.max(0, (surroundings.now().get().nanos() - start.nanos()) / 1_000);
        return new Outcome(attempts, answered, reason, latencyUs);
    }

    private static String reason(Route.Step step, List<Attempt> attempts) {
        if (!step.reason().isEmpty()) {
            return step.reason();
        }
        return attempts.size() > 1 ? attempts.getFirst().failure() : "";
    }

    private Answer answer(Trace trace, Outcome outcome, String token) {
        String id = HexFormat.of().formatHex(trace.id());
        if (outcome.served().isEmpty()) {
            failed.increment();
            List<String> failures =
                    outcome.attempts().stream().map(Attempt::failure).toList();
            return Answer.failed(
                    id, token, outcome.latencyUs(), "no model could answer: " + String.join(", ", failures));
        }
        Attempt attempt = outcome.served().get();
        return new Answer(
                attempt.arm().getLabel(),
                attempt.confidence(),
                attempt.role(),
                id,
                token,
                outcome.latencyUs(),
                Optional.empty());
    }

    /// Mirrors what was selected and records what happened.
    private void settle(Trace trace, Outcome outcome, String text) {
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
        mirrors.offer(
                () -> finish(trace, outcome, mirror(target, text), coming),
                () -> finish(trace, outcome, arms.notRun(target, Attempt.SHED), coming));
    }

    /// Only the end of the agent interrupts a mirror; that it did not answer then says nothing about the model.
    private Attempt mirror(Target target, String text) {
        Attempt attempt = arms.run(target, text, false);
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

    boolean feedback(String token, String truthLabel) {
        if (!Arms.isLabel(truthLabel)) {
            return false;
        }
        Optional<FeedbackContext> opened = tokens.open(token);
        if (opened.isEmpty()) {
            return false;
        }
        try {
            FeedbackToken full = tokens.seal(completed(opened.get()));
            Feedback feedback = Feedback.newBuilder()
                    .setGivenAtMs(surroundings.now().get().wallMs())
                    .setToken(ByteString.copyFrom(full.toByteArray()))
                    .setTruthLabel(truthLabel)
                    .build();
            spool.append(Lane.FEEDBACK, Weight.KEEP, feedback.toByteArray()).get(DISK_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            unrecorded.increment();
            return false;
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
