// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case of `mcnemar.json`, and the numbers that the paper quotes.
@ExtendWith(EveryKeyIsRead.class)
class McNemarReferenceTest {
    /// 1e-10, relative.
    private static final double PERCENT = 1e-8;

    static List<Case> cases() {
        return Reference.cases("mcnemar.json", c -> true);
    }

    @Test
    void allCasesAreRead() {
        assertThat(cases()).hasSize(16);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void figuresAreThoseOfTheReference(Case given) {
        McNemar test = test(given.input().get("table"));
        Map<String, Double> figures = Map.of(
                "p_exact", test.pExact(),
                "chi2", test.chi2(),
                "p_chi2", test.pChi2(),
                "chi2_corrected", test.chi2Corrected(),
                "p_chi2_corrected", test.pChi2Corrected(),
                "p_mid", test.pMid(),
                "p_mid_fagerland", test.pMidFagerland(),
                "p_one_sided_first_better", test.pFirstBetter(),
                "difference_of_rates", test.differenceOfRates());

        assertThat(test.onlyFirstRight()).isEqualTo(given.expected().get("b").asLong());
        assertThat(test.onlySecondRight()).isEqualTo(given.expected().get("c").asLong());
        for (String name : (Iterable<String>) given.expected()::fieldNames) {
            if (!name.equals("b") && !name.equals("c")) {
                assertClose(
                        name,
                        Objects.requireNonNull(figures.get(name), name),
                        Reference.number(given.expected().get(name)));
            }
        }
    }

    /// In the file's only case without discordant pairs these have no value.
    @Test
    void whatTheFileLeavesOutIsNotANumber() {
        List<Case> without = Reference.cases("mcnemar.json", c -> !c.expected().has("chi2"));

        assertThat(without).extracting(Case::id).containsExactly("04-0-0");
        McNemar test = test(without.getFirst().input().get("table"));
        assertThat(List.of(
                        test.chi2(),
                        test.pChi2(),
                        test.chi2Corrected(),
                        test.pChi2Corrected(),
                        test.pMid(),
                        test.pMidFagerland()))
                .containsOnly(Double.NaN);
        assertThat(test.pFirstBetter()).isEqualTo(1);
        assertThat(test.pSecondBetter()).isEqualTo(1);
    }

    @Test
    void theQuotedCrossCheckHolds() {
        McNemar test = new McNemar(101, 121, 59, 33);

        assertClose("chi2", Math.rint(test.chi2() * 1e5) / 1e5, 21.35556);
        assertThat(test.pChi2()).isCloseTo(3.815136e-06, withinPercentage(1e-4));
        assertClose("corrected", Math.rint(test.chi2Corrected() * 1e5) / 1e5, 20.67222);
        assertThat(test.pChi2Corrected()).isCloseTo(5.450095e-06, withinPercentage(1e-4));
        assertThat(test.pExact()).isCloseTo(4.434449e-06, withinPercentage(1e-4));
    }

    private static McNemar test(JsonNode table) {
        long[] first = Reference.counts(table.get(0));
        long[] second = Reference.counts(table.get(1));
        return new McNemar(first[0], first[1], second[0], second[1]);
    }

    private static void assertClose(String name, double actual, double expected) {
        if (expected == 0) {
            assertThat(actual).as(name).isZero();
        } else {
            assertThat(actual).as(name).isCloseTo(expected, withinPercentage(PERCENT));
        }
    }
}
