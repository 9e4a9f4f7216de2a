// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.multiple;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case of `multiple_testing.json`, and the numbers that the paper quotes.
@ExtendWith(EveryKeyIsRead.class)
class MultipleTestingReferenceTest {
    private static final String FILE = "multiple_testing.json";
    private static final double TOLERANCE = 1e-12;

    static List<Case> pValues() {
        return Reference.cases(FILE, c -> c.input().has("p"));
    }

    static List<Case> eValues() {
        return Reference.cases(FILE, c -> c.input().has("log_e"));
    }

    @Test
    void allCasesAreRead() {
        assertThat(pValues()).hasSize(13);
        assertThat(eValues()).hasSize(5);
        assertThat(Reference.cases(FILE, c -> true)).hasSize(18);
    }

    @ParameterizedTest
    @MethodSource("pValues")
    void adjustedPValuesAndRejectionsAreThoseOfTheReference(Case given) {
        double[] p = Reference.numbers(given.input().get("p"));
        double alpha = given.input().get("alpha").asDouble();

        assertThat(given.expected().size()).isEqualTo(Adjustment.values().length);
        for (Adjustment adjustment : Adjustment.values()) {
            JsonNode expected = given.expected().get(adjustment.name().toLowerCase(Locale.ROOT));
            assertThat(adjustment.adjusted(p))
                    .as("%s", adjustment)
                    .containsExactly(Reference.numbers(expected.get("adjusted")), within(TOLERANCE));
            Boolean[] rejected = Reference.stream(expected.get("reject"))
                    .map(JsonNode::asBoolean)
                    .toArray(Boolean[]::new);
            assertThat(adjustment.rejected(p, alpha)).as("%s", adjustment).containsExactly(rejected);
        }
    }

    /// An absolute tolerance says nothing of an adjusted p-value of 1e-20.
    @Test
    void verySmallPValuesKeepTheirDigits() {
        double[] p = {1e-300, 1e-20, 0.5};

        assertThat(Adjustment.SIDAK.adjusted(p)[1]).isCloseTo(3e-20, within(1e-34));
        assertThat(Adjustment.SIDAK.adjusted(p)[0]).isCloseTo(3e-300, within(1e-314));
        assertThat(Adjustment.BENJAMINI_HOCHBERG.adjusted(p)[1]).isCloseTo(1.5e-20, within(1e-34));
    }

    @ParameterizedTest
    @MethodSource("eValues")
    void decisionsOnEValuesAreThoseOfTheReference(Case given) {
        double[] logE = Reference.numbers(given.input().get("log_e"));
        boolean[] rejected =
                EValues.benjaminiHochberg(logE, given.input().get("alpha").asDouble());

        assertThat(IntStream.range(0, logE.length).filter(i -> rejected[i]).toArray())
                .containsExactly(Reference.stream(given.expected().get("rejected_indices_sorted"))
                        .mapToInt(JsonNode::asInt)
                        .toArray());
        assertThat(EValues.logMean(logE))
                .isCloseTo(given.expected().get("log_mean_e_global_null").asDouble(), within(TOLERANCE));
    }

    /// Six equal metrics at 0.01: 6.40 instead of 4.61, 39 % more evidence.
    @Test
    void theQuotedThresholdsOfWeightedBonferroniHold() {
        double one = EValues.logThreshold(1, 0.01);
        double sixth = EValues.logThreshold(1.0 / 6, 0.01);

        assertThat(one).isCloseTo(4.61, within(0.005));
        assertThat(sixth).isCloseTo(6.40, within(0.005));
        assertThat(sixth / one).isCloseTo(1.39, within(0.005));
    }
}
