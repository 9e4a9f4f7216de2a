// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.EdgeBuild;
import io.edgewise.contracts.v1.Frontier;
import io.edgewise.contracts.v1.LabelProbability;
import io.edgewise.contracts.v1.Money;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.RouterScore;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Runs single arms: times them, fences their failures, judges their output, prices them. Never throws.
final class Arms implements AutoCloseable {
    private static final String EDGE_PRICE = "edge";
    private static final int LONGEST_LABEL = 256;
    private static final int LONGEST_NAME = 128;

    private final Workload workload;
    private final Outputs outputs;
    private final Policies policies;
    private final FrontierClient frontier;
    private final LongSupplier nanoTime;
    private final Events events;
    private final Fence fence;
    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
    private final LongAdder opened = new LongAdder();
    private volatile Shelf shelf;

    /// The builds that are here. The hashes were asked for once: a model that throws later must not throw
    /// outside the fence.
    private record Shelf(Map<String, EdgeModel> builds, Map<String, String> artifacts, Set<String> callers) {
        static Shelf of(Map<String, EdgeModel> builds) {
            return new Shelf(
                    Map.copyOf(builds),
                    builds.entrySet().stream()
                            .collect(Collectors.toUnmodifiableMap(
                                    Map.Entry::getKey, build -> build.getValue().artifactSha256())),
                    builds.entrySet().stream()
                            .filter(build -> build.getValue().callsTools())
                            .map(Map.Entry::getKey)
                            .collect(Collectors.toUnmodifiableSet()));
        }
    }

    /// What is asked of an arm: the request, where its text may go, how the device is doing, and by when
    /// (by the monotonic clock) an answer is of use.
    record Asked(Request request, PrivacyClass privacy, DeviceState state, OptionalLong untilNanos) {
        Asked with(Request other) {
            return new Asked(other, privacy, state, untilNanos);
        }

        /// For an arm that runs after the response.
        Asked mirrored() {
            return new Asked(request.mirrored(), privacy, state, OptionalLong.empty());
        }
    }

    Arms(AgentSettings settings, AgentPorts ports, Events events) {
        this.workload = settings.workload();
        this.policies = settings.policies();
        this.outputs = new Outputs(settings.workload());
        this.frontier = ports.frontier();
        this.nanoTime = ports.nanoTime();
        this.events = events;
        this.fence = new Fence(nanoTime);
        this.shelf = Shelf.of(ports.builds());
    }

    /// From the next request on these are the builds that are here. A build that comes again begins with
    /// a closed breaker.
    void replace(Map<String, EdgeModel> builds) {
        Shelf before = shelf;
        shelf = Shelf.of(builds);
        breakers.keySet().removeIf(build -> !Objects.equals(before.builds().get(build), builds.get(build)));
    }

    Map<String, String> artifacts() {
        return shelf.artifacts();
    }

    /// Whether it may be asked to call tools: any frontier, and the builds that say so.
    boolean callsTools(Target target) {
        return switch (target.who()) {
            case Target.Frontier _ -> true;
            case Target.Build who -> shelf.callers().contains(who.name());
        };
    }

    /// An open breaker refuses a challenger, unless nobody else is left to answer.
    Attempt run(Target target, Asked asked, boolean isLastResort) {
        return switch (target.who()) {
            case Target.Frontier who -> ask(target.role(), who, asked);
            case Target.Build who ->
                target.role() == Role.ROLE_CHALLENGER
                        ? guarded(who, asked, isLastResort)
                        : infer(target.role(), who, asked);
        };
    }

    /// A build alone, outside of all traffic: its breaker neither refuses nor learns.
    Attempt examine(String build, Asked asked) {
        return infer(Role.ROLE_CHALLENGER, new Target.Build(build), asked);
    }

    /// The arm of a mirror that was not run.
    Attempt notRun(Target target, String errorCode) {
        return new Attempt(named(target).setErrorCode(errorCode).build());
    }

    /// How often a breaker has opened since the agent started.
    long breakersOpened() {
        return opened.sum();
    }

    Breaker.State breaker(String build) {
        Breaker breaker = breakers.get(build);
        return breaker == null ? Breaker.State.CLOSED : breaker.state();
    }

