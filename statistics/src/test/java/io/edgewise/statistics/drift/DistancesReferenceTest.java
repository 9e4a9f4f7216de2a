// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All 19 cases of distances.json.
@ExtendWith(EveryKeyIsRead.class)
class DistancesReferenceTest {
    static List<Case> shares() {
        return Reference.cases("distances.json", c -> c.input().has("p"));
    }

    static List<Case> samples() {
        return Reference.cases("distances.json", c -> c.input().has("x"));
    }

    @Test
    void readsEveryCase() {
        assertThat(shares()).hasSize(10);
        assertThat(samples()).hasSize(9);
    }

    @ParameterizedTest
    @MethodSource("shares")
    void distancesOfSharesEqualTheFile(Case reference) {
        double[] p = Reference.sample(reference.input().get("p"));
        double[] q = Reference.sample(reference.input().get("q"));
        JsonNode expected = reference.expected();

        assertClose(Distances.jensenShannonNats(p, q), expected.get("jensen_shannon_divergence_nats"));
        assertClose(Distances.jensenShannonBits(p, q), expected.get("jensen_shannon_divergence_bits"));
        assertClose(Distances.jensenShannonDistanceNats(p, q), expected.get("jensen_shannon_distance_nats"));
        assertClose(Distances.jensenShannonDistanceBits(p, q), expected.get("jensen_shannon_distance_bits"));
        assertClose(Distances.kullbackLeibler(p, q), expected.get("kl_p_q_nats"));
        assertClose(Distances.kullbackLeibler(q, p), expected.get("kl_q_p_nats"));
        assertClose(Distances.hellinger(p, q), expected.get("hellinger"));
        assertClose(Distances.totalVariation(p, q), expected.get("total_variation"));
        assertClose(Distances.wassersteinOnIndex(p, q), expected.get("wasserstein_1_on_index"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void distancesOfSamplesEqualTheFile(Case reference) {
        SampleDistances distances = SampleDistances.of(
                Reference.sample(reference.input().get("x")),
                Reference.sample(reference.input().get("y")));
        JsonNode expected = reference.expected();

        assertClose(distances.wasserstein(), expected.get("wasserstein_1"));
        assertClose(distances.normalised(), expected.get("normalised"));
        double deviation = expected.get("reference_sd_population").asDouble();
        if (deviation == 0) {
            assertThat(distances.normalised()).isNaN();
        } else {
            assertThat(distances.wasserstein()).isCloseTo(distances.normalised() * deviation, within(1e-10));
        }
        assertClose(distances.energy(), expected.get("energy_distance"));
    }

    private static void assertClose(double actual, JsonNode expected) {
        double value = expected.isTextual() ? Double.parseDouble(expected.asText()) : expected.asDouble();
        if (Double.isNaN(value)) {
            assertThat(actual).isNaN();
        } else if (Double.isFinite(value)) {
            assertThat(actual).isCloseTo(value, within(1e-10));
        } else {
            assertThat(actual).isEqualTo(value);
        }
    }
}
