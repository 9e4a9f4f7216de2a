// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.Answer;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.Fence;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.Request;
import io.edgewise.agent.Terms;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DirectAnswerTest {
    private final Semaphore released = new Semaphore(0);

    /// Native code that does not come back: no interrupt helps.
    private final class Hanging implements EdgeModel {
        @Override
        public ModelAnswer infer(String text) {
            if (text.equals("broken")) {
                throw new IllegalStateException("build hanging is broken");
            }
            released.acquireUninterruptibly();
            return new ModelAnswer("late", 1, 0, List.of());
        }

        @Override
        public String build() {
            return "hanging";
        }

        @Override
        public String artifactSha256() {
            return "";
        }

        @Override
        public String runtime() {
            return "test";
        }

        @Override
        public String runtimeVersion() {
            return "1";
        }

        @Override
        public String executionProvider() {
            return "";
        }

        @Override
        public void close() {}
    }

    private Answer ask(String text, Duration deadline) {
        try (Fence fence = new Fence(System::nanoTime)) {
            return DirectAnswer.of(
                    fence,
                    new Hanging(),
                    new Request("user-1", text, Terms.DEFAULT.within(deadline), Optional.empty()));
        }
    }

    @Test
    void aBuildThatHangsIsGivenUpAtTheDeadlineWhichIsATimeout() {
        Answer answer = ask("hi", Duration.ofMillis(50));
        released.release();

        assertThat(TextHandler.unanswered(answer.failure().orElseThrow()).status())
                .isEqualTo(504);
        assertThat(answer.details().who()).isEqualTo("hanging");
    }

    @Test
    void aBuildThatFailsSaysWhyAndOneThatAnswersInTimeIsHeard() {
        assertThat(ask("broken", Duration.ofMinutes(1)).failure()).hasValue("build hanging is broken");

        released.release();
        assertThat(ask("hi", Duration.ofMinutes(1)).label()).isEqualTo("late");
    }
}
