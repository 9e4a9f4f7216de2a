// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import io.edgewise.statistics.reference.ReferenceLedger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// All 28 cases of psi.json: cuts, counts, the index by Jeffreys shares with its p-values, and by floored shares.
@ExtendWith(EveryKeyIsRead.class)
class PsiReferenceTest {
    private static final String FILE = "psi.json";
    private static final String BY_ORDER = "order_statistic_bins";
    private static final String BY_QUANTILE = "type7_quantile_bins";

    static List<Case> cases() {
        return Reference.cases(FILE, c -> true);
    }

    static List<Case> samples() {
        return Reference.cases(FILE, c -> c.input().has("reference"));
    }

    @Test
    void readsEveryCase() {
        assertThat(cases()).hasSize(28);
        assertThat(samples()).hasSize(23);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void cutsAndCountsLikeTheFile(Case reference) {
        double[] baseline = Reference.sample(reference.input().get("reference"));
        double[] current = Reference.sample(reference.input().get("current"));
        int bins = reference.input().path("bins").asInt(10);

        assertBins(reference, BY_ORDER, SampleBins.orderStatistics(baseline, bins), baseline, current);
        assertBins(reference, BY_QUANTILE, SampleBins.type7(baseline, bins), baseline, current);
    }

    private static void assertBins(Case reference, String key, SampleBins bins, double[] baseline, double[] current) {
        JsonNode expected = reference.expected().get(key);
        assertThat(bins.cuts()).containsExactly(Reference.sample(expected.get("cuts")), within(1e-12));
        assertThat(bins.counts(baseline)).containsExactly(Reference.counts(expected.get("reference_counts")));
        assertThat(bins.counts(current)).containsExactly(Reference.counts(expected.get("current_counts")));
        assertThat(Psi.withFloor(bins.counts(baseline), bins.counts(current), 1e-4))
                .isCloseTo(expected.get("psi_epsilon_1e-4").asDouble(), within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void indexAndPValuesEqualTheFile(Case reference) {
        JsonNode binned = reference.expected().path(BY_ORDER);
        JsonNode from = binned.isMissingNode() ? reference.input() : binned;
        JsonNode expected = binned.isMissingNode() ? reference.expected() : binned;
        assertIndex(
                reference,
                binned.isMissingNode() ? "jeffreys" : BY_ORDER + ".jeffreys",
                expected,
                Reference.counts(from.get("reference_counts")),
                Reference.counts(from.get("current_counts")));
    }

    private static void assertIndex(Case reference, String key, JsonNode expected, long[] before, long[] now) {
        assertThat(Psi.withFloor(before, now, 1e-4))
                .isCloseTo(expected.get("psi_epsilon_1e-4").asDouble(), within(1e-12));
        if (!ReferenceLedger.departing(FILE, key).contains(reference.id())) {
            JsonNode jeffreys = expected.get("jeffreys");
            assertPsi(
                    Psi.of(before, now),
                    jeffreys.get("bins").asInt(),
                    jeffreys.get("psi").asDouble(),
                    jeffreys.get("bias_corrected").asDouble());
            assertPs(
                    Psi.of(before, now),
                    jeffreys.get("p_no_change").asDouble(),
                    jeffreys.get("p_psi_at_most_0.1").asDouble(),
                    jeffreys.get("certainty_psi_below_0.1").asDouble());
        }
    }

    /// What SciPy gives for cases 12 and 26 without their empty bin.
    @ParameterizedTest
    @CsvSource({
        "12, 7, 1.2424606313092168, 0.23531777416635968, 0.28527295895242055, 0.3465989590990089, 0.6534010409009914",
        "26, 2, 0.18997238260771354, 0.11960201223734318, 0.10037295129170988, 0.328296271500269, 0.6717037284997311"
    })
    void binsWithoutMassDoNotCount(
            String id, int bins, double value, double corrected, double same, double atMost, double below) {
        Case reference = Reference.cases(FILE, c -> c.id().startsWith(id)).getFirst();
        JsonNode binned = reference.expected().path("order_statistic_bins");
        JsonNode from = binned.isMissingNode() ? reference.input() : binned;
        Psi psi = Psi.of(Reference.counts(from.get("reference_counts")), Reference.counts(from.get("current_counts")));

        assertPsi(psi, bins, value, corrected);
        assertPs(psi, same, atMost, below);
    }

    private static void assertPsi(Psi psi, int bins, double value, double corrected) {
        assertThat(psi.degrees() + 1).isEqualTo(bins);
        assertThat(psi.value()).isCloseTo(value, within(1e-12));
        assertThat(psi.corrected()).isCloseTo(corrected, within(1e-12));
    }

    private static void assertPs(Psi psi, double same, double atMost, double below) {
        assertThat(psi.pAbove(0)).isCloseTo(same, within(1e-9 * same));
        assertThat(psi.pAbove(0.1)).isCloseTo(atMost, within(1e-9 * atMost));
        assertThat(psi.pBelow(0.1)).isCloseTo(below, within(1e-9 * below));
    }
}
