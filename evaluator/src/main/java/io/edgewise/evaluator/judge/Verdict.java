// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.judge;

import io.edgewise.contracts.v1.Judgement;
import java.util.Optional;

/// Who was right.
public enum Verdict {
    CHALLENGER("challenger"),
    CHAMPION("champion"),
    /// Neither is better. Half a win; says nothing of right or wrong.
    TIE("tie"),
    BOTH_WRONG("both-wrong");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    /// As it is stored, and as people write it.
    public String word() {
        return word;
    }

    public static Optional<Verdict> of(String word) {
        for (Verdict verdict : values()) {
            if (verdict.word.equals(word)) {
                return Optional.of(verdict);
            }
        }
        return Optional.empty();
    }

    Judgement.Verdict counted() {
        return switch (this) {
            case CHALLENGER -> Judgement.Verdict.VERDICT_CHALLENGER_RIGHT;
            case CHAMPION -> Judgement.Verdict.VERDICT_CHAMPION_RIGHT;
            case TIE -> Judgement.Verdict.VERDICT_TIE;
            case BOTH_WRONG -> Judgement.Verdict.VERDICT_BOTH_WRONG;
        };
    }
}
