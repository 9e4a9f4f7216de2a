// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// F1 of the words that two texts share, each word as often as it occurs in both: SQuAD's `compute_f1`
/// (Rajpurkar et al. 2016). With s shared words, precision is s / |answer|, recall s / |reference|, and
/// F1 = 2 s / (|reference| + |answer|), rounded once. Order does not matter; symmetric.
///
/// Words after [Normaliser#ANSWER] by [Tokeniser]. No word on one side: 0; on neither side: as
/// [ExactMatch].
public final class TokenF1 {
    public static final String DEFINITION = "token-f1/1";

    private TokenF1() {}

    public static double score(String reference, String answer) {
        return score(reference, answer, Normaliser.ANSWER);
    }

    public static double score(String reference, String answer, Normaliser normaliser) {
        List<String> expected = Tokeniser.words(normaliser.apply(reference));
        List<String> given = Tokeniser.words(normaliser.apply(answer));
        if (expected.isEmpty() && given.isEmpty()) {
            return ExactMatch.ofBareTexts(reference, answer);
        }
        Map<String, Integer> left = new HashMap<>();
        expected.forEach(word -> left.merge(word, 1, Integer::sum));
        int shared = 0;
        for (String word : given) {
            int count = left.getOrDefault(word, 0);
            if (count > 0) {
                left.put(word, count - 1);
                shared++;
            }
        }
        return 2.0 * shared / ((double) expected.size() + given.size());
    }
}
