// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.evaluator.wire.Word;
import io.edgewise.evaluator.wire.Words;

/// What all lanes of an evaluator share; used by one thread.
public record LaneTools(
        EvaluatorPolicy policy,
        Slices slices,
        FeedbackTokens tokens,
        Lottery lottery,
        Words words,
        Word deviceClass,
        MeasureTable measures) {
    public LaneTools(EvaluatorPolicy policy, Slices slices, FeedbackTokens tokens, Lottery lottery) {
        this(policy, slices, tokens, lottery, new Words());
    }

    private LaneTools(EvaluatorPolicy policy, Slices slices, FeedbackTokens tokens, Lottery lottery, Words words) {
        this(policy, slices, tokens, lottery, words, words.of(Slices.DEVICE_CLASS), new MeasureTable());
    }
}
