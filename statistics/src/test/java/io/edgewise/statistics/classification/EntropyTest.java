// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(EveryKeyIsRead.class)
class EntropyTest {
    private static final double TOLERANCE = 1e-12;

    static List<Case> distributions() {
        return Reference.cases("entropy.json", c -> c.input().has("p"));
    }

    static List<Case> logits() {
        return Reference.cases("entropy.json", c -> c.input().has("logits"));
    }

    @Test
    void allCasesAreRead() {
        assertThat(distributions()).hasSize(9);
        assertThat(logits()).hasSize(8);
        assertThat(Reference.cases("entropy.json", c -> true)).hasSize(17);
    }

    @ParameterizedTest
    @MethodSource("distributions")
    void distributionsEqualTheReference(Case reference) {
        double[] p = Reference.sample(reference.input().get("p"));
        JsonNode expected = reference.expected();

        assertThat(Entropy.nats(p)).isCloseTo(expected.get("nats").asDouble(), within(TOLERANCE));
        assertThat(Entropy.bits(p)).isCloseTo(expected.get("bits").asDouble(), within(TOLERANCE));
        assertThat(Entropy.normalised(p)).isCloseTo(expected.get("normalised").asDouble(), within(TOLERANCE));
        assertThat(Entropy.perplexity(p)).isCloseTo(expected.get("perplexity").asDouble(), within(TOLERANCE));
    }

    @ParameterizedTest
    @MethodSource("logits")
    void logitsEqualTheReference(Case reference) {
        double[] logits = numbers(reference.input().get("logits"));
        JsonNode expected = reference.expected();
        double[] probabilities = Softmax.probabilities(logits);

        assertThat(probabilities).containsExactly(numbers(expected.get("softmax")), within(TOLERANCE));
        assertThat(Softmax.logSumExp(logits))
                .isCloseTo(expected.get("logsumexp").asDouble(), within(TOLERANCE));
        assertThat(Softmax.top(logits)).isEqualTo(expected.get("top").asInt());
        assertThat(probabilities[Softmax.top(logits)])
                .isCloseTo(expected.get("confidence").asDouble(), within(TOLERANCE));
        assertThat(Softmax.margin(probabilities))
                .isCloseTo(expected.get("margin").asDouble(), within(TOLERANCE));
        assertThat(Entropy.nats(probabilities))
                .isCloseTo(expected.get("entropy_nats").asDouble(), within(TOLERANCE));
        double[] logs = Softmax.logProbabilities(logits);
        double[] expectedLogs = numbers(expected.get("log_softmax"));
        for (int i = 0; i < logs.length; i++) {
            if (Double.isInfinite(expectedLogs[i])) {
                assertThat(logs[i]).isEqualTo(expectedLogs[i]);
            } else {
                assertThat(logs[i]).isCloseTo(expectedLogs[i], within(TOLERANCE));
            }
        }
    }

    @Test
    void keepsItsRangeAndIgnoresOrderAndScale() {
        for (long seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int n = random.nextInt(1, 50);
            long[] counts = random.longs(n, 0, 1000).toArray();
            counts[0]++;
            double[] weights = Arrays.stream(counts).asDoubleStream().toArray();
            double[] sorted = weights.clone();
            Arrays.sort(sorted);
            double nats = Entropy.nats(counts);

            assertThat(nats).as("seed %d", seed).isBetween(0.0, Math.log(n) + TOLERANCE);
            assertThat(Entropy.nats(sorted)).as("seed %d", seed).isCloseTo(nats, within(TOLERANCE));
            assertThat(Entropy.nats(Arrays.stream(weights).map(w -> w * 1e305).toArray()))
                    .as("seed %d", seed)
                    .isCloseTo(nats, within(TOLERANCE));
            double shift = random.nextDouble(-500, 500);
            double[] logits = random.doubles(n, -9, 9).toArray();
            assertThat(Softmax.probabilities(
                            Arrays.stream(logits).map(l -> l + shift).toArray()))
                    .as("seed %d", seed)
                    .containsExactly(Softmax.probabilities(logits), within(TOLERANCE));
            assertThat(Arrays.stream(Softmax.probabilities(logits)).sum()).isCloseTo(1, within(TOLERANCE));
        }
    }

    @Test
    void nothingHasNoEntropy() {
        for (double[] none : List.of(new double[0], new double[3])) {
            assertThat(Entropy.nats(none)).isNaN();
            assertThat(Entropy.bits(none)).isNaN();
            assertThat(Entropy.normalised(none)).isNaN();
            assertThat(Entropy.perplexity(none)).isNaN();
        }
        double[] impossible = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        assertThat(Softmax.logSumExp(impossible)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Softmax.logSumExp(new double[0])).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Softmax.probabilities(impossible)).containsOnly(Double.NaN);
        assertThat(Softmax.logProbabilities(impossible)).containsOnly(Double.NaN);
        assertThat(Softmax.probabilities(new double[0])).isEmpty();
        assertThat(Softmax.margin(new double[0])).isNaN();
    }

    @Test
    void refusesWhatAreNoWeightsOrLogits() {
        for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Entropy.nats(new double[] {1, bad})).hasMessageContaining("finite");
        }
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Softmax.probabilities(new double[] {1, bad}))
                    .hasMessageContaining("logit");
            assertThatThrownBy(() -> Softmax.logSumExp(new double[] {1, bad})).hasMessageContaining("logit");
        }
        assertThatThrownBy(() -> Entropy.nats(new long[] {-1})).hasMessageContaining("not negative");
        assertThatThrownBy(() -> Softmax.top(new double[0])).hasMessageContaining("none is possible");
        assertThatThrownBy(() -> Softmax.margin(new double[] {1.5})).hasMessageContaining("[0, 1]");
    }

    private static double[] numbers(JsonNode array) {
        return Reference.stream(array)
                .mapToDouble(node -> node.isTextual() ? Double.parseDouble(node.asText()) : node.asDouble())
                .toArray();
    }
}
