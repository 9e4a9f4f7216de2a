// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import io.edgewise.statistics.sequential.ConfidenceSequence.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All 28 cases of confidence_sequences.json, every expected key.
@ExtendWith(EveryKeyIsRead.class)
class ConfidenceSequenceReferenceTest {
    private static final String FILE = "confidence_sequences.json";
    private static final double CAPITAL = 1e-9;
    private static final double ROOT = 1e-8;
    private static final double UNIT_SCALE = 0.5;

    static List<Case> betaMixture() {
        return Reference.cases(FILE, c -> c.uses("beta_mixture"));
    }

    static List<Case> boundary() {
        return Reference.cases(FILE, c -> c.uses("normal_mixture_boundary"));
    }

    static List<Case> streams() {
        return Reference.cases(FILE, c -> c.uses("stream"));
    }

    @Test
    void everyCaseAndEveryKeyIsRead() {
        assertThat(betaMixture()).hasSize(12);
        assertThat(boundary()).hasSize(5);
        assertThat(streams()).hasSize(11);
        assertThat(Reference.cases(FILE, c -> true)).hasSize(28);
        Set<String> known =
                Set.of("normal_mixture", "empirical_bernstein", "hedged_log_capital", "hedged_betting", "asymptotic");
        for (Case stream : streams()) {
            stream.expected()
                    .fieldNames()
                    .forEachRemaining(key -> assertThat(known).contains(key));
        }
    }

    @ParameterizedTest
    @MethodSource("betaMixture")
    void betaMixtureEqualsTheReference(Case reference) {
        JsonNode in = reference.input();
        long k = in.get("k").asLong();
        long n = in.get("n").asLong();
        double a = in.get("a").asDouble();
        double b = in.get("b").asDouble();
        double[] expected = Reference.sample(reference.expected().get("interval"));

        Interval interval = ConfidenceSequence.bernoulli(k, n, in.get("alpha").asDouble(), a, b);

        assertThat(interval.low()).isCloseTo(expected[0], within(ROOT));
        assertThat(interval.high()).isCloseTo(expected[1], within(ROOT));
        for (String at : List.of("0.5", "0.9")) {
            assertThat(ConfidenceSequence.logE(k, n, Double.parseDouble(at), a, b))
                    .as("ln E at %s", at)
                    .isCloseTo(reference.expected().get("log_e_at_" + at).asDouble(), within(CAPITAL));
        }
    }

    @ParameterizedTest
    @MethodSource("boundary")
    void normalMixtureBoundaryEqualsTheReference(Case reference) {
        double alpha = reference.input().get("alpha").asDouble();
        NormalMixture mixture =
                NormalMixture.best(reference.input().get("v_opt").asDouble(), alpha, false);

        assertThat(mixture.rho()).isCloseTo(reference.expected().get("rho").asDouble(), within(CAPITAL));
        assertThat(mixture.bound(reference.input().get("v").asDouble(), alpha))
                .isCloseTo(reference.expected().get("boundary").asDouble(), within(CAPITAL));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void streamsEqualTheReference(Case reference) {
        double[] x = Reference.sample(reference.input().get("x"));
        double alpha = reference.input().get("alpha").asDouble();
        double tuned = reference.input().get("t_opt").asDouble();
        JsonNode expected = reference.expected();

        for (JsonNode at : expected.path("normal_mixture")) {
            int t = at.get("t").asInt();
            assertThat(mean(x, t)).as("mean, t %d", t).isCloseTo(at.get("mean").asDouble(), within(CAPITAL));
            Interval interval = ConfidenceSequence.subGaussian(t, mean(x, t), UNIT_SCALE, alpha, tuned);
            assertThat(interval.low()).as("t %d", t).isCloseTo(at.get("low").asDouble(), within(CAPITAL));
            assertThat(interval.high()).as("t %d", t).isCloseTo(at.get("high").asDouble(), within(CAPITAL));
            assertThat(interval.width() / 2).isCloseTo(at.get("radius").asDouble(), within(CAPITAL));
        }
        for (JsonNode at : expected.path("hedged_betting")) {
            int t = at.get("t").asInt();
            Interval interval = HedgedBetting.of(Arrays.copyOf(x, t), alpha).interval();
            assertThat(interval.low()).as("t %d", t).isCloseTo(at.get("low").asDouble(), within(ROOT));
            assertThat(interval.high()).as("t %d", t).isCloseTo(at.get("high").asDouble(), within(ROOT));
        }
        for (JsonNode at : expected.path("asymptotic")) {
            int t = at.get("t").asInt();
            double radius = AsymptoticSequence.radius(t, deviation(x, t), alpha, tuned);
            assertThat(mean(x, t)).isCloseTo(at.get("mean").asDouble(), within(CAPITAL));
            assertThat(radius).as("t %d", t).isCloseTo(at.get("radius").asDouble(), within(CAPITAL));
        }
        assertEmpiricalBernstein(expected.path("empirical_bernstein"), x, alpha);
        JsonNode times = reference.input().get("times");
        expected.path("hedged_log_capital")
                .properties()
                .forEach(e -> assertCapital(
                        e.getValue(), times, x, HedgedCapital.start(Double.parseDouble(e.getKey()), alpha)));
    }

    private static void assertEmpiricalBernstein(JsonNode expected, double[] x, double alpha) {
        EmpiricalBernstein state = EmpiricalBernstein.start(alpha);
        int t = 0;
        for (JsonNode at : expected) {
            double bet = 0;
            while (t < at.get("t").asInt()) {
                bet = state.bet();
                state = state.next(x[t++]);
            }
            assertThat(bet).as("t %d", t).isCloseTo(at.get("lambda").asDouble(), within(CAPITAL));
            assertThat(state.centre()).as("t %d", t).isCloseTo(at.get("centre").asDouble(), within(CAPITAL));
            assertThat(state.radius()).as("t %d", t).isCloseTo(at.get("radius").asDouble(), within(CAPITAL));
            assertThat(state.runningLow()).isCloseTo(at.get("running_low").asDouble(), within(CAPITAL));
            assertThat(state.runningHigh()).isCloseTo(at.get("running_high").asDouble(), within(CAPITAL));
        }
    }

    private static void assertCapital(JsonNode expected, JsonNode times, double[] x, HedgedCapital start) {
        HedgedCapital state = start;
        for (int i = 0; i < times.size(); i++) {
            int t = times.get(i).asInt();
            while (state.moments().n() < t) {
                state = state.next(x[(int) state.moments().n()]);
            }
            assertThat(state.logE()).as("t %d", t).isCloseTo(expected.get(i).asDouble(), within(CAPITAL));
            assertThat(HedgedBetting.of(Arrays.copyOf(x, t), state.alpha()).logCapital(state.at()))
                    .isCloseTo(state.logE(), within(CAPITAL));
        }
    }

    private static double mean(double[] x, int n) {
        return Arrays.stream(x, 0, n).sum() / n;
    }

    private static double deviation(double[] x, int n) {
        double mean = mean(x, n);
        return Math.sqrt(
                Arrays.stream(x, 0, n).map(v -> (v - mean) * (v - mean)).sum() / (n - 1));
    }
}
