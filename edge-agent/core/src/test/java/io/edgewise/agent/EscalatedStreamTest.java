// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.Hybrid;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A streamed request whose edge answered whole, and not well enough: the champion streams instead.
final class EscalatedStreamTest {
    @TempDir
    private Path folder = Path.of("");

    private final World world = new World();
    private final List<String> heard = new ArrayList<>();

    @BeforeEach
    void theEdgeDoubts() {
        world.speak = request -> new ModelAnswer("no", 0.4, 0.2, List.of(new ModelAnswer.Candidate("no", 0.4)));
    }

    @AfterEach
    void everythingSentIsValid() {
        world.close();
        for (Observation observation : world.observations) {
            assertThat(ObservationFaults.of(observation, world.wallMs.get()))
                    .extracting(Fault::reason)
                    .isEmpty();
        }
    }

    private EdgeAgent open() {
        world.order(Fixture.sign(Fixture.directive(Mode.MODE_APPROVED, 5)
                .setPairingCanaryBp(0)
                .setHybrid(Hybrid.newBuilder().setEdgeShareBp(10_000).setConfidence(0.5))));
        EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder), world.ports());
        Await.until("orders", () -> agent.snapshot().revision() > 0);
        return agent;
    }

    private Answer ask(EdgeAgent agent) {
        Relay app = new Relay() {
            @Override
            public void begin(Served by) {
                heard.add(by.role() + " " + by.who() + " " + by.reason() + " "
                        + by.observationId().length());
            }

            @Override
            public void write(byte[] bytes) {
                heard.add(new String(bytes, StandardCharsets.UTF_8));
            }
        };
        Chat chat = new Chat(
                "/v1/chat/completions",
                "{}".getBytes(StandardCharsets.UTF_8),
                true,
                Optional.empty(),
                Optional.of(app));
        return agent.serve(new Request("user-1", "hi", Terms.GRANTED, Optional.of(chat)));
    }

    private static void say(Request request, String words) throws FrontierFailure {
        try {
            request.chat().orElseThrow().relay().orElseThrow().write(words.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new FrontierFailure(FrontierFailure.IO, "the app went away", e);
        }
    }

    @Test
    void saysThatTheChampionAnswersAndWhy() {
        world.voice = request -> {
            say(request, "a");
            say(request, "b");
            return new FrontierAnswer("yes", "cloud", "frontier-1", "", OptionalLong.of(9), OptionalLong.of(2));
        };
        try (EdgeAgent agent = open()) {
            Answer answer = ask(agent);

            assertThat(heard).containsExactly("ROLE_CHAMPION cloud escalated:low-confidence 32", "a", "b");
            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            assertThat(answer.failure()).isEmpty();
        }
    }

    @Test
    void thatBreaksOffIsNobodysAnswer() {
        world.voice = request -> {
            say(request, "a");
            throw new FrontierFailure(FrontierFailure.IO, "broke off");
        };
        try (EdgeAgent agent = open()) {
            Answer answer = ask(agent);
            agent.drain(Duration.ofSeconds(20));

            assertThat(heard).hasSize(2);
            assertThat(answer.failure()).hasValue("no model could answer: champion:io");
            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_UNSPECIFIED);
            Observation observation = world.observations.getLast();
            assertThat(observation.getServed()).isEqualTo(Role.ROLE_UNSPECIFIED);
            assertThat(observation.getArmsList())
                    .extracting(arm -> arm.getErrorCode())
                    .containsExactly("", "io");
        }
    }

    @Test
    void thatNeverBeginsLeavesTheEdgesAnswer() {
        world.voice = request -> {
            throw new FrontierFailure(FrontierFailure.IO, "broke off");
        };
        try (EdgeAgent agent = open()) {
            Answer answer = ask(agent);

            assertThat(heard).isEmpty();
            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            assertThat(answer.label()).isEqualTo("no");
        }
    }
}
