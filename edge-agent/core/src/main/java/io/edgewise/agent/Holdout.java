// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.ByteString;
import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.agent.spool.Lane;
import io.edgewise.agent.spool.Spool;
import io.edgewise.agent.spool.Weight;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.HoldoutItem;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.ReferenceSet;
import io.edgewise.contracts.v1.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/// Lets the challenger's build answer a reference set, some examples at a time while the device is idle
/// or charging, once in a while. The answers are observations of kind HOLDOUT: never traffic, cost or
/// latency evidence.
final class Holdout {
    private static final int EXAMPLES_AT_ONCE = 50;
    private static final Duration EVERY = Duration.ofHours(24);
    private static final double ENOUGH_BATTERY = 0.5;

    private final AgentSettings settings;
    private final Arms arms;
    private final Spool spool;
    private final Desk.Surroundings surroundings;
    private final Events events;
    private Optional<References> references = Optional.empty();
    private HoldoutRuns runs;

    Holdout(
            AgentSettings settings,
            Arms arms,
            Spool spool,
            Desk.Surroundings surroundings,
            HoldoutRuns runs,
            Events events) {
        this.settings = settings;
        this.arms = arms;
        this.spool = spool;
        this.surroundings = surroundings;
        this.runs = runs;
        this.events = events;
    }

    synchronized void use(References given) {
        references = Optional.of(given);
    }

    /// Answers the next examples, if it is time and the device may.
    synchronized void step(String build) throws IOException {
        if (references.isEmpty() || build.isEmpty() || !arms.artifacts().containsKey(build)) {
            return;
        }
        DeviceState state = surroundings.extras().state().get();
        boolean mayRun = state.charging().orElse(false) || state.idle() && !state.isBelow(ENOUGH_BATTERY);
        if (!mayRun || state.isHot()) {
            return;
        }
        References given = references.get();
        if (!begin(build, given)) {
            return;
        }
        int end = Math.min(given.set().getExamplesCount(), runs.next() + EXAMPLES_AT_ONCE);
        while (runs.next() < end) {
            runs = runs.answered(answer(build, given, given.set().getExamples(runs.next()), state));
        }
        runs.save(settings.folder());
        if (runs.next() == given.set().getExamplesCount()) {
            events.tell(
                    "holdout",
                    "run " + runs.run() + " of " + given.set().getName() + ": " + build + " answered " + runs.correct()
                            + " of " + runs.next() + " as they should be");
        }
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

    private boolean answer(String build, References given, ReferenceSet.Example example, DeviceState state) {
        Moment now = surroundings.now().get();
        Request request = new Request("", example.getText(), Terms.DEFAULT, Optional.empty());
        Attempt attempt = arms.run(
                new Target(Role.ROLE_CHALLENGER, new Target.Build(build)),
                new Arms.Asked(request, PrivacyClass.ON_DEVICE, state, OptionalLong.empty()),
                true);
        Arm arm = attempt.arm();
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
                .addArms(arm)
                .setHoldout(item)
                .build();
        CompletableFuture<Long> _ = spool.append(Lane.OBSERVATIONS, Weight.SHADOW_PAIR, observation.toByteArray());
        return isCorrect;
    }
}
