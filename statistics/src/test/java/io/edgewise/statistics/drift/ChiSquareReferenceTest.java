// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import io.edgewise.statistics.reference.ReferenceLedger;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All 19 cases of chi_square.json.
@ExtendWith(EveryKeyIsRead.class)
class ChiSquareReferenceTest {
    private static final String FILE = "chi_square.json";

    /// Summed with mpmath at 40 digits.
    private static final double HUGE_FISHER = 0.2112138567194188;

    static List<Case> tables() {
        return Reference.cases(FILE, c -> c.input().has("table"));
    }

    static List<Case> fits() {
        return Reference.cases(FILE, c -> c.input().has("observed"));
    }

    @Test
    void readsEveryCase() {
        assertThat(tables()).hasSize(14);
        assertThat(fits()).hasSize(5);
        assertThat(tables().stream().filter(c -> c.expected().has("fisher_exact_p")))
                .hasSize(6);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void homogeneityEqualsTheFile(Case reference) {
        long[][] table = Reference.stream(reference.input().get("table"))
                .map(Reference::counts)
                .toArray(long[][]::new);
        JsonNode expected = reference.expected();
        ChiSquare test = ChiSquare.homogeneity(table);

        assertClose(test.statistic(), expected.get("statistic"));
        assertThat(test.degrees()).isEqualTo(expected.get("dof").asInt());
        assertClose(test.p(), expected.get("p"));
        assertClose(test.g(), expected.get("g_statistic"));
        assertClose(test.gP(), expected.get("g_p"));
        assertClose(test.cramersV(), expected.get("cramers_v"));
        double[][] counts = ChiSquare.expected(table);
        assertThat(counts[0]).hasSize(expected.get("columns_used").asInt());
        for (int row = 0; row < counts.length; row++) {
            for (int column = 0; column < counts[row].length; column++) {
                assertClose(
                        counts[row][column], expected.get("expected").get(row).get(column));
            }
        }
        if (expected.has("fisher_exact_p")) {
            TwoByTwo two = twoByTwo(table);
            assertClose(two.yates(), expected.get("yates_statistic"));
            assertClose(two.yatesP(), expected.get("yates_p"));
            double fisher = expected.get("fisher_exact_p").asDouble();
            double exact =
                    ReferenceLedger.departing(FILE, "fisher_exact_p").contains(reference.id()) ? HUGE_FISHER : fisher;
            assertThat(two.fisher()).isCloseTo(exact, within(1e-10 * exact));
            assertThat(two.fisher()).isCloseTo(fisher, within(1e-9 * fisher));
        }
    }

    @ParameterizedTest
    @MethodSource("fits")
    void fitEqualsTheFile(Case reference) {
        JsonNode expected = reference.expected();
        ChiSquare fit = ChiSquare.fit(
                Reference.counts(reference.input().get("observed")),
                Reference.sample(reference.input().get("expected_shares")));

        assertClose(fit.statistic(), expected.get("statistic"));
        assertThat(fit.degrees()).isEqualTo(expected.get("dof").asInt());
        assertClose(fit.p(), expected.get("p"));
    }

    private static TwoByTwo twoByTwo(long[][] table) {
        long[][] used = Arrays.stream(table)
                .map(row -> row.length == 2 ? row : new long[] {row[0], row[2]})
                .toArray(long[][]::new);
        return new TwoByTwo(used[0][0], used[0][1], used[1][0], used[1][1]);
    }

    private static void assertClose(double actual, JsonNode expected) {
        assertThat(actual).isCloseTo(expected.asDouble(), within(1e-10 * expected.asDouble()));
    }
}
