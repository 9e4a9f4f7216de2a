// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A device that has seen the roll-back, and whose frontier is away: a build that was found harmful does not answer
/// instead.
final class AfterRollBackTest {
    @TempDir
    Path folder = Path.of("");

    private final World world = new World();
    private final AtomicInteger asked = new AtomicInteger();

    @AfterEach
    void end() {
        world.close();
    }

    private static Signed canary() {
        return Fixture.sign(Fixture.directive(Mode.MODE_CANARY, 7).setShareBp(10_000));
    }

    private static Signed back() {
        return Fixture.sign(Fixture.directive(Mode.MODE_CHAMPION_ONLY, 8));
    }

    private EdgeAgent open() {
        return EdgeAgent.open(Fixture.settings(folder), world.ports());
    }

    private void assertNobodyAnswers(EdgeAgent agent) {
        int before = asked.get();
        world.frontierFailure = FrontierFailure.UNREACHABLE;
        for (int i = 0; i < 50; i++) {
            Answer answer = agent.serve(new Request("user-" + i, "hi"));
            assertThat(answer.failure())
                    .hasValueSatisfying(why -> assertThat(why).contains("champion:unreachable"));
            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_UNSPECIFIED);
        }
        assertThat(asked).as("the challenger is not even asked").hasValue(before);
        world.frontierFailure = "";
        assertThat(agent.serve(new Request("user-1", "hi")).servedBy()).isEqualTo(Role.ROLE_CHAMPION);
    }

    @Test
    void theChallengerAnswersNobodyHoweverLongTheFrontierIsAwayAndOverRestarts() {
        world.edge = () -> {
            asked.incrementAndGet();
            return World.answer("yes");
        };
        world.order(canary());
        try (EdgeAgent agent = open()) {
            Await.until("it obeys", () -> agent.snapshot().revision() == 7);
            assertThat(agent.serve(new Request("user-1", "hi")).servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            world.order(back());
            Await.until("it saw the roll-back", () -> agent.snapshot().revision() == 8);

            assertNobodyAnswers(agent);
            agent.drain(Duration.ofSeconds(20));
        }
        world.order(canary());
        try (EdgeAgent agent = open()) {
            Await.until(
                    "the old order is refused", () -> agent.snapshot().refused().containsKey("revision-below-floor"));

            assertNobodyAnswers(agent);
            agent.drain(Duration.ofSeconds(20));
        }
        assertThat(world.observations).extracting(Observation::getOffline).contains(true, false);
    }
}
