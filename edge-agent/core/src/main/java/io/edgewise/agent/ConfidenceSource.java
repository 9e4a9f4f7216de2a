// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

/// Where a model's confidence comes from, the best first. A model declares one and never mixes: an answer without it
/// has
/// no confidence, which is not 0.
public enum ConfidenceSource {
    /// The classifier's own distribution over the label set.
    CLASS_PROBABILITIES("softmax"),
    /// The probability of the whole label, from the log-probabilities of its tokens.
    LABEL_LOGPROBS("label-logprobs"),
    /// The geometric mean of the tokens' probabilities.
    MEAN_LOGPROB("mean-logprob"),
    NONE("");

    private final String word;

    ConfidenceSource(String word) {
        this.word = word;
    }

    /// As observations say it.
    public String word() {
        return word;
    }
}
