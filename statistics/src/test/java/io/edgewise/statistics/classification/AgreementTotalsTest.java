// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.statistics.sequential.Values;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AgreementTotalsTest {
    @Test
    void aMissingChallengerCountsAgainstSafeAndNotForBreach() {
        AgreementTotals totals = new AgreementTotals(90, 8, 1, 1);

        assertThat(totals.forSafe()).isEqualTo(Values.binary(90, 99));
        assertThat(totals.forBreach()).isEqualTo(Values.binary(90, 98));
        assertThat(totals.joined()).isEqualTo(98);
        assertThat(totals.completeness()).isEqualTo(0.98);
        assertThat(totals.isComplete()).isTrue();
        assertThat(totals.agreement()).isEqualTo(90 / 98.0);
        assertThat(new AgreementTotals(97, 0, 3, 0).isComplete()).isFalse();
        assertThat(new AgreementTotals(97, 0, 0, 3).isComplete()).isFalse();
    }

    @Test
    void noPairsAreNeitherCompleteNorAgreement() {
        AgreementTotals none = AgreementTotals.empty();

        assertThat(none.completeness()).isNaN();
        assertThat(none.isComplete()).isFalse();
        assertThat(none.agreement()).isNaN();
        assertThat(none.forSafe()).isEqualTo(Values.empty());
        assertThat(none.forBreach()).isEqualTo(Values.empty());
    }

    @Test
    void merges() {
        for (long seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AgreementTotals one = any(random);
            AgreementTotals two = any(random);
            AgreementTotals both = one.plus(two);

            assertThat(both).as("seed %d", seed).isEqualTo(two.plus(one));
            assertThat(both.plus(AgreementTotals.empty())).isEqualTo(both);
            assertThat(both.forSafe())
                    .as("seed %d", seed)
                    .isEqualTo(one.forSafe().plus(two.forSafe()));
            assertThat(both.forSafe().mean())
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(both.forBreach().mean());
        }
    }

    @Test
    void refusesNegativeCounts() {
        assertThatThrownBy(() -> new AgreementTotals(1, 1, -1, 0)).hasMessageContaining("-1 without challenger");
    }

    private static AgreementTotals any(SplittableRandom random) {
        return new AgreementTotals(random.nextInt(1, 99), random.nextInt(99), random.nextInt(9), random.nextInt(9));
    }
}
