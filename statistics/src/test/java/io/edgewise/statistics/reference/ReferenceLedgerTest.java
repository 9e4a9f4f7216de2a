// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who runs which reference file: none may be left without a test, and none may lose cases in silence.
class ReferenceLedgerTest {
    private static final String ROOT = "io.edgewise.statistics.";

    /// @param owner the test class that runs every case of the file, below [#ROOT]
    record Entry(String file, int cases, String owner) {}

    static final List<Entry> LEDGER = List.of(
            new Entry("psi.json", 28, "drift.PsiReferenceTest"),
            new Entry("ks.json", 32, "drift.KsReferenceTest"),
            new Entry("chi_square.json", 19, "drift.ChiSquareReferenceTest"),
            new Entry("distances.json", 19, "drift.DistancesReferenceTest"),
            new Entry("calibration.json", 22, "calibration.CalibrationReferenceTest"),
            new Entry("agreement.json", 16, "classification.KappaTest"),
            new Entry("auroc.json", 15, "classification.AurocTest"),
            new Entry("entropy.json", 17, "classification.EntropyTest"),
            new Entry("confidence_sequences.json", 28, "sequential.ConfidenceSequenceReferenceTest"),
            new Entry("sequential_tests.json", 35, "sequential.SequentialReferenceTest"),
            new Entry("proportions.json", 29, "proportion.ProportionReferenceTest"),
            new Entry("mcnemar.json", 16, "proportion.McNemarReferenceTest"),
            new Entry("multiple_testing.json", 18, "multiple.MultipleTestingReferenceTest"),
            new Entry("quantiles.json", 18, "sample.QuantilesReferenceTest"),
            new Entry("two_sample.json", 15, "sample.TwoSampleReferenceTest"),
            new Entry("generators.json", 13, "reference.GeneratorsReferenceTest"));

    static List<Entry> ledger() {
        return LEDGER;
    }

    @Test
    void everyFileIsInTheLedger() throws IOException, URISyntaxException {
        URL directory = Objects.requireNonNull(Reference.class.getResource("/reference"));
        try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())).filter(name -> name.endsWith(".json")))
                    .containsExactlyInAnyOrderElementsOf(
                            LEDGER.stream().map(Entry::file).toList());
        }
    }

    /// 327 expected results, and 13 vectors that test the generators of their inputs.
    @Test
    void thereAre327CasesAnd13GeneratorVectors() {
        int all = LEDGER.stream().mapToInt(Entry::cases).sum();

        assertThat(LEDGER).hasSize(16);
        assertThat(all).isEqualTo(327 + 13);
    }

    @ParameterizedTest
    @MethodSource("ledger")
    void everyFileHoldsItsCasesUnderDifferentNames(Entry entry) {
        List<Reference.Case> cases = Reference.cases(entry.file(), c -> true);

        assertThat(cases).hasSize(entry.cases());
        assertThat(cases).extracting(Reference.Case::id).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("ledger")
    void everyFileIsRunByATest(Entry entry) throws ClassNotFoundException {
        Class<?> owner = Class.forName(ROOT + entry.owner());

        assertThat(owner.getDeclaredMethods())
                .as("tests in %s", owner.getSimpleName())
                .anyMatch(method -> Arrays.stream(method.getDeclaredAnnotations())
                        .map(annotation -> annotation.annotationType().getSimpleName())
                        .anyMatch(List.of("Test", "ParameterizedTest", "TestFactory")::contains));
    }
}
