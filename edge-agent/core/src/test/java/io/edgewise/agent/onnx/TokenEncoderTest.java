// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtSession.SessionOptions;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.builds.Workshop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenEncoderTest {
    private static final TokenEncoder.Names INPUTS = new TokenEncoder.Names("input_ids", "attention_mask", "");

    @TempDir
    Path folder = Path.of("");

    @Test
    void givesTheIdsThatHuggingFaceGives() throws IOException {
        try (TokenEncoder encoder = TokenEncoder.open(Workshop.DOMAINS.resolve("tokenizer.json"), 48, INPUTS)) {
            for (String line : Files.readAllLines(Workshop.DOMAINS.resolve("tokens.jsonl"))) {
                JsonNode row = new ObjectMapper().readTree(line);
                long[] expected = StreamSupport.stream(row.get("ids").spliterator(), false)
                        .mapToLong(JsonNode::asLong)
                        .toArray();
                assertThat(encoder.ids(row.get("text").asText()))
                        .as(row.get("text").asText())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void saysWhatIsWrongWithATokenizer() throws IOException {
        Path wrong = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 7}");

        assertThatThrownBy(() -> TokenEncoder.open(wrong, 48, INPUTS))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("tokenizer.json");
    }

    @Test
    void fallsBackToTheCpuAndSaysWhyNotAnother() throws Exception {
        Environment.get();
        try (SessionOptions options = new SessionOptions()) {
            Providers providers = Providers.register(List.of("tpu", "cuda", "cpu", "coreml"), options);

            assertThat(providers.chosen()).isEqualTo("cpu");
            assertThat(providers.passedOver()).hasSize(2);
            assertThat(providers.describe()).contains("tpu: is not known").contains("cuda: is not available here");
        }
    }

    @Test
    void readsWhereOperatorsRanFromAProfile() throws IOException {
        Path profile = Files.writeString(folder.resolve("profile.json"), """
                [{"cat": "Session", "name": "model_run"},
                 {"cat": "Node", "name": "a_kernel_time", "args": {"provider": "QNNExecutionProvider"}},
                 {"cat": "Node", "name": "a_kernel_time", "args": {"provider": "QNNExecutionProvider"}},
                 {"cat": "Node", "name": "b_kernel_time", "args": {"provider": "QNNExecutionProvider"}},
                 {"cat": "Node", "name": "c_kernel_time", "args": {"provider": "QNNExecutionProvider"}},
                 {"cat": "Node", "name": "d_fence_before", "args": {"provider": "CPUExecutionProvider"}},
                 {"cat": "Node", "name": "d_kernel_time", "args": {"provider": "CPUExecutionProvider"}}]
                """);

        assertThat(Placement.read(profile)).isEqualTo(Map.of("qnn", 0.75, "cpu", 0.25));
    }
}
