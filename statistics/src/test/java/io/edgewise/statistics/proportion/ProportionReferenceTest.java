// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import io.edgewise.statistics.reference.ReferenceLedger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every case of `proportions.json`, and the numbers that the paper quotes.
@ExtendWith(EveryKeyIsRead.class)
class ProportionReferenceTest {
    private static final String FILE = "proportions.json";
    private static final Offset<Double> TOLERANCE = within(1e-10);
    private static final Offset<Double> ROOT_FINDER = within(1e-6);

    /// A rate is 0 or 1, where the library that made the file finds no root: the file has no value. Ours
    /// has one.
    private static final Set<String> WITHOUT_SCORE_INTERVAL =
            Set.of("23-two-0-50-4-60", "26-two-40-40-38-40", "28-two-1-1-0-1");

    /// What `miettinen_nurminen_ci` should hold: statsmodels 0.15.0 solves the restricted likelihood's
    /// cubic equation with a wrong coefficient (its defect 10269), so the file's own values are off by up
    /// to 0.01 and not symmetric for equal samples. These were computed with SciPy's root finder from the
    /// likelihood itself. That the file's values come from that coefficient is tested too.
    private static final Map<String, Interval> SCORE_INTERVALS = Map.of(
            "22-two-5-100-3-100", new Interval(-0.04123541207021755, 0.085957058194917),
            "23-two-0-50-4-60", new Interval(-0.1598084597990478, 0.007478122478293876),
            "24-two-850-1000-880-1000", new Interval(-0.06010343811148696, -3.984234066928286e-05),
            "25-two-12-1000-120-99000", new Interval(0.005659645484759315, 0.01964715091738369),
            "26-two-40-40-38-40", new Interval(-0.04089568004418826, 0.16604771609579064),
            "27-two-500-10000-430-10000", new Interval(0.0011654892762543916, 0.01285665978870456),
            "28-two-1-1-0-1", new Interval(-0.5869013712455252, 1.0),
            "29-two-7-20-7-20", new Interval(-0.2898870972571446, 0.2898870972571446));

    static List<Case> single() {
        return Reference.cases(FILE, c -> c.input().has("k"));
    }

    static List<Case> pairs() {
        return Reference.cases(FILE, c -> c.input().has("k1"));
    }

    @Test
    void allCasesAreRead() {
        assertThat(single()).hasSize(21);
        assertThat(pairs()).hasSize(8);
        assertThat(Reference.cases(FILE, c -> true)).hasSize(29);
    }

