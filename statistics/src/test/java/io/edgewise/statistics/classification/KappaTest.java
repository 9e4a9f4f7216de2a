// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.statistics.reference.EveryKeyIsRead;
import io.edgewise.statistics.reference.Reference;
import io.edgewise.statistics.reference.Reference.Case;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(EveryKeyIsRead.class)
class KappaTest {
    private static final double TOLERANCE = 1e-12;

    static List<Case> reference() {
        return Reference.cases("agreement.json", c -> true);
    }

    @Test
    void allCasesAreRead() {
        assertThat(reference()).hasSize(16);
    }

    @ParameterizedTest
    @MethodSource("reference")
    void equalsTheReference(Case reference) {
        JsonNode expected = reference.expected();
        long[][] table = table(reference);
        assertThat(table)
                .isDeepEqualTo(Reference.stream(expected.get("table"))
                        .map(Reference::counts)
                        .toArray(long[][]::new));
        Kappa kappa = Kappa.of(table);

        assertThat(kappa.n()).isEqualTo(expected.get("n").asLong());
        assertClose(kappa.agreement(), expected.get("agreement"));
        assertClose(kappa.expectedAgreement(), expected.get("expected_agreement"));
        assertClose(kappa.kappa(), expected.get("cohen_kappa"));
        assertClose(kappa.linear(), expected.get("cohen_kappa_linear"));
        assertClose(kappa.quadratic(), expected.get("cohen_kappa_quadratic"));
        if (expected.has("kappa_standard_error")) {
            assertClose(kappa.standardError(), expected.get("kappa_standard_error"));
            assertClose(kappa.interval(0.95).low(), expected.get("kappa_ci95").get(0));
            assertClose(kappa.interval(0.95).high(), expected.get("kappa_ci95").get(1));
        } else {
            assertThat(kappa.standardError()).isNaN();
            assertThat(kappa.interval(0.95).low()).isNaN();
        }
    }

    @Test
    void swappingRatersOrLabelsChangesNothing() {
        for (long seed = 1; seed <= 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int labels = random.nextInt(2, 6);
            long[][] table = new long[labels][labels];
            long[][] swapped = new long[labels][labels];
            long[][] mirrored = new long[labels][labels];
            long[][] wider = new long[labels + 1][labels + 1];
            for (int i = 0; i < labels; i++) {
                for (int j = 0; j < labels; j++) {
                    table[i][j] = random.nextInt(20);
                    swapped[j][i] = table[i][j];
                    mirrored[labels - 1 - i][labels - 1 - j] = table[i][j];
                    wider[i][j] = table[i][j];
                }
            }
            Kappa kappa = Kappa.of(table);
            for (Kappa same : List.of(Kappa.of(swapped), Kappa.of(mirrored), Kappa.of(wider))) {
                assertThat(same.kappa()).as("seed %d", seed).isCloseTo(kappa.kappa(), within(TOLERANCE));
                assertThat(same.linear()).as("seed %d", seed).isCloseTo(kappa.linear(), within(TOLERANCE));
                assertThat(same.quadratic()).as("seed %d", seed).isCloseTo(kappa.quadratic(), within(TOLERANCE));
                assertThat(same.standardError()).as("seed %d", seed).isCloseTo(kappa.standardError(), within(1e-9));
            }
            assertThat(kappa.kappa()).as("seed %d", seed).isBetween(-1.0, 1.0);
        }
    }

    @Test
    void nothingRatedIsNoAgreement() {
        for (long[][] none : List.of(new long[0][0], new long[3][3])) {
            Kappa kappa = Kappa.of(none);
            assertThat(kappa.n()).isZero();
            assertThat(kappa.agreement()).isNaN();
            assertThat(kappa.expectedAgreement()).isNaN();
            assertThat(kappa.kappa()).isNaN();
            assertThat(kappa.standardError()).isNaN();
        }
    }

    @Test
    void refusesTablesThatCannotBe() {
        assertThatThrownBy(() -> Kappa.of(new long[][] {{1, 2}, {3}})).hasMessageContaining("square");
        assertThatThrownBy(() -> Kappa.of(new long[][] {{1, -2}, {3, 4}})).hasMessageContaining("negative");
        Kappa kappa = Kappa.of(new long[][] {{1, 2}, {3, 4}});
        assertThatThrownBy(() -> kappa.interval(95)).hasMessageContaining("between 0 and 1");
    }

    private static long[][] table(Case reference) {
        int labels = reference.input().get("labels").asInt();
        double[] a = Reference.sample(reference.input().get("a"));
        double[] b = Reference.sample(reference.input().get("b"));
        long[][] table = new long[labels][labels];
        for (int i = 0; i < a.length; i++) {
            table[(int) a[i]][(int) b[i]]++;
        }
        return table;
    }

    private static void assertClose(double actual, JsonNode expected) {
        if (expected.isTextual()) {
            assertThat(expected.asText()).isEqualTo("NaN");
            assertThat(actual).isNaN();
        } else {
            assertThat(actual).isCloseTo(expected.asDouble(), within(TOLERANCE));
        }
    }
}
