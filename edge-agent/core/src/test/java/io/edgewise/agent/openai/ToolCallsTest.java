// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ToolCallsTest {
    private static String text(String... messages) throws IOException {
        ToolCalls calls = new ToolCalls();
        for (String message : messages) {
            calls.add(CompletionReader.JSON.readTree(message));
        }
        return calls.text().orElse("");
    }

    @Test
    void theSameCallsAreTheSameTextHoweverTheyWereWritten() throws IOException {
        String one = text("""
                {"tool_calls": [
                  {"id": "call_1", "type": "function", "function": {"name": "b", "arguments": "{\\"y\\": 1, \\"x\\": [2]}"}},
                  {"id": "call_2", "type": "function", "function": {"name": "a", "arguments": "{}"}}]}
                """);
        String other = text("""
                {"tool_calls": [
                  {"id": "x7", "function": {"name": "a", "arguments": ""}},
                  {"id": "x8", "function": {"name": "b", "arguments": {"x": [2], "y": 1}}}]}
                """);

        assertThat(one)
                .isEqualTo("[{\"arguments\":{\"x\":[2],\"y\":1},\"name\":\"b\"},{\"arguments\":{},\"name\":\"a\"}]");
        assertThat(other).isEqualTo(one);
    }

    @Test
    void aStreamsPiecesMakeTheSameCall() throws IOException {
        assertThat(text(
                        "{\"tool_calls\": [{\"index\": 0, \"id\": \"c\", \"function\": {\"name\": \"f\", \"arguments\":"
                                + " \"\"}}]}",
                        "{\"tool_calls\": [{\"index\": 0, \"function\": {\"arguments\": \"{\\\"a\\\":\"}}]}",
                        "{\"content\": null}",
                        "{\"tool_calls\": [{\"index\": 0, \"function\": {\"arguments\": \"1}\"}}]}"))
                .isEqualTo(text("{\"function_call\": {\"name\": \"f\", \"arguments\": \"{\\\"a\\\": 1}\"}}"));
    }

    @Test
    void argumentsThatAreNoJsonStayWhatTheyAre() throws IOException {
        assertThat(text("{\"tool_calls\": [{\"function\": {\"name\": \"f\", \"arguments\": \"{oops\"}}]}"))
                .isEqualTo("[{\"arguments\":\"{oops\",\"name\":\"f\"}]");
        assertThat(text("{\"content\": \"hi\"}", "{\"tool_calls\": null}", "{\"tool_calls\": []}"))
                .isEmpty();
    }
}