    @ParameterizedTest
    @MethodSource("single")
    void intervalsAreThoseOfTheReference(Case given) {
        double alpha = given.input().get("alpha").asDouble();
        Proportion p = new Proportion(
                given.input().get("k").asLong(), given.input().get("n").asLong());
        Map<String, Interval> intervals = Map.of(
                "wilson", p.wilson(alpha),
                "wilson_continuity", p.wilsonWithContinuity(alpha),
                "clopper_pearson", p.clopperPearson(alpha),
                "jeffreys", p.jeffreys(alpha),
                "agresti_coull", p.agrestiCoull(alpha),
                "wald", p.wald(alpha));
        Map<String, Double> bounds = Map.of(
                "clopper_pearson_lower_one_sided", p.clopperPearsonLower(alpha),
                "clopper_pearson_upper_one_sided", p.clopperPearsonUpper(alpha));

        assertThat(given.expected().size()).isEqualTo(intervals.size() + bounds.size());
        intervals.forEach((name, interval) -> assertInterval(name, interval, given.expected(), TOLERANCE));
        bounds.forEach((name, bound) -> assertThat(bound)
                .as(name)
                .isCloseTo(Reference.number(given.expected().get(name)), TOLERANCE));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void comparisonsAreThoseOfTheReference(Case given) {
        JsonNode in = given.input();
        TwoProportions two = new TwoProportions(
                new Proportion(in.get("k1").asLong(), in.get("n1").asLong()),
                new Proportion(in.get("k2").asLong(), in.get("n2").asLong()));
        double alpha = in.get("alpha").asDouble();
        Map<String, Double> figures = Map.of(
                "difference", two.difference(),
                "z_pooled", two.zPooled(),
                "p_pooled", two.pPooled(),
                "fisher_exact_p", two.pFisher());

        assertThat(given.expected().size()).isEqualTo(figures.size() + 2);
        figures.forEach((name, value) -> assertThat(value)
                .as(name)
                .isCloseTo(Reference.number(given.expected().get(name)), TOLERANCE));
        assertInterval("newcombe_ci", two.newcombe(alpha), given.expected(), TOLERANCE);
        Interval score = two.miettinenNurminen(alpha);
        assertThat(ReferenceLedger.departing(FILE, "miettinen_nurminen_ci"))
                .containsExactlyInAnyOrderElementsOf(SCORE_INTERVALS.keySet());
        Interval right = Objects.requireNonNull(SCORE_INTERVALS.get(given.id()), given.id());
        assertThat(score.low()).isCloseTo(right.low(), TOLERANCE);
        assertThat(score.high()).isCloseTo(right.high(), TOLERANCE);
    }

    /// At the file's bounds, the score with the wrong coefficient is ±z: the file differs for that reason
    /// alone.
    @ParameterizedTest
    @MethodSource("pairs")
    void scoreIntervalsOfTheFileAreThoseOfTheKnownDefect(Case given) {
        JsonNode file = given.expected().get("miettinen_nurminen_ci");
        assertThat(file.isNull()).isEqualTo(WITHOUT_SCORE_INTERVAL.contains(given.id()));
        if (!file.isNull()) {
            double z = StandardNormal.quantileAbove(0.025);
            assertThat(defectiveScore(given.input(), file.get(0).asDouble())).isCloseTo(z, ROOT_FINDER);
            assertThat(defectiveScore(given.input(), file.get(1).asDouble())).isCloseTo(-z, ROOT_FINDER);
        }
    }

    /// The score with the number of events where the cubic equation has the size of the second group.
    private static double defectiveScore(JsonNode in, double delta) {
        double x1 = in.get("k1").asDouble();
        double n1 = in.get("n1").asDouble();
        double x0 = in.get("k2").asDouble();
        double n0 = in.get("n2").asDouble();
        double n = n1 + n0;
        double b = ((n1 + 2 * n0) * delta - n - x1 - x0) / (3 * n);
        double c = (x0 * delta - n - 2 * x0) * delta + x1 + x0;
        double q = b * b * b - c * b / (2 * n) + x0 * delta * (1 - delta) / (2 * n);
        double p = Math.signum(q) * Math.sqrt(b * b - c / (3 * n));
        double share0 = 2 * p * Math.cos((Math.PI + Math.acos(q / (p * p * p))) / 3) - b;
        double share1 = share0 + delta;
        double variance = (share1 * (1 - share1) / n1 + share0 * (1 - share0) / n0) * n / (n - 1);
        return (x1 / n1 - x0 / n0 - delta) / Math.sqrt(variance);
    }

    /// Absolute tolerances say little of a p-value of 1e-20 or a bound of 1e-6.
    @Test
    void smallNumbersAreRightInTheirOwnDigitsToo() {
        TwoProportions rare = new TwoProportions(new Proportion(12, 1000), new Proportion(120, 99_000));

        assertThat(rare.pPooled()).isCloseTo(8.869023993302474e-21, within(1e-32));
        assertThat(rare.pFisher()).isCloseTo(1.0918541181757797e-08, within(1e-20));
        assertThat(new Proportion(3, 1_000_000).clopperPearson(0.05).low())
                .isCloseTo(6.186725501906401e-07, within(1e-18));
        assertThat(new Proportion(3, 1_000_000).jeffreys(0.05).low()).isCloseTo(8.449352895506829e-07, within(1e-18));
        assertThat(new Proportion(3, 1_000_000).wilson(0.05).low()).isCloseTo(1.0202712409681232e-06, within(1e-18));
    }

    /// In per cent, one decimal.
    @ParameterizedTest
    @CsvSource({"100, 76.7, 90.7", "300, 80.5, 88.6", "1000, 82.7, 87.1"})
    void wilsonIntervalsOf85PercentAreThoseQuoted(long n, double low, double high) {
        Interval interval = new Proportion(n * 85 / 100, n).wilson(0.05);

        assertThat(interval.low() * 100).isCloseTo(low, within(0.05));
        assertThat(interval.high() * 100).isCloseTo(high, within(0.05));
    }

    @ParameterizedTest
    @CsvSource({"0.90, 283", "0.88, 824"})
    void observationsToProve85PercentAreThoseQuoted(double truth, long observations) {
        assertThat(new WilsonPlan(0.85, truth, 0.05).observations(0.8)).hasValue(observations);
    }

    private static void assertInterval(String name, Interval interval, JsonNode expected, Offset<Double> tolerance) {
        double[] bounds = Reference.numbers(expected.get(name));
        assertThat(interval.low()).as("%s, low", name).isCloseTo(bounds[0], tolerance);
        assertThat(interval.high()).as("%s, high", name).isCloseTo(bounds[1], tolerance);
    }
}
