// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.judge;

import java.util.Optional;

/// What a judge says of two answers that it knows by their places only.
public enum Choice {
    FIRST("1"),
    SECOND("2"),
    TIE("tie"),
    BOTH_WRONG("both-wrong");

    private final String word;

    Choice(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /// Exactly one of the words that the prompt asks for; anything else is no choice.
    public static Optional<Choice> of(String word) {
        for (Choice choice : values()) {
            if (choice.word.equals(word)) {
                return Optional.of(choice);
            }
        }
        return Optional.empty();
    }

    /// With the champion in the first place, or in the second.
    Verdict verdict(boolean championFirst) {
        return switch (this) {
            case FIRST -> championFirst ? Verdict.CHAMPION : Verdict.CHALLENGER;
            case SECOND -> championFirst ? Verdict.CHALLENGER : Verdict.CHAMPION;
            case TIE -> Verdict.TIE;
            case BOTH_WRONG -> Verdict.BOTH_WRONG;
        };
    }
}
