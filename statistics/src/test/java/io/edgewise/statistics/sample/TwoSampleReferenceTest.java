// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case of `two_sample.json`.
@ExtendWith(EveryKeyIsRead.class)
class TwoSampleReferenceTest {
    /// 1e-9, relative.
    private static final double PERCENT = 1e-7;

    /// One sample does not vary and the other neither, or has one value: t is not defined, the file has
    /// no value.
    private static final Set<String> WITHOUT_WELCH = Set.of("04-all-equal", "14-single-against-many");

    /// Small samples without ties: the exact law is made and in the file.
    private static final Set<String> EXACT =
            Set.of("01-tiny", "02-separated", "06-same-twenty", "07-shift-twenty", "14-single-against-many");

    static List<Case> cases() {
        return Reference.cases("two_sample.json", c -> true);
    }

    @Test
    void allCasesAreRead() {
        assertThat(cases()).hasSize(15);
        assertThat(cases())
                .filteredOn(c -> !c.expected().has("welch_t"))
                .extracting(Case::id)
                .containsExactlyInAnyOrderElementsOf(WITHOUT_WELCH);
        assertThat(cases())
                .filteredOn(c -> c.expected().has("mann_whitney_p_exact"))
                .extracting(Case::id)
                .containsExactlyInAnyOrderElementsOf(EXACT);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void mannWhitneyIsThatOfTheReference(Case given) {
        double[] x = Reference.sample(given.input().get("x"));
        double[] y = Reference.sample(given.input().get("y"));
        MannWhitney test = MannWhitney.of(x, y);
        JsonNode expected = given.expected();

        assertThat(x).hasSize(expected.get("n").asInt());
        assertThat(y).hasSize(expected.get("m").asInt());
        assertClose("u", test.u(), expected.get("mann_whitney_u").asDouble());
        assertClose(
                "effect", test.effect(), expected.get("common_language_effect").asDouble());
        assertClose(
                "asymptotic",
                test.pAsymptotic(),
                expected.get("mann_whitney_p_asymptotic").asDouble());
        if (EXACT.contains(given.id())) {
            assertClose(
                    "exact", test.pExact(), expected.get("mann_whitney_p_exact").asDouble());
            assertThat(test.p()).isEqualTo(test.pExact());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void welchIsThatOfTheReference(Case given) {
        Welch test = Welch.of(
                Reference.sample(given.input().get("x")),
                Reference.sample(given.input().get("y")));
        Interval interval = test.interval(0.05);
        if (WITHOUT_WELCH.contains(given.id())) {
            assertThat(List.of(test.t(), test.degrees(), test.p(), interval.low(), interval.high()))
                    .containsOnly(Double.NaN);
            return;
        }
        JsonNode expected = given.expected();
        double[] bounds = Reference.numbers(expected.get("welch_ci95"));
        assertClose("t", test.t(), expected.get("welch_t").asDouble());
        assertClose("degrees", test.degrees(), expected.get("welch_df").asDouble());
        assertClose("p", test.p(), expected.get("welch_p").asDouble());
        assertClose("low", interval.low(), bounds[0]);
        assertClose("high", interval.high(), bounds[1]);
    }

    @Test
    void everyExpectedNameIsUsed() {
        Set<String> names = new HashSet<>();
        cases().forEach(c -> c.expected().fieldNames().forEachRemaining(names::add));

        assertThat(names)
                .containsExactlyInAnyOrder(
                        "n",
                        "m",
                        "mann_whitney_u",
                        "mann_whitney_p_asymptotic",
                        "mann_whitney_p_exact",
                        "common_language_effect",
                        "welch_t",
                        "welch_df",
                        "welch_p",
                        "welch_ci95");
    }

    private static void assertClose(String name, double actual, double expected) {
        if (expected == 0) {
            assertThat(actual).as(name).isZero();
        } else {
            assertThat(actual).as(name).isCloseTo(expected, withinPercentage(PERCENT));
        }
    }
}
