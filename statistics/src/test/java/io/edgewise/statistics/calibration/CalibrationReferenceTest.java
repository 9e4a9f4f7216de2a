// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import io.edgewise.statistics.reference.ReferenceLedger;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Numbers by NumPy, scikit-learn and torchmetrics.
@ExtendWith(EveryKeyIsRead.class)
class CalibrationReferenceTest {
    private static final String FILE = "calibration.json";
    private static final double TOLERANCE = 1e-12;
    private static final double TORCHMETRICS_TOLERANCE = 1e-9;

    private static final Set<String> OTHER_EDGES = ReferenceLedger.departing(FILE, "torchmetrics_rmsce_l2");
    private static final Set<String> WIDER = ReferenceLedger.departing(FILE, "torchmetrics_ece_l1").stream()
            .filter(id -> !OTHER_EDGES.contains(id))
            .collect(Collectors.toSet());
    private static final double SINGLE_PRECISION = 3e-8;

    static List<Case> samples() {
        return Reference.cases(FILE, c -> c.input().has("confidence"));
    }

    static List<Case> matrices() {
        return Reference.cases(FILE, c -> c.input().has("probabilities"));
    }

    @Test
    void allCasesAreRead() {
        assertThat(samples()).hasSize(19);
        assertThat(matrices()).hasSize(3);
        assertThat(Reference.cases(FILE, c -> true)).hasSize(22);
        assertThat(samples()).extracting(Case::id).containsAll(OTHER_EDGES);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void binsEqualTheReference(Case reference) {
        JsonNode expected = reference.expected();
        CalibrationBins bins = CalibrationBins.equalWidth(confidence(reference), correct(reference), bins(reference));

        assertThat(bins.total()).isEqualTo(expected.get("n").asLong());
        assertThat(bins.bins()).isEqualTo(expected.get("bins").asInt());
        assertThat(bins.n()).containsExactly(Reference.counts(expected.get("bin_count")));
        assertThat(Arrays.stream(bins.correct()).asDoubleStream().toArray())
                .containsExactly(Reference.sample(expected.get("bin_sum_correct")));
        assertThat(bins.confidenceSum())
                .containsExactly(Reference.sample(expected.get("bin_sum_confidence")), within(TOLERANCE));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void figuresEqualTheReference(Case reference) {
        double[] confidence = confidence(reference);
        boolean[] correct = correct(reference);
        CalibrationBins width = CalibrationBins.equalWidth(confidence, correct, bins(reference));
        CalibrationBins mass = CalibrationBins.equalMass(confidence, correct, bins(reference));

        assertEqual(reference, "ece_equal_width", width.ece());
        assertEqual(reference, "mce_equal_width", width.mce());
        assertEqual(reference, "rmsce_equal_width", width.rmsce());
        assertEqual(reference, "squared_l2_debiased", width.squaredL2Debiased());
        assertEqual(reference, "ece_equal_mass", mass.ece());
        assertEqual(reference, "mce_equal_mass", mass.mce());
        assertEqual(reference, "murphy_reliability", width.murphy().reliability());
        assertEqual(reference, "murphy_resolution", width.murphy().resolution());
        assertEqual(reference, "murphy_uncertainty", width.murphy().uncertainty());
        assertEqual(reference, "brier", Scores.brier(confidence, correct));
        assertEqual(reference, "log_loss", Scores.logLoss(confidence, correct));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void torchmetricsDiffersOnlyWhereConfidencesSitOnBounds(Case reference) {
        double[] confidence = confidence(reference);
        boolean[] correct = correct(reference);
        boolean closedBelow = OTHER_EDGES.contains(reference.id());
        CalibrationBins bins = closedBelow
                ? closedBelow(confidence, correct, bins(reference))
                : CalibrationBins.equalWidth(confidence, correct, bins(reference));

        assertTorchmetrics(reference, "torchmetrics_ece_l1", bins.ece());
        assertTorchmetrics(reference, "torchmetrics_mce_max", bins.mce());
        assertTorchmetrics(reference, "torchmetrics_rmsce_l2", bins.rmsce());
    }

    @ParameterizedTest
    @MethodSource("matrices")
    void matricesEqualTheReference(Case reference) {
        double[][] rows = Reference.stream(reference.input().get("probabilities"))
                .map(Reference::sample)
                .toArray(double[][]::new);
        int[] labels = Reference.stream(reference.input().get("labels"))
                .mapToInt(JsonNode::asInt)
                .toArray();
        Multiclass multiclass = Multiclass.of(rows, labels);

        assertEqual(reference, "accuracy", multiclass.accuracy());
        assertEqual(reference, "brier_multiclass", multiclass.brier());
        assertEqual(reference, "log_loss", multiclass.logLoss());
        assertEqual(reference, "ece_equal_width", multiclass.equalWidth(15).ece());
        assertEqual(reference, "mce_equal_width", multiclass.equalWidth(15).mce());
        assertEqual(reference, "ece_equal_mass", multiclass.equalMass(15).ece());
        assertThat(multiclass.equalWidth(15).ece())
                .isCloseTo(
                        reference.expected().get("torchmetrics_ece_l1").asDouble(),
                        within(WIDER.contains(reference.id()) ? SINGLE_PRECISION : TORCHMETRICS_TOLERANCE));
    }

    /// The other library's bins: [lo, hi), and one more for 1.0. Its bounds are sums of a rounded step.
    private static CalibrationBins closedBelow(double[] confidence, boolean[] correct, int bins) {
        long[] n = new long[bins + 1];
        long[] right = new long[bins + 1];
        double[] sums = new double[bins + 1];
        for (int i = 0; i < confidence.length; i++) {
            int bin = 0;
            while (bin < bins && confidence[i] >= linspace(bin + 1, bins)) {
                bin++;
            }
            n[bin]++;
            right[bin] += correct[i] ? 1 : 0;
            sums[bin] += confidence[i];
        }
        return new CalibrationBins(n, right, sums);
    }

    /// torch.linspace(0, 1, bins + 1): steps from below in the lower half, from above in the upper half.
    private static double linspace(int k, int bins) {
        double step = 1.0 / bins;
        return k < (bins + 1) / 2 ? k * step : 1 - (bins - k) * step;
    }

    private static void assertEqual(Case reference, String key, double actual) {
        assertThat(actual)
                .as("%s %s", reference.id(), key)
                .isCloseTo(reference.expected().get(key).asDouble(), within(TOLERANCE));
    }

    private static void assertTorchmetrics(Case reference, String key, double actual) {
        assertThat(actual)
                .as("%s %s", reference.id(), key)
                .isCloseTo(reference.expected().get(key).asDouble(), within(TORCHMETRICS_TOLERANCE));
    }

    private static double[] confidence(Case reference) {
        return Reference.sample(reference.input().get("confidence"));
    }

    private static int bins(Case reference) {
        return reference.input().get("bins").asInt();
    }

    static boolean[] correct(Case reference) {
        double[] values = Reference.sample(reference.input().get("correct"));
        boolean[] correct = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            correct[i] = values[i] == 1;
        }
        return correct;
    }
}
