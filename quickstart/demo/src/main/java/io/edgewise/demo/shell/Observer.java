// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.demo.CountedObservations;
import io.edgewise.demo.FleetFigures;
import io.edgewise.demo.LiveState;
import io.edgewise.demo.RolloutState;
import io.edgewise.demo.Scenario;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Looks at the fleet and at what the server says, and keeps the last of it while the server is away.
final class Observer {
    private static final Duration RATE_WINDOW = Duration.ofSeconds(6);
    private static final int SLOW_LOOKS = 3;

    private final Scene scene;
    private final InstantSource clock;
    private final Instant begun;
    private final CountedObservations countedBefore;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private RolloutState rollout;
    private CohortReader.Both cohorts = CohortReader.Both.NONE;
    private CountedObservations counted = CountedObservations.NOTHING;
    private String note = "";
    private int looks;

    /// What there is to look at.
    record Scene(
            Scenario scenario,
            Operator operator,
            CohortReader database,
            Fleet fleet,
            LoadGenerator load,
            String console) {}

    private record Sent(Instant at, long requests) {}

    Observer(Scene scene, InstantSource clock, RolloutState rollout, CountedObservations countedBefore) {
        this.scene = scene;
        this.clock = clock;
        this.begun = clock.instant();
        this.rollout = rollout;
        this.countedBefore = countedBefore;
    }

    LiveState look() {
        note = "";
        try {
            rollout = scene.operator().rollout(rollout.id());
            if (looks % SLOW_LOOKS == 0) {
                counted = counted();
                cohorts = scene.database().read(Cast.TENANT, rollout.id());
            }
        } catch (IOException e) {
            note = "the server does not answer; devices go on and keep their observations";
        } catch (SQLException e) {
            note = "the database does not answer: " + e.getMessage();
        }
        looks++;
        return new LiveState(
                scene.scenario(),
                clock.instant(),
                begun,
                requestsPerSecond(),
                Optional.of(rollout),
                cohorts.control(),
                cohorts.canary(),
                fleet(),
                counted,
                scene.console(),
                note);
    }

    RolloutState rollout() {
        return rollout;
    }

    Instant begun() {
        return begun;
    }

    String console() {
        return scene.console();
    }

    /// Since the demo began.
    CountedObservations counted() throws IOException {
        return scene.operator().counted().since(countedBefore);
    }

    FleetFigures fleet() {
        Fleet.Spools spools = scene.fleet().spools();
        return new FleetFigures(
                scene.load().requests(),
                scene.load().failed(),
                scene.load().skipped(),
                scene.load().truths(),
                spools.recorded(),
                spools.feedback(),
                spools.depth(),
                spools.unrecorded());
    }

    /// Over the last few seconds.
    double requestsPerSecond() {
        Instant now = clock.instant();
        sent.addLast(new Sent(now, scene.load().requests()));
        while (sent.size() > 2 && Duration.between(sent.getFirst().at(), now).compareTo(RATE_WINDOW) > 0) {
            sent.removeFirst();
        }
        long millis = Duration.between(sent.getFirst().at(), now).toMillis();
        long requests = sent.getLast().requests() - sent.getFirst().requests();
        return millis == 0 ? 0 : requests * 1_000.0 / millis;
    }
}
