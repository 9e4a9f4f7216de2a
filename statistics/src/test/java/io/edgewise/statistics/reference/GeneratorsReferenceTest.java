// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case of `generators.json`: the inputs that the other files describe are made as they were made
/// there.
@ExtendWith(EveryKeyIsRead.class)
class GeneratorsReferenceTest {
    private static final Set<String> EXACT = Set.of("uniform", "integers", "bernoulli");

    /// 1e-12, relative.
    private static final double PERCENT = 1e-10;

    static List<Case> cases() {
        return Reference.cases("generators.json", c -> true);
    }

    @Test
    void allCasesAreRead() {
        assertThat(cases()).hasSize(13);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void samplesAreThoseOfTheReference(Case given) {
        double[] sample = Reference.sample(given.input());
        JsonNode expected = given.expected();
        double sum = 0;
        for (double value : sample) {
            sum += value;
        }

        if (exact(given.input())) {
            assertThat(Arrays.copyOf(sample, 5)).containsExactly(Reference.numbers(expected.get("first")));
        } else {
            double[] first = Reference.numbers(expected.get("first"));
            for (int i = 0; i < first.length; i++) {
                assertThat(sample[i]).isCloseTo(first[i], withinPercentage(PERCENT));
            }
        }
        assertThat(sum).isCloseTo(expected.get("sum").asDouble(), withinPercentage(PERCENT));
        assertThat(sample).hasSize(n(given.input()));
    }

    private static boolean exact(JsonNode input) {
        return input.has("concat")
                ? Reference.stream(input.get("concat")).allMatch(GeneratorsReferenceTest::exact)
                : EXACT.contains(input.get("kind").asText());
    }

    private static int n(JsonNode input) {
        return input.has("concat")
                ? Reference.stream(input.get("concat"))
                        .mapToInt(GeneratorsReferenceTest::n)
                        .sum()
                : input.get("n").asInt();
    }
}
