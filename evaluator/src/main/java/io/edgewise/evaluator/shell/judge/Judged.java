// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.evaluator.judge.Disagreement;
import io.edgewise.evaluator.judge.Verdict;
import org.jspecify.annotations.Nullable;

/// One judgement as it is stored.
///
/// @param verdict null where there is none; `reason` then says why
/// @param orders what was said in both orders; null of what was not asked
/// @param judge who, with version
/// @param truth the true label where a person told it
record Judged(
        Disagreement of,
        String source,
        @Nullable Verdict verdict,
        String reason,
        Orders orders,
        String judge,
        String prompt,
        @Nullable String truth,
        Cost cost) {
    static final String BY_JUDGE = "judge";
    static final String BY_PEOPLE = "people";

    record Orders(@Nullable String championFirst, @Nullable String challengerFirst) {
        static final Orders NONE = new Orders(null, null);
    }

    record Cost(Reply.Usage usage, long nanos, String currency, String priceCard) {
        static final Cost NONE = new Cost(Reply.Usage.NONE, 0, "", "");
    }
}
