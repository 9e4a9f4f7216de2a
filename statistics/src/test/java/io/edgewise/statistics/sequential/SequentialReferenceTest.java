// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Left out of sequential_tests.json: margin_betting (14 to 21; predictable bets, ours are a fixed mixture),
/// sample_ratio
/// (26 to 32) and msprt (33 to 35), which this module does not have. Left out of confidence_sequences.json: all but
/// beta_mixture (01 to 12), for the same reason.
class SequentialReferenceTest {
    static List<Case> truncatedBeta() {
        return Reference.cases("sequential_tests.json", c -> c.uses("truncated_beta"));
    }

    static List<Case> shiryaevRoberts() {
        return Reference.cases("sequential_tests.json", c -> c.uses("e_shiryaev_roberts"));
    }

    static List<Case> betaMixture() {
        return Reference.cases("confidence_sequences.json", c -> c.uses("beta_mixture"));
    }

    @Test
    void everyApplicableCaseIsRead() {
        assertThat(truncatedBeta()).hasSize(13);
        assertThat(shiryaevRoberts()).hasSize(4);
        assertThat(betaMixture()).hasSize(12);
    }

    @ParameterizedTest
    @MethodSource("truncatedBeta")
    void truncatedBetaEqualsTheReference(Case reference) {
        JsonNode in = reference.input();
        double logE = TruncatedBeta.logE(
                in.get("k").asLong(),
                in.get("n").asLong(),
                in.get("q0").asDouble(),
                in.get("a").asDouble(),
                in.get("b").asDouble());

        assertThat(logE).isCloseTo(reference.expected().get("log_e").asDouble(), within(1e-9));
    }

    @Test
    void truncatedBetaEqualsThePublishedNumbers() {
        assertThat(TruncatedBeta.logE(121, 180, 0.5, 1, 1)).isCloseTo(9.155035324, within(1e-9));
        assertThat(Math.exp(TruncatedBeta.logE(150, 236, 0.5, 1, 1))).isCloseTo(1025.92318, within(1e-5));
        assertThatThrownBy(() -> TruncatedBeta.logE(3, 2, 0.5, 1, 1)).hasMessageContaining("3 of 2");
        assertThatThrownBy(() -> TruncatedBeta.logE(1, 2, 1, 1, 1)).hasMessageContaining("strictly between");
    }

    /// One update per observation here, as the reference has it; a block's growth is the sum of its observations'.
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
                assertThat(detector.logValue()).as("t %d", t).isCloseTo(expected.get(t), within(1e-9));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("betaMixture")
    void confidenceSequenceEqualsTheReference(Case reference) {
        JsonNode in = reference.input();
        ConfidenceSequence.Interval interval = ConfidenceSequence.bernoulli(
                in.get("k").asLong(),
                in.get("n").asLong(),
                in.get("alpha").asDouble(),
                in.get("a").asDouble(),
                in.get("b").asDouble());
        double[] expected = Reference.sample(reference.expected().get("interval"));

        assertThat(interval.low()).isCloseTo(expected[0], within(1e-8));
        assertThat(interval.high()).isCloseTo(expected[1], within(1e-8));
    }
}
