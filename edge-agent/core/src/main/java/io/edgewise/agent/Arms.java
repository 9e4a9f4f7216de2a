// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.EdgeBuild;
import io.edgewise.contracts.v1.Frontier;
import io.edgewise.contracts.v1.LabelProbability;
import io.edgewise.contracts.v1.Money;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// Runs single arms: times them, fences their failures, judges their output, prices them. Never throws.
final class Arms {
    private static final String LABEL_SET = "label-set/1";
    private static final String EDGE_PRICE = "edge";
    private static final int LONGEST_LABEL = 256;
    private static final int LONGEST_NAME = 128;

    private final Workload workload;
    private final Map<String, EdgeModel> builds;
    private final Map<String, String> artifacts;
    private final FrontierClient frontier;
    private final LongSupplier nanoTime;
    private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();

    Arms(Workload workload, Map<String, EdgeModel> builds, FrontierClient frontier, LongSupplier nanoTime) {
        this.workload = workload;
        this.builds = builds;
        // Asked once, here: a model that throws later must not throw outside the fence.
        this.artifacts = builds.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, build -> build.getValue().artifactSha256()));
        this.frontier = frontier;
        this.nanoTime = nanoTime;
    }

    /// An open breaker refuses a challenger, unless nobody else is left to answer.
    Attempt run(Target target, Request request, boolean isLastResort) {
        return switch (target.who()) {
            case Target.Frontier who -> ask(target.role(), who, request);
            case Target.Build who ->
                target.role() == Role.ROLE_CHALLENGER
                        ? guarded(who, request, isLastResort)
                        : infer(target.role(), who, request);
        };
    }

    /// The arm of a mirror that was not run.
    Attempt notRun(Target target, String errorCode) {
        return new Attempt(named(target).setErrorCode(errorCode).build());
    }

    Breaker.State breaker(String build) {
        Breaker breaker = breakers.get(build);
        return breaker == null ? Breaker.State.CLOSED : breaker.state();
    }

    private Attempt guarded(Target.Build who, Request request, boolean isLastResort) {
        Breaker breaker = breakers.computeIfAbsent(who.name(), build -> new Breaker(Breaker.Settings.DEFAULT));
        boolean isAdmitted = breaker.admit(nanoTime.getAsLong());
        if (!isAdmitted && !isLastResort) {
            return notRun(new Target(Role.ROLE_CHALLENGER, who), Attempt.BREAKER_OPEN);
        }
        Attempt attempt = infer(Role.ROLE_CHALLENGER, who, request);
        if (isAdmitted) {
            report(breaker, attempt);
        }
        return attempt;
    }

    private void report(Breaker breaker, Attempt attempt) {
        if (attempt.answered()) {
            breaker.succeeded();
        } else if (attempt.cancelled()) {
            breaker.abandoned();
        } else {
            breaker.failed(nanoTime.getAsLong());
        }
    }

    private Attempt infer(Role role, Target.Build who, Request request) {
        Target target = new Target(role, who);
        Arm.Builder arm = named(target);
        EdgeModel model = builds.get(who.name());
        if (model == null) {
            return new Attempt(arm.setErrorCode(Attempt.MODEL_ERROR).build());
        }
        long start = nanoTime.getAsLong();
        try {
            ModelAnswer answer = model.infer(request);
            arm.setLatencyUs(since(start));
            if (!isSound(answer)) {
                return new Attempt(arm.setErrorCode(Attempt.INVALID_OUTPUT).build());
            }
            price(arm, EDGE_PRICE);
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
            return new Attempt(labelled(arm, answer.label()), answer.spoken().reply());
        } catch (Throwable e) {
            return failed(target, start, code(Attempt.MODEL_ERROR));
        }
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

    private Attempt ask(Role role, Target.Frontier who, Request request) {
        Target target = new Target(role, who);
        Arm.Builder arm = named(target);
        long start = nanoTime.getAsLong();
        try {
            FrontierAnswer answer = frontier.ask(request);
            arm.setLatencyUs(since(start));
            arm.setFrontier(Frontier.newBuilder()
                    .setProvider(answer.provider())
                    .setModel(clean(answer.model()))
                    .setSystemFingerprint(clean(answer.systemFingerprint())));
            speak(arm, answer.spoken());
            price(arm, who.name());
            return new Attempt(labelled(arm, answer.label()), answer.spoken().reply());
        } catch (FrontierFailure e) {
            return new Attempt(failed(target, start, code(e.code())).arm(), e.reply());
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
                        .setArtifactSha256(artifacts.getOrDefault(who.name(), "")));
        };
    }

    /// An output that is not a label of the workload is a failure; what it was stays on the device.
    private Arm labelled(Arm.Builder arm, String label) {
        boolean isValid = isLabel(label)
                && (workload.labels().isEmpty() || workload.labels().contains(label));
        arm.setSchemaValid(isValid);
        if (!isValid) {
            return arm.setErrorCode(Attempt.INVALID_OUTPUT).clearTop().build();
        }
        return arm.setLabel(label)
                .setOutputLength(label.length())
                .setRefusal(
                        workload.refusalLabels().contains(label) ? Refusal.REFUSAL_REFUSED : Refusal.REFUSAL_ANSWERED)
                .setRefusalDefinition(LABEL_SET)
                .build();
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
}
