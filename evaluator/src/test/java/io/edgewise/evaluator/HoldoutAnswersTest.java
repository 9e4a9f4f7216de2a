// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Observation;
import org.junit.jupiter.api.Test;

class HoldoutAnswersTest {
    private final HoldoutAnswers answers = new HoldoutAnswers();

    @Test
    void entropiesAddUpInThousandthsOfANat() {
        answers.add(answer(0.25));
        answers.add(answer(1.5));

        HoldoutAnswers.Sums sums = answers.fresh().getFirst().sums();
        assertThat(sums.entropies()).isEqualTo(2);
        assertThat(sums.entropySum()).isEqualTo(1_750);
        assertThat(sums.entropySquares()).isEqualTo(250 * 250 + 1_500 * 1_500);
    }

    @Test
    void anEntropyThatNoAnswerHasFillsNoSum() {
        answers.add(answer(1e300));

        HoldoutAnswers.Sums sums = answers.fresh().getFirst().sums();
        assertThat(sums.entropySum()).isEqualTo(120_000);
        assertThat(HoldoutAnswers.MOST_SUM / sums.entropySquares()).isGreaterThan(5_000_000);
        // So that a hundred writers' sums add up in 64 bits.
        assertThat(HoldoutAnswers.MOST_SUM).isLessThanOrEqualTo(Long.MAX_VALUE / 90);
    }

    private static byte[] answer(double entropy) {
        Observation.Builder answer = Samples.holdout("device", 1, 1, true);
        answer.getArmsBuilder(0).setEntropy(entropy);
        return answer.build().toByteArray();
    }
}
