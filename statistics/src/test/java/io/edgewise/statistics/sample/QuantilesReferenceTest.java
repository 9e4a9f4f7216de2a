// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case of `quantiles.json`, for quantiles of whole samples.
@ExtendWith(EveryKeyIsRead.class)
class QuantilesReferenceTest {
    private static final String FILE = "quantiles.json";
    private static final String INTERVAL = "order_statistic_interval_95";

    /// 1e-9, relative.
    private static final double PERCENT = 1e-7;

    static List<Case> cases() {
        return Reference.cases(FILE, c -> true);
    }

    @Test
    void allCasesAreRead() {
        assertThat(cases()).hasSize(18);
    }

    @Test
    void nothingInTheFileIsLeftOut() {
        Set<String> names = new TreeSet<>();
        cases().forEach(c -> c.expected().fieldNames().forEachRemaining(names::add));

        for (QuantileType type : QuantileType.values()) {
            assertThat(names.remove(type.name().toLowerCase(Locale.ROOT))).isTrue();
        }
        assertThat(names).containsExactlyInAnyOrder(INTERVAL, "mean", "min", "max", "sd_sample");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void quantilesAreThoseOfTheReference(Case given) {
        OrderedSample sample = OrderedSample.of(Reference.sample(given.input().get("x")));
        double[] p = Reference.numbers(given.input().get("p"));

        for (QuantileType type : QuantileType.values()) {
            double[] expected =
                    Reference.numbers(given.expected().get(type.name().toLowerCase(Locale.ROOT)));
            assertThat(expected).hasSameSizeAs(p);
            for (int i = 0; i < p.length; i++) {
                assertClose(type + " of " + p[i], sample.quantile(p[i], type), expected[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void orderStatisticIntervalsAreThoseOfTheReference(Case given) {
        OrderedSample sample = OrderedSample.of(Reference.sample(given.input().get("x")));
        double[] p = Reference.numbers(given.input().get("p"));

        for (int i = 0; i < p.length; i++) {
            JsonNode expected = given.expected().get(INTERVAL).get(i);
            assertThat(expected.isNull()).as("p = %s", p[i]).isEqualTo(p[i] == 0 || p[i] == 1);
            if (!expected.isNull()) {
                Interval interval = sample.quantileInterval(p[i], 0.05);
                assertClose("low of " + p[i], interval.low(), Reference.number(expected.get(0)));
                assertClose("high of " + p[i], interval.high(), Reference.number(expected.get(1)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void momentsAndExtremesAreThoseOfTheReference(Case given) {
        OrderedSample sample = OrderedSample.of(Reference.sample(given.input().get("x")));

        assertClose("mean", sample.mean(), given.expected().get("mean").asDouble());
        assertClose("min", sample.min(), given.expected().get("min").asDouble());
        assertClose("max", sample.max(), given.expected().get("max").asDouble());
        JsonNode sd = given.expected().get("sd_sample");
        assertClose("sd", sample.sd(), sd == null ? Double.NaN : sd.asDouble());
    }

    private static void assertClose(String name, double actual, double expected) {
        if (Double.isNaN(expected)) {
            assertThat(actual).as(name).isNaN();
        } else if (expected == 0) {
            assertThat(actual).as(name).isZero();
        } else {
            assertThat(actual).as(name).isCloseTo(expected, withinPercentage(PERCENT));
        }
    }
}
