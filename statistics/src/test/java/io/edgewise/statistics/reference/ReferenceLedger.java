// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.reference;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Who runs which reference file, and where our numbers are not held to those of the file.
public final class ReferenceLedger {
    static final String ROOT = "io.edgewise.statistics.";
    private static final Set<String> TESTS = Set.of("Test", "ParameterizedTest", "TestFactory");

    /// @param owner the test class that reads every value of every case of the file, below [#ROOT]
    record Entry(String file, int cases, String owner) {}

    /// What a departure does with the value in the file.
    public enum How {
        /// It is not read.
        UNREAD,
        /// It is read, and ours is compared with another number.
        OTHER_NUMBER,
        /// It is compared at a wider tolerance than the file's.
        WIDER
    }

    /// @param key name of the expected value, without the numbers of elements; names below it included
    public record Departure(String file, String key, How how, Set<String> ids, String reason) {
        boolean leavesUnread(String caseFile, String id, String place) {
            String name = place.replaceAll("\\[\\d+]", "");
            return how == How.UNREAD
                    && file.equals(caseFile)
                    && ids.contains(id)
                    && (name.equals(key) || name.startsWith(key + "."));
        }
    }

    static final List<Entry> ENTRIES = List.of(
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

    private static final String OTHER_EDGES = "torchmetrics bins [lo, hi), so confidences on a bound fall into another"
            + " bin. Its numbers are compared with ours on its bins.";
    private static final String EMPTY_BIN = "One bin is empty on both sides. The file counts it in B, this library does"
            + " not (an empty reserved bin would shift the level). SciPy's numbers without it are asserted instead.";

    static final List<Departure> DEPARTURES = List.of(
            new Departure(
                    "psi.json",
                    "order_statistic_bins.jeffreys",
                    How.UNREAD,
                    Set.of("12-reference-smaller-than-bins"),
                    EMPTY_BIN),
            new Departure("psi.json", "jeffreys", How.UNREAD, Set.of("26-counts-both-empty-bin"), EMPTY_BIN),
            new Departure(
                    "chi_square.json",
                    "fisher_exact_p",
                    How.OTHER_NUMBER,
                    Set.of("12-huge"),
                    "SciPy loses digits among counts of a million: 0.2112138566442971 for 0.2112138567194188, which"
                            + " mpmath sums at 40 digits and which is asserted; the file's is held to 1e-9."),
            new Departure(
                    "proportions.json",
                    "miettinen_nurminen_ci",
                    How.OTHER_NUMBER,
                    Set.of(
                            "22-two-5-100-3-100",
                            "24-two-850-1000-880-1000",
                            "25-two-12-1000-120-99000",
                            "27-two-500-10000-430-10000",
                            "29-two-7-20-7-20"),
                    "statsmodels 0.15.0 solves the cubic equation with a wrong coefficient (its issue 10269). Ours are"
                            + " compared with roots of the likelihood itself, and the file's are shown to be those of"
                            + " that coefficient."),
            new Departure(
                    "proportions.json",
                    "miettinen_nurminen_ci",
                    How.OTHER_NUMBER,
                    Set.of("23-two-0-50-4-60", "26-two-40-40-38-40", "28-two-1-1-0-1"),
                    "A rate is 0 or 1 and statsmodels finds no root: the file has null, asserted to be so. Ours are"
                            + " compared with roots of the likelihood itself."),
            new Departure(
                    "calibration.json",
                    "torchmetrics_ece_l1",
                    How.OTHER_NUMBER,
                    Set.of("07-on-bounds-ten-bins", "18-hundred-bins"),
                    OTHER_EDGES),
            new Departure(
                    "calibration.json",
                    "torchmetrics_rmsce_l2",
                    How.OTHER_NUMBER,
                    Set.of("07-on-bounds-ten-bins", "18-hundred-bins"),
                    OTHER_EDGES),
            new Departure(
                    "calibration.json",
                    "torchmetrics_ece_l1",
                    How.WIDER,
                    Set.of("20-matrix-3", "21-matrix-5", "22-matrix-10"),
                    "torchmetrics computes matrices in single precision: 3e-8 instead of 1e-9."),
            new Departure(
                    "auroc.json",
                    "reason",
                    How.UNREAD,
                    Set.of("05-one-class"),
                    "A sentence that says why there is no value."));

    private ReferenceLedger() {}

    /// Ids of the cases in which ours is not held to this value of the file.
    public static Set<String> departing(String file, String key) {
        Set<String> ids = new TreeSet<>();
        DEPARTURES.stream()
                .filter(departure ->
                        departure.file().equals(file) && departure.key().equals(key))
                .forEach(departure -> ids.addAll(departure.ids()));
        return ids;
    }

    static Entry ownedBy(Class<?> owner) {
        return ENTRIES.stream()
                .filter(entry -> owner.getName().equals(ROOT + entry.owner()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "ReferenceLedger: " + owner.getName() + " owns no file; list it in ENTRIES."));
    }

    static boolean isTest(Method method) {
        return Arrays.stream(method.getDeclaredAnnotations())
                .map(annotation -> annotation.annotationType().getSimpleName())
                .anyMatch(TESTS::contains);
    }
}