    private Attempt guarded(Target.Build who, Asked asked, boolean isLastResort) {
        Breaker breaker = breakers.computeIfAbsent(who.name(), build -> new Breaker(policies.breaker()));
        Breaker.State before = breaker.state();
        if (asked.state().isHot()) {
            breaker.trip("the device is " + asked.state().thermal().word(), nanoTime.getAsLong());
        }
        boolean isAdmitted = breaker.admit(nanoTime.getAsLong());
        if (!isAdmitted && !isLastResort) {
            tell(who, breaker, before);
            return notRun(new Target(Role.ROLE_CHALLENGER, who), Attempt.BREAKER_OPEN);
        }
        Attempt attempt = infer(Role.ROLE_CHALLENGER, who, asked);
        if (isAdmitted) {
            report(breaker, attempt);
        }
        tell(who, breaker, before);
        return attempt;
    }

    private void report(Breaker breaker, Attempt attempt) {
        if (attempt.answered()) {
            breaker.succeeded(attempt.arm().getLatencyUs(), nanoTime.getAsLong());
        } else if (attempt.cancelled() || attempt.shed()) {
            breaker.abandoned();
        } else {
            breaker.failed(nanoTime.getAsLong());
        }
    }

    private void tell(Target.Build who, Breaker breaker, Breaker.State before) {
        Breaker.State after = breaker.state();
        if (after == Breaker.State.OPEN && before != Breaker.State.OPEN) {
            opened.increment();
            events.tell("breaker-open", who.name() + ": " + breaker.reason().orElse(""));
        } else if (after == Breaker.State.CLOSED && before != Breaker.State.CLOSED) {
            events.tell("breaker-closed", who.name() + " answers again");
        }
    }

