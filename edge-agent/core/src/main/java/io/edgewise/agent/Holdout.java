// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.ByteString;
import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.agent.spool.Lane;
import io.edgewise.agent.spool.Spool;
import io.edgewise.agent.spool.Weight;
import io.edgewise.contracts.v1.HoldoutItem;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.ReferenceSet;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// Lets a build answer a reference set, some examples at a time while the device is idle or charging, once in a while.
/// The answers are observations of kind HOLDOUT: never traffic, cost or latency evidence. It works on a thread of its
/// own, so that a model that hangs holds up nothing else; what it has answered counts when it is recorded durably.
final class Holdout implements AutoCloseable {
    private static final int EXAMPLES_AT_ONCE = 50;
    private static final Duration LONGEST_STEP = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final Duration EVERY = Duration.ofHours(24);
    private static final double ENOUGH_BATTERY = 0.5;
    private static final long PATIENCE_SECONDS = 2;

    private final AgentSettings settings;
    private final Parts parts;
    private final Desk.Surroundings surroundings;
    private final ExecutorService own = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("edgewise-holdout").factory());
    private final AtomicBoolean isAtWork = new AtomicBoolean();
    private volatile boolean isOver;
    private volatile Optional<References> references = Optional.empty();
    private HoldoutRuns runs;

    /// What it works with.
    ///
    /// @param quiet how long no request has come
    record Parts(Arms arms, Spool spool, Supplier<Duration> quiet, Events events) {}

    Holdout(AgentSettings settings, Parts parts, Desk.Surroundings surroundings, HoldoutRuns runs) {
        this.settings = settings;
        this.parts = parts;
        this.surroundings = surroundings;
        this.runs = runs;
    }

    void use(References given) {
        references = Optional.of(given);
    }

    /// Goes on with the set, unless it is at it.
    void wake(Supplier<String> build) {
        if (references.isEmpty() || isOver || !isAtWork.compareAndSet(false, true)) {
            return;
        }
        own.execute(() -> {
            try {
                step(build.get());
            } catch (IOException | RuntimeException e) {
                System.getLogger(Holdout.class.getName())
                        .log(System.Logger.Level.WARNING, "the reference set could not be answered", e);
            } finally {
                isAtWork.set(false);
            }
        });
    }

    /// Answers the next examples, if it is time and the device may.
    synchronized void step(String build) throws IOException {
        if (references.isEmpty() || build.isEmpty() || !mayGoOn(build)) {
            return;
        }
        References given = references.get();
        if (!begin(build, given)) {
            return;
        }
        long began = surroundings.now().get().nanos();
        int end = Math.min(given.set().getExamplesCount(), runs.next() + EXAMPLES_AT_ONCE);
        while (runs.next() < end
                && mayGoOn(build)
                && surroundings.now().get().nanos() - began < LONGEST_STEP.toNanos()) {
            Optional<Boolean> right = answer(build, given, given.set().getExamples(runs.next()));
            if (right.isEmpty()) {
                return;
            }
            runs = runs.answered(right.get());
            runs.save(settings.folder());
        }
        if (runs.next() == given.set().getExamplesCount()) {
            parts.events()
                    .tell(
                            "holdout",
                            "run " + runs.run() + " of " + given.set().getName() + ": " + build + " answered "
                                    + runs.correct() + " of " + runs.next() + " as they should be");
        }
    }

    private boolean mayGoOn(String build) {
        DeviceState state = surroundings.extras().state().get();
        boolean isIdle = state.idle() && parts.quiet().get().compareTo(QUIET) >= 0;
        boolean mayRun = state.charging().orElse(false) || isIdle && !state.isBelow(ENOUGH_BATTERY);
        return mayRun && !state.isHot() && !isOver && parts.arms().artifacts().containsKey(build);
    }

    /// Whether a run is under way, or it is time for one.
    private boolean begin(String build, References given) {
        long now = surroundings.now().get().wallMs();
        boolean isSame = runs.isOf(build, given.sha256());
        if (isSame && runs.next() < given.set().getExamplesCount()) {
            return true;
        }
        // A clock that went back must not keep it from running for ever.
        boolean isEarly = isSame && now >= runs.sinceMs() && now - runs.sinceMs() < EVERY.toMillis();
        if (isEarly) {
            return false;
        }
        runs = new HoldoutRuns(build, given.sha256(), isSame ? runs.run() + 1 : 1, 0, 0, now);
        return true;
    }

    /// Whether it was right; empty where nothing was recorded, and the example is to be asked again.
    private Optional<Boolean> answer(String build, References given, ReferenceSet.Example example) {
        Moment now = surroundings.now().get();
        Request request = new Request("", example.getText(), Terms.DEFAULT, Optional.empty());
        Attempt attempt = parts.arms()
                .examine(
                        build,
                        new Arms.Asked(
                                request,
                                PrivacyClass.ON_DEVICE,
                                surroundings.extras().state().get(),
                                OptionalLong.empty()));
        // What failed because the agent ends or the build has gone says nothing of the build.
        if (isOver || attempt.cancelled() || !parts.arms().artifacts().containsKey(build)) {
            return Optional.empty();
        }
        boolean isCorrect = attempt.answered() && attempt.text().equals(example.getTruthLabel());
        HoldoutItem.Builder item = HoldoutItem.newBuilder()
                .setReference(given.set().getName())
                .setReferenceSha256(given.sha256())
                .setItem(example.getItem())
                .setTruthLabel(example.getTruthLabel())
                .setRun(runs.run())
                .setItems(given.set().getExamplesCount());
        if (attempt.answered()) {
            item.setCorrect(isCorrect);
        }
        Observation observation = Observation.newBuilder()
                .setKind(ObservationKind.OBSERVATION_KIND_HOLDOUT)
                .setId(ByteString.copyFrom(surroundings.dice().nextId()))
                .setEventTimeMs(now.wallMs())
                .setMonotonicUs(now.nanos() / 1_000)
                .setWorkload(settings.workload().name())
                .setWorkloadVersion(settings.workload().version())
                .setContext(settings.context())
                .putAllSlices(settings.slices())
                .addArms(attempt.arm())
                .setHoldout(item)
                .build();
        return isRecorded(observation) ? Optional.of(isCorrect) : Optional.empty();
    }

    private boolean isRecorded(Observation observation) {
        try {
            long _ = parts.spool()
                    .append(Lane.OBSERVATIONS, Weight.SHADOW_PAIR, observation.toByteArray())
                    .get();
            return true;
        } catch (ExecutionException e) {
            System.getLogger(Holdout.class.getName())
                    .log(System.Logger.Level.WARNING, "an answer to the reference set could not be recorded", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// What is being answered is not recorded; the next start asks it again.
    @Override
    public void close() {
        isOver = true;
        own.shutdownNow();
        try {
            boolean _ = own.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
