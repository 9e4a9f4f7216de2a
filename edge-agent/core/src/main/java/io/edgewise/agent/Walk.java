// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.orders.Moment;
import io.edgewise.contracts.v1.Hybrid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Asks the arms in line, one after the other, until one answers; asks the champion instead of an answer
/// that is not trusted; where hedging is on, asks the next beside one that takes long.
final class Walk implements AutoCloseable {
    static final String HEDGED = "hedged";

    private final Arms arms;
    private final Supplier<Moment> now;
    private final Optional<Duration> hedgeAfter;
    private final ExecutorService hedges = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("edgewise-hedge-", 0).factory());

    Walk(Arms arms, Supplier<Moment> now, Policies.Routing policy) {
        this.arms = arms;
        this.now = now;
        this.hedgeAfter = policy.hedgeAfter();
    }

    /// One request on its way: what was tried so far.
    private final class Way {
        private final Trace trace;
        private final Arms.Asked asked;
        private final Optional<Heard> heard;
        private final List<Attempt> attempts = new ArrayList<>(2);
        private Optional<Attempt> served = Optional.empty();
        private OptionalLong firstToken = OptionalLong.empty();
        private String reason = "";
        private Outcome.Escalation escalation;

        Way(Trace trace, Arms.Asked asked) {
            this.trace = trace;
            this.asked = asked;
            this.heard = asked.request().chat().flatMap(Chat::relay).map(Heard::new);
            this.escalation = new Outcome.Escalation(trace.route().escalation(), false, false);
        }

        Attempt attempt(Route.Step step, boolean isLast) {
            long waited = since(trace.at());
            Attempt attempt = ask(step, isLast);
            if (attempt.answered()) {
                serve(attempt, reason(step, attempts.subList(0, attempts.size() - 1)), waited);
            }
            return attempt;
        }

        private Attempt ask(Route.Step step, boolean isLast) {
            Arms.Asked mine = heard.isEmpty() ? asked : asked.with(heard(step));
            Attempt attempt = timely(arms.run(step.target(), mine, isLast), trace, asked.request());
            attempts.add(attempt);
            return attempt;
        }

        void serve(Attempt attempt, String why, long waited) {
            served = Optional.of(attempt);
            reason = why;
            firstToken = attempt.arm().hasTimeToFirstTokenUs()
                    ? OptionalLong.of(waited + attempt.arm().getTimeToFirstTokenUs())
                    : OptionalLong.empty();
        }

        boolean isOver() {
            return served.isPresent()
                    || heard.isPresent() && heard.get().begun()
                    || Thread.currentThread().isInterrupted()
                    || isLate();
        }

        private boolean isLate() {
            return asked.untilNanos().isPresent()
                    && now.get().nanos() - asked.untilNanos().getAsLong() >= 0;
        }

        private Request heard(Route.Step step) {
            String who = switch (step.target().who()) {
                case Target.Build build -> build.name();
                case Target.Frontier frontier -> frontier.name();
            };
            String id = asked.request().terms().consent() == Consent.NONE
                    ? ""
                    : HexFormat.of().formatHex(trace.id());
            Relay relay =
                    heard.orElseThrow().by(new Relay.Served(id, step.target().role(), who, reason(step, attempts)));
            return asked.request().with(asked.request().chat().orElseThrow().heardBy(relay));
        }

        /// What was answered may not be good enough: then the champion is asked, now or after the response.
        void doubt(Hybrid hybrid) {
            Attempt edge = served.orElseThrow();
            Optional<Route.Step> champion = trace.route().line().stream()
                    .filter(step -> step.target().who() instanceof Target.Frontier)
                    .findFirst();
            boolean isFirst = attempts.size() == 1 && edge.arm().hasEdge();
            String why = isFirst && champion.isPresent() ? Hybrids.after(hybrid, edge.arm()) : "";
            if (why.isEmpty()) {
                return;
            }
            boolean isWithApp = heard.isPresent() && heard.get().begun();
            if (isWithApp || hybrid.getEscalation() == Hybrid.Escalation.ESCALATION_VERIFY) {
                escalation = new Outcome.Escalation(Outcome.Escalation.VERIFY + why, true, true);
                return;
            }
            if (isLate()) {
                return;
            }
            escalation = new Outcome.Escalation(why, true, false);
            long waited = since(trace.at());
            Route.Step escalated = new Route.Step(champion.get().target(), Route.ESCALATED + why);
            Attempt better = ask(escalated, true);
            if (better.answered()) {
                serve(better, escalated.reason(), waited);
            } else if (heard.isPresent() && heard.get().begun()) {
                // The app has some of an answer that broke off, so the edge's is nothing that it got.
                served = Optional.empty();
                firstToken = OptionalLong.empty();
                reason = "";
            }
        }

        Outcome outcome() {
            return new Outcome(attempts, served, reason, since(trace.at()), firstToken, escalation);
        }
    }

    Outcome walk(Trace trace, Arms.Asked asked) {
        Way way = new Way(trace, asked);
        List<Route.Step> line = trace.route().line();
        boolean isHedged = hedgeAfter.isPresent() && line.size() > 1 && way.heard.isEmpty();
        if (isHedged) {
            hedge(way, line.get(0), line.get(1));
        }
        for (int i = isHedged ? 2 : 0; i < line.size() && !way.isOver(); i++) {
            Attempt _ = way.attempt(line.get(i), i == line.size() - 1);
        }
        if (way.served.isPresent() && trace.route().trust().isPresent()) {
            way.doubt(trace.route().trust().get());
        }
        return way.outcome();
    }

    /// Asks the first; if it has not answered after a while, the second too. Whichever answers first is
    /// served, the other is called off, which says nothing of it.
    private void hedge(Way way, Route.Step first, Route.Step second) {
        Future<Attempt> one = hedges.submit(() -> arms.run(first.target(), way.asked, false));
        try {
            Attempt attempt = one.get(hedgeAfter.orElseThrow().toNanos(), TimeUnit.NANOSECONDS);
            settled(way, first, attempt);
            if (!way.isOver()) {
                Attempt _ = way.attempt(second, way.trace.route().line().size() == 2);
            }
        } catch (TimeoutException e) {
            race(way, one, first, second);
        } catch (InterruptedException e) {
            one.cancel(true);
            way.attempts.add(arms.notRun(first.target(), Attempt.CANCELLED));
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            way.attempts.add(arms.notRun(first.target(), Attempt.MODEL_ERROR));
        }
    }

    private void race(Way way, Future<Attempt> one, Route.Step first, Route.Step second) {
        CompletableFuture<Attempt> slow = new CompletableFuture<>();
        CompletableFuture<Attempt> fast = new CompletableFuture<>();
        Future<?> watching = hedges.submit(() -> watch(first, one, slow));
        Future<Attempt> two = hedges.submit(() -> arms.run(second.target(), way.asked, false));
        Future<?> alsoWatching = hedges.submit(() -> watch(second, two, fast));
        try {
            Object _ = CompletableFuture.anyOf(answered(slow, fast), answered(fast, slow))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an arm threw", e);
        }
        Attempt firstSaid = slow.getNow(arms.notRun(first.target(), Attempt.CANCELLED));
        settled(way, first, firstSaid);
        Attempt secondSaid = fast.getNow(arms.notRun(second.target(), Attempt.CANCELLED));
        if (way.served.isPresent()) {
            way.attempts.add(secondSaid);
        } else {
            settled(way, new Route.Step(second.target(), HEDGED), secondSaid);
        }
        one.cancel(true);
        two.cancel(true);
        watching.cancel(true);
        alsoWatching.cancel(true);
    }

    /// Completes when this one has answered, or both have ended.
    private static CompletableFuture<Void> answered(CompletableFuture<Attempt> own, CompletableFuture<Attempt> other) {
        return own.thenCompose(attempt ->
                attempt.answered() ? CompletableFuture.completedFuture(null) : other.thenAccept(ignored -> {}));
    }

    private void watch(Route.Step step, Future<Attempt> running, CompletableFuture<Attempt> ended) {
        try {
            ended.complete(running.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | CancellationException e) {
            ended.complete(arms.notRun(step.target(), Attempt.CANCELLED));
        }
    }

    private void settled(Way way, Route.Step step, Attempt attempt) {
        way.attempts.add(attempt);
        if (attempt.answered()) {
            way.serve(attempt, step.reason(), since(way.trace.at()));
        }
    }

    /// What was cancelled because its deadline had passed took too long.
    private Attempt timely(Attempt attempt, Trace trace, Request request) {
        Optional<Duration> deadline = request.terms().deadline();
        boolean isLate = attempt.cancelled()
                && deadline.isPresent()
                && since(trace.at()) >= deadline.get().toNanos() / 1_000;
        return isLate ? attempt.failedBy(FrontierFailure.TIMEOUT) : attempt;
    }

    private long since(Moment start) {
        return Math.max(0, (now.get().nanos() - start.nanos()) / 1_000);
    }

    /// Why this step and not the first one, after these failed.
    private static String reason(Route.Step step, List<Attempt> failed) {
        if (!step.reason().isEmpty()) {
            return step.reason();
        }
        return failed.isEmpty() ? "" : failed.getFirst().failure();
    }

    @Override
    public void close() {
        hedges.shutdownNow();
    }
}