    private Attempt infer(Role role, Target.Build who, Asked asked) {
        Target target = new Target(role, who);
        Arm.Builder arm = named(target);
        EdgeModel model = shelf.builds().get(who.name());
        if (model == null) {
            return new Attempt(arm.setErrorCode(Attempt.MODEL_ERROR).build());
        }
        long start = nanoTime.getAsLong();
        try {
            ModelAnswer answer = fence.ask(model, asked.request(), limit(asked.untilNanos()));
            arm.setLatencyUs(since(start));
            if (!isSound(answer)) {
                return new Attempt(arm.setErrorCode(Attempt.INVALID_OUTPUT).build());
            }
            price(arm, EDGE_PRICE);
            policies.routing().energyUj(arm.getLatencyUs()).ifPresent(arm::setEnergyUj);
            speak(arm, answer.spoken());
            for (ModelAnswer.Candidate candidate : answer.top()) {
                if (isUnit(candidate.probability()) && isLabel(candidate.label())) {
                    arm.addTop(LabelProbability.newBuilder()
                            .setLabel(candidate.label())
                            .setProbability(candidate.probability()));
                }
            }
            ConfidenceSource source = model.confidenceSource();
            if (source != ConfidenceSource.NONE && answer.confidence().isPresent()) {
                arm.setConfidence(answer.confidence().getAsDouble()).setConfidenceSource(source.word());
            }
            answer.entropy().ifPresent(arm::setEntropy);
            return outputs.judged(
                    arm,
                    answer.label(),
                    answer.spoken().toolCalls(),
                    answer.spoken().reply());
        } catch (TimeoutException e) {
            return failed(target, start, code(FrontierFailure.TIMEOUT));
        } catch (Fence.Crowded e) {
            return failed(target, start, Attempt.SHED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(target, start, Attempt.CANCELLED);
        } catch (Throwable e) {
            return failed(target, start, code(Attempt.MODEL_ERROR));
        }
    }

    /// What the router's model thinks of a request, if it says so as soon as a build must answer.
    Optional<RouterScore> score(Scorer scorer, Request request, OptionalLong untilNanos) {
        return scorer.score(request.text(), fence, limit(untilNanos));
    }

    private Optional<Duration> limit(OptionalLong untilNanos) {
        Optional<Duration> limit = policies.routing().edgeLimit();
        if (untilNanos.isEmpty()) {
            return limit;
        }
        Duration left = Duration.ofNanos(Math.max(0, untilNanos.getAsLong() - nanoTime.getAsLong()));
        return Optional.of(limit.filter(own -> own.compareTo(left) < 0).orElse(left));
    }

    private static boolean isSound(ModelAnswer answer) {
        boolean isEntropy = answer.entropy().isEmpty()
                || Double.isFinite(answer.entropy().getAsDouble())
                        && answer.entropy().getAsDouble() >= 0;
        return isEntropy
                && (answer.confidence().isEmpty() || isUnit(answer.confidence().getAsDouble()));
    }

    private static void speak(Arm.Builder arm, Spoken spoken) {
        spoken.tokensIn().ifPresent(arm::setTokensIn);
        spoken.tokensOut().ifPresent(arm::setTokensOut);
        spoken.firstTokenMicros().ifPresent(arm::setTimeToFirstTokenUs);
    }

    /// Whoever waited is gone: that the arm did not end says nothing of it.
    private static String code(String otherwise) {
        return Thread.currentThread().isInterrupted() ? Attempt.CANCELLED : otherwise;
    }

    private Attempt ask(Role role, Target.Frontier who, Asked asked) {
        Target target = new Target(role, who);
        Arm.Builder arm = named(target);
        long start = nanoTime.getAsLong();
        try {
            Outgoing outgoing = Outgoing.of(
                    asked.request(), asked.privacy(), policies.privacy().redactor());
            FrontierAnswer answer = frontier.ask(outgoing.request());
            arm.setLatencyUs(since(start));
            arm.setFrontier(Frontier.newBuilder()
                    .setProvider(answer.provider())
                    .setModel(clean(answer.model()))
                    .setSystemFingerprint(clean(answer.systemFingerprint())));
            speak(arm, answer.spoken());
            price(arm, who.name());
            answer.cost().ifPresent(arm::setCost);
            return outputs.judged(
                    arm,
                    outgoing.restore(answer.label()),
                    answer.spoken().toolCalls().map(outgoing::restoreJson),
                    outgoing.restore(answer.spoken().reply()));
        } catch (FrontierFailure e) {
            return new Attempt(failed(target, start, code(e.code())).arm(), e.reply(), "");
        } catch (Throwable e) {
            return failed(target, start, code(FrontierFailure.IO));
        }
    }

    /// Without what the arm may have said before it failed.
    private Attempt failed(Target target, long start, String errorCode) {
        return new Attempt(
                named(target).setLatencyUs(since(start)).setErrorCode(errorCode).build());
    }

    private Arm.Builder named(Target target) {
        Arm.Builder arm = Arm.newBuilder().setRole(target.role());
        return switch (target.who()) {
            case Target.Frontier who -> arm.setFrontier(Frontier.newBuilder().setProvider(who.name()));
            case Target.Build who ->
                arm.setEdge(EdgeBuild.newBuilder()
                        .setBuild(who.name())
                        .setArtifactSha256(shelf.artifacts().getOrDefault(who.name(), "")));
        };
    }

    private void price(Arm.Builder arm, String who) {
        Long nanos = workload.prices().get(who);
        if (nanos != null) {
            arm.setCost(Money.newBuilder()
                    .setNanos(nanos)
                    .setCurrency(workload.currency())
                    .setPriceCard(workload.priceCard()));
        }
    }

    private long since(long startNanos) {
        return Math.max(0, (nanoTime.getAsLong() - startNanos) / 1_000);
    }

    private static boolean isUnit(double value) {
        return value >= 0 && value <= 1;
    }

    /// What a frontier says of itself, cut to what a record may carry.
    static String clean(String said) {
        StringBuilder clean = new StringBuilder();
        for (int point : said.codePoints().limit(LONGEST_NAME).toArray()) {
            boolean isText = !Character.isISOControl(point) && Character.getType(point) != Character.SURROGATE;
            if (isText && clean.length() + Character.charCount(point) <= LONGEST_NAME) {
                clean.appendCodePoint(point);
            }
        }
        return clean.toString();
    }

    static boolean isLabel(String label) {
        return !label.isBlank()
                && label.length() <= LONGEST_LABEL
                && label.chars().noneMatch(character -> character < 0x20 || character == 0x7f);
    }

    @Override
    public void close() {
        fence.close();
    }
}
