// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.testkit.SeededCases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChatRedactionTest {
    private static final Redactor REDACTOR = Redactor.of(Map.of(), Set.of("Ada Lovelace"));
    private static final String NOISE = "ab\"\\\n{}[]:, äß7é";
    private static final String MAIL = "ann@example.org";

    private static String redact(String body) throws IOException {
        return utf8(ChatRedaction.redact(bytes(body), REDACTOR.begin()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void redactsEveryTextWhereverItStands() throws IOException {
        assertThat(redact("""
                {"model": "m", "user": "ann@example.org", "messages": [
                  {"role": "system", "content": "you help Ada Lovelace"},
                  {"role": "user", "content": [{"type": "text", "text": "i am ann@example.org"}]},
                  {"role": "assistant", "tool_calls": [{"function": {"arguments": "{\\"to\\": \\"ann@example.org\\"}"}}]}],
                 "metadata": {"who": "+49 30 12345678"}}
                """))
                .contains("\"content\":\"you help [NAME_1]\"", "\"text\":\"i am [EMAIL_1]\"")
                .contains("\"arguments\":\"{\\\"to\\\": \\\"[EMAIL_1]\\\"}\"", "\"user\":\"[EMAIL_1]\"")
                .contains("\"who\":\"[PHONE_1]\"")
                .doesNotContain(MAIL, "Ada", "12345678");
    }

    @Test
    void aBodyWithoutAnythingToRedactStaysAsItIsByteForByte() throws IOException {
        String body = "{ \"model\" : \"m\",\"n\":1.50 , \"messages\":[ {\"content\":\"gr\\u00fc\\u00dfe\"} ] }";

        assertThat(redact(body)).isEqualTo(body);
    }

    @Test
    void escapesHideNothing() throws IOException {
        assertThat(redact("{\"content\":\"ann\\u0040example.org\"}")).isEqualTo("{\"content\":\"[EMAIL_1]\"}");
    }

    @Test
    void aPictureStaysAndATextThatBeginsLikeOneDoesNot() throws IOException {
        String picture = "{\"url\":\"data:image/png;base64,iVBORw0KGgo4915112345678=\"}";

        assertThat(redact(picture)).isEqualTo(picture);
        assertThat(redact("{\"content\":\"data: write to ann@example.org\"}")).contains("write to [EMAIL_1]");
        assertThat(redact("{\"url\":\"data:text/plain,ann@example.org\"}")).contains("[EMAIL_1]");
        assertThat(redact("{\"url\":\"data:text/plain;base64,aGk= ann@example.org\"}"))
                .contains("[EMAIL_1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "no json",
                "{\"content\":\"ann@example.org\"",
                "{\"content\":\"ann@example.org\",\"content\":\"hi\"}",
                "{\"content\":\"hi\"} {\"content\":\"ann@example.org\"}",
            })
    void whatIsNotOneDocumentWithOneMeaningDoesNotLeave(String body) {
        assertThatThrownBy(() -> redact(body)).isInstanceOf(IOException.class);
    }

    @Test
    void whatAnAnswerRepeatsIsPutBackAsJson() throws IOException {
        Redactor redactor = Redactor.of(Map.of("quote", "say \"[a-z]+\""), Set.of());
        Redactor.Session session = redactor.begin();
        byte[] _ = ChatRedaction.redact(bytes("{\"content\":\"say \\\"cheese\\\" to ann@example.org\"}"), session);

        String answer = utf8(ChatRedaction.restore(
                bytes("{\"content\":\"you said [QUOTE_1] to [EMAIL_1], not [EMAIL_2]\"}"), session.behind()));

        assertThat(new ObjectMapper().readTree(answer).path("content").asText())
                .isEqualTo("you said say \"cheese\" to ann@example.org, not [EMAIL_2]");
        assertThat(ChatRedaction.restore(bytes("[EMAIL_1]"), Map.of())).isEqualTo(bytes("[EMAIL_1]"));
    }

    @Test
    void noAddressLeavesWhateverSurroundsItAndAnEchoComesBackWhole() {
        SeededCases.forAll(500, random -> {
            String text = noise(random) + " " + MAIL + " " + noise(random);
            String body = new ObjectMapper()
                    .createObjectNode()
                    .put("model", "m")
                    .put("content", text)
                    .toString();
            Redactor.Session session = REDACTOR.begin();
            byte[] sent = ChatRedaction.redact(bytes(body), session);

            assertThat(utf8(sent)).doesNotContain(MAIL);
            JsonNode echoed = new ObjectMapper().readTree(ChatRedaction.restore(sent, session.behind()));
            assertThat(echoed.path("content").asText()).isEqualTo(text);
        });
    }

    private static String noise(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(NOISE.charAt(random.nextInt(NOISE.length())));
        }
        return text.toString();
    }
}
