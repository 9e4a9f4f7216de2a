// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.agent.privacy.Redactor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BesideTest {
    private static final Beside SENT = new Beside(
            "api-version=2026-10-01&user=ann@example.org",
            Map.of(
                    "openai-project", List.of("p-1"),
                    "idempotency-key", List.of("k-1"),
                    "x-customer", List.of("Ann")));

    private static Request request() {
        Chat chat = new Chat(
                "/v1/chat/completions",
                "{\"messages\":[]}".getBytes(StandardCharsets.UTF_8),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                SENT);
        return new Request("user-1", "hi", Terms.GRANTED, Optional.of(chat));
    }

    private static Beside leaving(PrivacyClass privacy) throws FrontierFailure {
        return Outgoing.of(request(), privacy, Redactor.BUILT_IN)
                .request()
                .chat()
                .orElseThrow()
                .beside();
    }

    @Test
    void whereTextsAreRedactedOnlyWordsOfMachinesLeave() throws FrontierFailure {
        assertThat(leaving(PrivacyClass.OPEN)).isEqualTo(SENT);
        assertThat(leaving(PrivacyClass.REDACTED).query()).isEqualTo("api-version=2026-10-01");
        assertThat(leaving(PrivacyClass.REDACTED).headers()).containsOnlyKeys("openai-project", "idempotency-key");
    }

    @Test
    void aMirrorIsAnotherQuestionAndSaysNotThatItIsTheSame() {
        assertThat(request().mirrored().chat().orElseThrow().beside().headers())
                .containsOnlyKeys("openai-project", "x-customer");
    }

    @Test
    void aPathWithoutAQueryStaysAsItIs() {
        assertThat(Beside.NOTHING.behind("/v1/completions")).isEqualTo("/v1/completions");
        assertThat(SENT.behind("/v1/completions")).endsWith("completions?api-version=2026-10-01&user=ann@example.org");
    }
}
