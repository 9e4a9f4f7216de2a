// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.features;

import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;

/// Feature specification `intent-hash-v1`, bit for bit: words and characters are hashed into signed integer counts,
/// which are scaled to length one. Thread-safe.
public final class IntentHash {
    private final FeatureSpec spec;

    public IntentHash(FeatureSpec spec) {
        this.spec = spec;
    }

    public FeatureSpec spec() {
        return spec;
    }

    /// The dense vector of a text.
    public float[] vector(String text) {
        float[] vector = new float[spec.dim()];
        vector(text, FloatBuffer.wrap(vector));
        return vector;
    }

    /// Writes it over the whole of this buffer.
    public void vector(String text, FloatBuffer into) {
        int[] counts = counts(text);
        long squares = 0;
        for (int count : counts) {
            squares += (long) count * count;
        }
        double norm = squares == 0 ? 1 : StrictMath.sqrt((double) squares);
        for (int i = 0; i < counts.length; i++) {
            into.put(i, counts[i] == 0 ? 0 : (float) (counts[i] / norm));
        }
    }

    int[] counts(String text) {
        int[] counts = new int[spec.dim()];
        int mask = spec.dim() - 1;
        each(Tokens.of(text), (feature, weight) -> {
            byte[] utf8 = feature.getBytes(StandardCharsets.UTF_8);
            int hash = Murmur3.hash(utf8, utf8.length, spec.seed());
            counts[hash & mask] += hash < 0 ? -weight : weight;
        });
        return counts;
    }

    List<String> strings(String text) {
        List<String> strings = new ArrayList<>();
        each(Tokens.of(text), (feature, weight) -> strings.add(feature));
        return strings;
    }

    private void each(List<String> tokens, ObjIntConsumer<String> sink) {
        for (int n : spec.wordNgrams()) {
            if (n == 1) {
                tokens.forEach(token -> sink.accept("w:" + token, spec.weights().word()));
            } else {
                runsOfWords(tokens, n, sink);
            }
        }
        for (int n : spec.charNgrams()) {
            for (String token : tokens) {
                runsOfCharacters("<" + token + ">", n, sink);
            }
        }
    }

    private void runsOfWords(List<String> tokens, int n, ObjIntConsumer<String> sink) {
        List<String> padded = new ArrayList<>(tokens.size() + 2);
        padded.add("^");
        padded.addAll(tokens);
        padded.add("$");
        for (int i = 0; i + n <= padded.size(); i++) {
            sink.accept(
                    "b" + n + ":" + String.join(" ", padded.subList(i, i + n)),
                    spec.weights().words());
        }
    }

    private void runsOfCharacters(String padded, int n, ObjIntConsumer<String> sink) {
        int[] starts = new int[padded.codePointCount(0, padded.length()) + 1];
        Arrays.setAll(starts, i -> padded.offsetByCodePoints(0, i));
        for (int i = 0; i + n < starts.length; i++) {
            sink.accept(
                    "c" + n + ":" + padded.substring(starts[i], starts[i + n]),
                    spec.weights().characters());
        }
    }
}
