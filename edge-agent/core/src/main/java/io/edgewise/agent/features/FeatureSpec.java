// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.features;

import java.util.List;

/// The parameters of `intent-hash-v1`, as a build's manifest states them.
public record FeatureSpec(int dim, List<Integer> wordNgrams, List<Integer> charNgrams, int seed, Weights weights) {
    public static final String NAME = "intent-hash-v1";

    /// What one occurrence of a feature adds: single words, runs of words, runs of characters.
    public record Weights(int word, int words, int characters) {}

    public FeatureSpec {
        if (dim <= 0 || Integer.bitCount(dim) != 1) {
            throw new IllegalArgumentException("dim is " + dim + "; it must be a power of two");
        }
        wordNgrams = List.copyOf(wordNgrams);
        charNgrams = List.copyOf(charNgrams);
        if (wordNgrams.stream().anyMatch(n -> n < 1) || charNgrams.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException(
                    "n-gram lengths " + wordNgrams + " and " + charNgrams + " must all be at least 1");
        }
    }
}
