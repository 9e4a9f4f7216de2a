// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Thumb;
import io.edgewise.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests in an app's own words, with consent and a deadline.
class ChatTermsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    private final World world = new World();

    @AfterEach
    void end() {
        world.close();
    }

    private EdgeAgent open(Directive.Mode mode) {
        world.endsInTime = true;
        EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder), world.ports());
        world.order(Fixture.sign(Fixture.directive(mode, 3).setShareBp(10_000)));
        Await.until("the agent obeys", () -> agent.snapshot().revision() == 3);
        return agent;
    }

    /// What an app hears of a stream.
    private static final class App implements Relay {
        private final List<String> heard = new ArrayList<>();

        @Override
        public void begin(Served by) {
            heard.add(by.role() + " " + by.who() + " " + by.reason());
        }

        @Override
        public void write(byte[] bytes) {
            heard.add(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static Request request(Terms terms, App app) {
        Chat chat = new Chat(
                "/v1/chat/completions",
                "{}".getBytes(StandardCharsets.UTF_8),
                true,
                Optional.empty(),
                Optional.of(app));
        return new Request("user-1", "hi", terms, Optional.of(chat));
    }

    private static ModelAnswer spoken(Request request, String... words) {
        try {
            for (String word : words) {
                request.chat().orElseThrow().relay().orElseThrow().write(word.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new ModelAnswer(
                "yes",
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                List.of(),
                new Spoken(OptionalLong.of(5), OptionalLong.of(2), OptionalLong.of(700), Optional.empty()));
    }

    @Test
    void aStreamSaysWhoAnswersBeforeItsFirstBytesAndKeepsItsTimeToFirstToken() {
        App app = new App();
        world.speak = request -> spoken(request, "a", "b");
        try (EdgeAgent agent = open(Directive.Mode.MODE_APPROVED)) {
            Answer answer = agent.serve(request(Terms.DEFAULT, app));
            agent.drain(LONG);

            assertThat(app.heard).containsExactly("ROLE_CHALLENGER edge-1 ", "a", "b");
            assertThat(answer.details().who()).isEqualTo("edge-1");
            assertThat(answer.confidence()).isEmpty();
            var observation = world.observations.getFirst();
            assertThat(observation.getServedTimeToFirstTokenUs()).isEqualTo(700);
            assertThat(observation.getArms(0).getTokensOut()).isEqualTo(2);
            assertThat(observation.getArms(0).hasConfidence()).isFalse();
        }
    }

    @Test
    void afterTheFirstBytesNoOtherArmAnswers() {
        App app = new App();
        world.speak = request -> {
            spoken(request, "a");
            throw new IllegalStateException("broke off");
        };
        try (EdgeAgent agent = open(Directive.Mode.MODE_APPROVED)) {
            Answer answer = agent.serve(request(Terms.DEFAULT, app));
            agent.drain(LONG);

            assertThat(answer.failure()).hasValue("no model could answer: challenger:model_error");
            assertThat(world.observations.getFirst().getArmsList()).hasSize(1);
        }
    }

    @Test
    void beforeTheFirstBytesTheFrontierAnswersAndTheReasonIsSaid() {
        App app = new App();
        world.speak = request -> {
            throw new IllegalStateException("not up");
        };
        try (EdgeAgent agent = open(Directive.Mode.MODE_APPROVED)) {
            Answer answer = agent.serve(request(Terms.DEFAULT, app));

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            assertThat(answer.details().reason()).isEqualTo("challenger:model_error");
            assertThat(answer.details().who()).isEqualTo("cloud");
        }
    }

    @Test
    void withoutConsentThereIsNoMirrorAndWithNoneNoRecord() {
        try (EdgeAgent agent = open(Directive.Mode.MODE_SHADOW)) {
            for (Consent consent : List.of(Consent.NONE, Consent.TELEMETRY_ONLY, Consent.GRANTED)) {
                Answer answer = agent.serve(new Request("user-1", "hi", Terms.DEFAULT.with(consent), Optional.empty()));
                agent.drain(LONG);
                assertThat(answer.label()).isEqualTo("yes");
                assertThat(answer.observationId().isEmpty()).isEqualTo(consent == Consent.NONE);
                assertThat(answer.feedbackToken().isEmpty()).isEqualTo(consent == Consent.NONE);
            }

            assertThat(world.observations).hasSize(2);
            assertThat(world.observations.getFirst().getArmsList()).hasSize(1);
            assertThat(world.observations.getFirst().getPairingSelected()).isFalse();
            assertThat(world.observations.getFirst().getPairingRateBp()).isZero();
            assertThat(world.observations.getLast().getArmsList()).hasSize(2);
        }
    }

    @Test
    void whatItsAppLeftIsCancelledAndNobodyElseIsAsked() {
        world.speak = request -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        };
        try (EdgeAgent agent = open(Directive.Mode.MODE_APPROVED)) {
            Answer answer = agent.serve(request(Terms.DEFAULT.within(LONG), new App()));
            boolean _ = Thread.interrupted();
            agent.drain(LONG);

            assertThat(answer.failure()).hasValue("no model could answer: challenger:cancelled");
            assertThat(world.observations.getFirst().getArms(0).getErrorCode()).isEqualTo("cancelled");
        }
    }

    @Test
    void whatPassedItsDeadlineWasTooSlow() {
        world.speak = request -> {
            world.nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        };
        try (EdgeAgent agent = open(Directive.Mode.MODE_APPROVED)) {
            Answer answer = agent.serve(request(Terms.DEFAULT.within(Duration.ofSeconds(1)), new App()));
            boolean _ = Thread.interrupted();

            assertThat(answer.failure()).hasValue("no model could answer: challenger:timeout");
        }
    }

    @Test
    void aThumbAndAScoreAreFeedbackToo() {
        try (EdgeAgent agent = open(Directive.Mode.MODE_SHADOW)) {
            String token = agent.serve(new Request("user-1", "hi")).feedbackToken();
            assertThat(agent.feedback(token, new Opinion.Thumbs(false))).isEqualTo(Receipt.RECORDED);
            assertThat(agent.feedback(token, new Opinion.Score(0.25))).isEqualTo(Receipt.RECORDED);
            assertThat(agent.feedback("x", new Opinion.Score(0.25))).isEqualTo(Receipt.FOREIGN_TOKEN);
            assertThat(agent.feedback(token, new Opinion.Truth(" "))).isEqualTo(Receipt.NO_LABEL);
            agent.drain(LONG);

            assertThat(world.feedback.getFirst().getThumb()).isEqualTo(Thumb.THUMB_DOWN);
            assertThat(world.feedback.getLast().getScore()).isEqualTo(0.25);
        }
    }
}
