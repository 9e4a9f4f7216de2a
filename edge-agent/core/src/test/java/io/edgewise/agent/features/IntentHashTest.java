// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

final class IntentHashTest {
    private static final Path MODELS = Path.of("../../models");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode vectors = read(MODELS.resolve("feature_vectors.json"));

    @Test
    void hashesLikeTheReference() {
        for (JsonNode row : vectors.get("murmur3_x86_32_seed_0")) {
            byte[] text = row.get("text").asText().getBytes(StandardCharsets.UTF_8);
            assertThat(Murmur3.hash(text, text.length, 0))
                    .as(row.get("text").asText())
                    .isEqualTo(row.get("signed").intValue());
        }
        for (JsonNode row : vectors.get("murmur3_x86_32_seed_1")) {
            byte[] text = row.get("text").asText().getBytes(StandardCharsets.UTF_8);
            assertThat(Integer.toUnsignedLong(Murmur3.hash(text, text.length, 1)))
                    .isEqualTo(row.get("hash").longValue());
        }
    }

    @Test
    void cutsTokensLikeTheReference() {
        for (JsonNode row : vectors.get("tokens")) {
            assertThat(Tokens.of(row.get("text").asText())).as(row.toString()).isEqualTo(texts(row.get("tokens")));
        }
    }

    @Test
    void listsFeatureStringsLikeTheReference() {
        for (JsonNode row : vectors.get("feature_strings")) {
            assertThat(hash(row.get("role").asText()).strings(row.get("text").asText()))
                    .as(row.toString())
                    .containsExactlyElementsOf(texts(row.get("strings")));
        }
    }

    @Test
    void buildsTheReferenceVectorsBitForBit() {
        for (JsonNode row : vectors.get("vectors")) {
            IntentHash hash = hash(row.get("role").asText());
            String text = row.get("text").asText();
            int[] counts = hash.counts(text);
            for (Map.Entry<String, JsonNode> count : row.get("counts").properties()) {
                assertThat(counts[Integer.parseInt(count.getKey())])
                        .isEqualTo(count.getValue().intValue());
            }
            assertThat(crc(hash.vector(text)))
                    .as(text)
                    .isEqualTo(row.get("crc32").asText());
        }
    }

    @Test
    void buildsEveryGoldenVectorBitForBit() throws IOException {
        List<String> lines = Files.readAllLines(MODELS.resolve("golden.jsonl"));
        assertThat(lines).hasSize(200);
        for (String line : lines) {
            JsonNode row = JSON.readTree(line);
            String text = row.get("text").asText();
            assertThat(Tokens.of(text)).isEqualTo(texts(row.get("tokens")));
            for (String role : List.of("edge", "frontier")) {
                JsonNode expected = row.get("features").get(role);
                IntentHash hash = hash(role);
                assertThat(hash.strings(text)).hasSize(expected.get("strings").intValue());
                assertThat(head(hash.counts(text), expected.get("head").size()))
                        .as(text)
                        .isEqualTo(expected.get("head").toString());
                assertThat(crc(hash.vector(text)))
                        .as(text)
                        .isEqualTo(expected.get("crc32").asText());
            }
        }
    }

    @Test
    void writesOverWhatWasInThePlaceBefore() {
        IntentHash hash = hash("edge");
        FloatBuffer place = ByteBuffer.allocateDirect(hash.spec().dim() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (String text : List.of("what is the weather like tomorrow", "", "cancel it")) {
            hash.vector(text, place);

            float[] read = new float[place.capacity()];
            place.get(0, read);
            assertThat(read).as(text).containsExactly(hash.vector(text));
        }
    }

    @Test
    void refusesADimensionThatIsNoPowerOfTwo() {
        assertThatThrownBy(() -> new FeatureSpec(1000, List.of(1), List.of(), 0, new FeatureSpec.Weights(1, 1, 1)))
                .hasMessageContaining("1000");
    }

    @Test
    void countsTokensAndCharactersNotSurrogates() {
        assertThat(TextFeatures.of("Hi 👋 you")).isEqualTo(Map.of("tokens", 3.0, "chars", 8.0));
    }

    private IntentHash hash(String role) {
        JsonNode spec = vectors.get("specs").get(role);
        return new IntentHash(new FeatureSpec(
                spec.get("dim").intValue(),
                numbers(spec.get("word_ngrams")),
                numbers(spec.get("char_ngrams")),
                spec.get("seed").intValue(),
                new FeatureSpec.Weights(
                        spec.get("word_weight").intValue(),
                        spec.get("bigram_weight").intValue(),
                        spec.get("char_weight").intValue())));
    }

    private static String head(int[] counts, int size) {
        List<String> head = new ArrayList<>();
        for (int i = 0; i < counts.length && head.size() < size; i++) {
            if (counts[i] != 0) {
                head.add("[" + i + "," + counts[i] + "]");
            }
        }
        return "[" + String.join(",", head) + "]";
    }

    private static String crc(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        CRC32 crc = new CRC32();
        crc.update(bytes.array());
        return String.format("%08x", crc.getValue());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    private static List<Integer> numbers(JsonNode array) {
        List<Integer> numbers = new ArrayList<>();
        array.forEach(element -> numbers.add(element.intValue()));
        return numbers;
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
