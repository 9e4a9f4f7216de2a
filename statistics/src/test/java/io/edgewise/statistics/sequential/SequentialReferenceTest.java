// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All 35 cases of sequential_tests.json, every expected key.
@ExtendWith(EveryKeyIsRead.class)
class SequentialReferenceTest {
    private static final String FILE = "sequential_tests.json";
    private static final double TOLERANCE = 1e-9;

    static List<Case> truncatedBeta() {
        return Reference.cases(FILE, c -> c.uses("truncated_beta"));
    }

    static List<Case> marginBetting() {
        return Reference.cases(FILE, c -> c.uses("margin_betting"));
    }

    static List<Case> shiryaevRoberts() {
        return Reference.cases(FILE, c -> c.uses("e_shiryaev_roberts"));
    }

    static List<Case> sampleRatio() {
        return Reference.cases(FILE, c -> c.uses("sample_ratio"));
    }

    static List<Case> msprt() {
        return Reference.cases(FILE, c -> c.uses("msprt"));
    }

    @Test
    void everyCaseIsRead() {
        assertThat(truncatedBeta()).hasSize(13);
        assertThat(marginBetting()).hasSize(8);
        assertThat(shiryaevRoberts()).hasSize(4);
        assertThat(sampleRatio()).hasSize(7);
        assertThat(msprt()).hasSize(3);
        assertThat(Reference.cases(FILE, c -> true)).hasSize(35);
    }

    @ParameterizedTest
    @MethodSource("truncatedBeta")
    void truncatedBetaEqualsTheReference(Case reference) {
        JsonNode in = reference.input();
        long k = in.get("k").asLong();
        long n = in.get("n").asLong();
        double q0 = in.get("q0").asDouble();
        double a = in.get("a").asDouble();
        double b = in.get("b").asDouble();
        double expected = reference.expected().get("log_e").asDouble();

        assertThat(TruncatedBeta.logE(k, n, q0, a, b)).isCloseTo(expected, within(TOLERANCE));
        assertThat(BetaMixture.logAbove((double) k, (double) (n - k), q0, 1 - q0, a, b))
                .isCloseTo(expected, within(TOLERANCE));
        assertThat(ConfidenceSequence.logE(k, n, q0, a, b))
                .isCloseTo(reference.expected().get("two_sided_beta").asDouble(), within(TOLERANCE));
    }

    @Test
    void truncatedBetaEqualsThePublishedNumbers() {
        assertThat(TruncatedBeta.logE(121, 180, 0.5, 1, 1)).isCloseTo(9.155035324, within(1e-9));
        assertThat(Math.exp(TruncatedBeta.logE(150, 236, 0.5, 1, 1))).isCloseTo(1025.92318, within(1e-5));
        assertThat(Math.exp(ConfidenceSequence.logE(121, 180, 0.5, 1, 1))).isCloseTo(4730.990069, within(1e-6));
        assertThatThrownBy(() -> TruncatedBeta.logE(3, 2, 0.5, 1, 1)).hasMessageContaining("3 of 2");
        assertThatThrownBy(() -> TruncatedBeta.logE(1, 2, 1, 1, 1)).hasMessageContaining("strictly between");
    }

    @ParameterizedTest
    @MethodSource("marginBetting")
    void marginBettingEqualsTheReference(Case reference) {
        double[] d = Reference.sample(reference.input().get("d"));
        MarginBetting state = MarginBetting.start(reference.input().get("delta").asDouble());
        for (JsonNode at : reference.expected()) {
            double bet = 0;
            while (state.n() < at.get("t").asLong()) {
                bet = state.bet();
                state = state.next(d[(int) state.n()]);
            }
            assertThat(bet).isCloseTo(at.get("lambda").asDouble(), within(TOLERANCE));
            assertThat(state.logK()).isCloseTo(at.get("log_k").asDouble(), within(TOLERANCE));
        }
    }

    /// One update per observation here, as the reference has it; a block's growth is the sum of its
    /// observations'.
    @ParameterizedTest
    @MethodSource("shiryaevRoberts")
    void detectorEqualsTheReference(Case reference) {
        double[] x = Reference.sample(reference.input().get("x"));
        double[] grid = Reference.sample(reference.input().get("grid"));
        double q0 = reference.input().get("q0").asDouble();
        Map<Integer, Double> expected = new HashMap<>();
        reference
                .expected()
                .forEach(e -> expected.put(e.get("t").asInt(), e.get("log_mean").asDouble()));
        double[] nothing = new double[grid.length];
        Arrays.fill(nothing, Double.NEGATIVE_INFINITY);
        Detector detector = new Detector(nothing);
        for (int t = 1; t <= x.length; t++) {
            double gain = x[t - 1] - q0;
            double[] growth =
                    Arrays.stream(grid).map(bet -> Math.log1p(bet * gain)).toArray();
            assertThat(detector.peek(growth)).isEqualTo(detector.next(growth).logValue());
            detector = detector.next(growth);
            if (expected.containsKey(t)) {
                assertThat(detector.logValue()).as("t %d", t).isCloseTo(expected.get(t), within(TOLERANCE));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sampleRatio")
    void sampleRatioEqualsTheReference(Case reference) {
        JsonNode in = reference.input();
        double logE = SampleRatio.logE(
                Reference.counts(in.get("counts")),
                Reference.sample(in.get("theta")),
                Reference.sample(in.get("prior")));

        assertThat(logE).isCloseTo(reference.expected().get("log_e").asDouble(), within(TOLERANCE));
    }

    @ParameterizedTest
    @MethodSource("msprt")
    void msprtEqualsTheReference(Case reference) {
        JsonNode in = reference.input();
        Msprt test = new Msprt(
                in.get("s2").asDouble(),
                in.get("t2").asDouble(),
                in.get("theta0").asDouble());
        long n = in.get("n").asLong();
        double mean = in.get("mean").asDouble();

        assertThat(test.logLikelihoodRatio(n, mean))
                .isCloseTo(reference.expected().get("log_likelihood_ratio").asDouble(), within(TOLERANCE));
        assertThat(test.pValue(n, mean)).isCloseTo(reference.expected().get("p").asDouble(), within(TOLERANCE));
    }
}
