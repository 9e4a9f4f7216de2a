// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ToldFirstTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Request REQUEST = new Request("user-1", "what is this");

    @TempDir
    Path folder = Path.of("");

    private final World world = new World();

    @BeforeEach
    void everyRequestIsPaired() {
        world.order(Fixture.sign(Fixture.directive(Mode.MODE_SHADOW, 7)));
    }

    @AfterEach
    void end() {
        world.close();
    }

    private EdgeAgent open() {
        EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder), world.ports());
        Await.until("it obeys", () -> agent.snapshot().revision() == 7);
        return agent;
    }

    @Test
    void theAppIsToldBeforeAnythingIsRecordedOrMirrored() {
        CountDownLatch asked = new CountDownLatch(1);
        world.edge = () -> {
            asked.countDown();
            return World.answer("yes");
        };
        try (EdgeAgent agent = open()) {
            Answer answer = agent.serve(REQUEST, told -> {
                assertThat(told.label()).isEqualTo("yes");
                assertThat(asked.getCount()).as("the other arm was not asked").isEqualTo(1);
                assertThat(agent.snapshot().lastSeq()).isZero();
            });
            agent.drain(LONG);

            assertThat(answer.failure()).isEmpty();
            assertThat(asked.getCount()).isZero();
            assertThat(world.observations)
                    .extracting(Observation::hasComparison)
                    .containsExactly(true);
        }
    }

    @Test
    void feedbackThatComesAtOnceHasWhatTheMirrorFindsLater() throws Exception {
        try (EdgeAgent agent = open()) {
            CompletableFuture<Receipt> receipt = new CompletableFuture<>();
            CountDownLatch given = new CountDownLatch(1);
            Answer _ = agent.serve(REQUEST, told -> {
                Thread _ = Thread.ofVirtual().start(() -> {
                    given.countDown();
                    receipt.complete(agent.feedback(told.feedbackToken(), new Opinion.Truth("yes")));
                });
                waitFor(given);
            });
            assertThat(receipt.get(LONG.toSeconds(), TimeUnit.SECONDS)).isEqualTo(Receipt.RECORDED);
            agent.drain(LONG);

            FeedbackToken token =
                    FeedbackToken.parseFrom(world.feedback.getFirst().getToken());
            assertThat(FeedbackContext.parseFrom(token.getContext()).getArmsList())
                    .extracting(arm -> arm.getRole())
                    .containsExactly(Role.ROLE_CHAMPION, Role.ROLE_CHALLENGER);
        }
    }

    @Test
    void anAppThatCannotBeToldIsRecordedAllTheSame() {
        try (EdgeAgent agent = open()) {
            assertThatThrownBy(() -> agent.serve(REQUEST, _ -> {
                        throw new IllegalStateException("the app is gone");
                    }))
                    .hasMessage("the app is gone");
            agent.drain(LONG);

            assertThat(world.observations).hasSize(1);
        }
    }

    @Test
    void anAgentThatEndsWaitsForWhatItHasYetToRemember() throws Exception {
        EdgeAgent agent = open();
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Thread request = Thread.ofVirtual().start(() -> {
            Answer _ = agent.serve(REQUEST, _ -> {
                telling.countDown();
                waitFor(told);
            });
        });
        telling.await();
        Thread end = Thread.ofPlatform().start(agent::close);
        Await.until("its end waits", () -> end.getState() == Thread.State.TIMED_WAITING);
        told.countDown();
        end.join();
        request.join();

        try (EdgeAgent again = EdgeAgent.open(Fixture.settings(folder), world.ports())) {
            again.drain(LONG);
        }
        assertThat(world.observations).hasSize(1);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
