// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Deadlines, hedging and cancellation around a model that hangs.
@Timeout(120)
final class WalkTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder = Path.of("");

    private final World world = new World();
    /// What waits for it hangs, as native code does: no interrupt helps.
    private final Semaphore released = new Semaphore(0);

    @AfterEach
    void release() {
        released.release(100);
        world.close();
    }

    private EdgeAgent open(Policies.Routing routing) {
        Policies policies = new Policies(
                Policies.DEFAULT.privacy(), routing, Policies.DEFAULT.mirroring(), Policies.DEFAULT.breaker());
        world.order(Fixture.sign(Fixture.directive(Mode.MODE_APPROVED, 5).setPairingCanaryBp(0)));
        EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder, policies), world.ports());
        Await.until("orders", () -> agent.snapshot().revision() > 0);
        return agent;
    }

    private static Policies.Routing routing(Optional<Duration> limit, Optional<Duration> hedge) {
        return new Policies.Routing(Optional.empty(), limit, hedge, 0, OptionalLong.empty());
    }

    private void hang() {
        world.edge = () -> {
            released.acquireUninterruptibly();
            return World.answer("no");
        };
    }

    private Observation last(EdgeAgent agent) {
        agent.drain(LONG);
        return world.observations.getLast();
    }

    @Test
    void givesUpAModelThatHangsAndFallsBack() {
        try (EdgeAgent agent = open(routing(Optional.of(Duration.ofMillis(50)), Optional.empty()))) {
            hang();
            Answer answer = agent.serve(new Request("user-1", "hi"));

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            Observation observation = last(agent);
            assertThat(observation.getFallbackReason()).isEqualTo("challenger:timeout");
        }
    }

    @Test
    void givesUpAModelThatHangsAlsoInTheWordsOfAnApp() {
        Chat chat = new Chat(
                "/v1/chat/completions",
                "{}".getBytes(StandardCharsets.UTF_8),
                false,
                Optional.empty(),
                Optional.empty());
        try (EdgeAgent agent = open(routing(Optional.of(Duration.ofMillis(50)), Optional.empty()))) {
            hang();
            Answer answer = agent.serve(new Request("user-1", "hi", Terms.GRANTED, Optional.of(chat)));

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            assertThat(answer.details().reason()).isEqualTo("challenger:timeout");
        }
    }

    @Test
    void manyRequestsAtOnceAreNoFailuresOfTheBuild() throws Exception {
        int apps = 3 * Fence.MOST;
        try (EdgeAgent agent = open(Policies.Routing.DEFAULT);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Semaphore begun = new Semaphore(0);
            world.edge = () -> {
                begun.release();
                released.acquireUninterruptibly();
                return World.answer("yes");
            };
            Request request =
                    new Request("user-1", "hi", Terms.GRANTED.within(Duration.ofMinutes(1)), Optional.empty());
            List<Future<Answer>> asked = new ArrayList<>();
            for (int i = 0; i < apps; i++) {
                asked.add(threads.submit(() -> agent.serve(request)));
            }
            begun.acquire(Fence.MOST);
            released.release(apps);

            for (Future<Answer> each : asked) {
                assertThat(each.get().servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            }
            assertThat(agent.snapshot().breaker()).isEqualTo("closed");
        }
    }

    @Test
    void whatFindsNoPlaceInTimeWasShedWhichSaysNothingOfTheBuild() throws Exception {
        try (EdgeAgent agent = open(Policies.Routing.DEFAULT);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Semaphore begun = new Semaphore(0);
            world.edge = () -> {
                begun.release();
                released.acquireUninterruptibly();
                return World.answer("yes");
            };
            Terms patient = Terms.GRANTED.within(Duration.ofMinutes(1));
            for (int i = 0; i < Fence.MOST; i++) {
                var _ = threads.submit(() -> agent.serve(new Request("user-1", "hi", patient, Optional.empty())));
            }
            begun.acquire(Fence.MOST);
            Terms hasty = Terms.GRANTED.within(Duration.ofMillis(1));
            for (int i = 0; i < 6; i++) {
                Answer answer = agent.serve(new Request("user-1", "hi", hasty, Optional.empty()));
                assertThat(answer.details().reason()).isEqualTo("challenger:shed");
            }

            assertThat(agent.snapshot().breaker()).isEqualTo("closed");
            released.release(100);
        }
    }

    @Test
    void opensTheBreakerForAModelThatHangs() {
        try (EdgeAgent agent = open(routing(Optional.of(Duration.ofMillis(10)), Optional.empty()))) {
            hang();
            for (int i = 0; i < 6; i++) {
                assertThat(agent.serve(new Request("user-1", "hi")).servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            }

            assertThat(agent.snapshot().breaker()).isEqualTo("open");
        }
    }

    @Test
    void answersWithinItsDeadline() {
        try (EdgeAgent agent = open(Policies.Routing.DEFAULT)) {
            hang();
            Answer answer = agent.serve(
                    new Request("user-1", "hi", Terms.GRANTED.within(Duration.ofMillis(50)), Optional.empty()));

            assertThat(answer.details().reason() + answer.failure().orElse("")).contains("challenger:timeout");
        }
    }

    @Test
    void asksTheNextBesideOneThatTakesLong() {
        try (EdgeAgent agent = open(routing(Optional.empty(), Optional.of(Duration.ofMillis(20))))) {
            hang();
            Answer answer = agent.serve(new Request("user-1", "hi"));

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            assertThat(answer.details().reason()).isEqualTo("hedged");
            Observation observation = last(agent);
            assertThat(observation.getArms(0).getErrorCode()).isEqualTo("cancelled");
            assertThat(observation.getArmsCount()).isEqualTo(2);
        }
    }

    @Test
    void hedgesNothingThatAnswersInTime() {
        try (EdgeAgent agent = open(routing(Optional.empty(), Optional.of(Duration.ofSeconds(30))))) {
            Answer answer = agent.serve(new Request("user-1", "hi"));

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            assertThat(world.askedTexts).isEmpty();
            world.edge = () -> {
                throw new IllegalStateException("broken model");
            };
            assertThat(agent.serve(new Request("user-1", "hi")).servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            assertThat(last(agent).getFallbackReason()).isEqualTo("challenger:model_error");
        }
    }

    @Test
    void asksNobodyElseWhenTheAppWentAway() throws InterruptedException {
        try (EdgeAgent agent = open(routing(Optional.of(Duration.ofMinutes(1)), Optional.empty()))) {
            CountDownLatch asked = new CountDownLatch(1);
            world.edge = () -> {
                asked.countDown();
                released.acquireUninterruptibly();
                return World.answer("no");
            };
            Thread app = Thread.ofVirtual().start(() -> agent.serve(new Request("user-1", "hi")));
            asked.await();
            app.interrupt();
            app.join();

            Observation observation = last(agent);
            assertThat(observation.getArmsList())
                    .extracting(arm -> arm.getErrorCode())
                    .containsExactly("cancelled");
            assertThat(world.askedTexts).isEmpty();
            assertThat(agent.snapshot().breaker()).isEqualTo("closed");
        }
    }
}
