// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PsiPlanTest {
    private static final OptionalLong TEN_THOUSAND = OptionalLong.of(10_000);
    private static final OptionalLong AS_MANY = OptionalLong.empty();

    @Test
    void knowsFromWhereOnACutOffCanBeTrusted() {
        assertThat(new PsiPlan(10, AS_MANY, 0.05).toTrust(0.1)).hasValue(339);
        assertThat(new PsiPlan(10, TEN_THOUSAND, 0.05).toTrust(0.1)).hasValue(173);
        assertThat(new PsiPlan(10, AS_MANY, 1e-4).toTrust(0.1)).hasValue(675);
        assertThat(new PsiPlan(10, TEN_THOUSAND, 1e-4).toTrust(0.1)).hasValue(349);
        assertThat(new PsiPlan(10, OptionalLong.of(100), 0.05).toTrust(0.1)).isEmpty();
    }

    /// The smallest numbers by the law itself, checked against SciPy. 564 and 210, published for the first and the
    /// last,
    /// have the power too but are not the smallest.
    @Test
    void knowsHowManyObservationsShowDriftOrStability() {
        PsiPlan plan = new PsiPlan(10, TEN_THOUSAND, 0.05);

        assertThat(plan.toShowAbove(0.1, 0.2, 0.9)).hasValue(555);
        assertThat(plan.toShowBelow(0.1, 0.02, 0.9)).hasValue(363);
        assertThat(plan.toShowBelow(0.1, 0, 0.9)).hasValue(208);
        assertThat(powerAbove(564)).isCloseTo(0.9042488010322343, within(1e-8));
        assertThat(powerBelow(210)).isCloseTo(0.9050962924737203, within(1e-8));
    }

    private static double powerAbove(long m) {
        double scale = new PsiPlan(10, TEN_THOUSAND, 0.05).scale(m);
        return NoncentralChiSquare.above(NoncentralChiSquare.quantileAbove(0.05, 9, 0.1 / scale), 9, 0.2 / scale);
    }

    private static double powerBelow(long m) {
        double scale = new PsiPlan(10, TEN_THOUSAND, 0.05).scale(m);
        return NoncentralChiSquare.below(NoncentralChiSquare.quantileBelow(0.05, 9, 0.1 / scale), 9, 0);
    }

    @Test
    void knowsTheLawWhereNothingChanged() {
        PsiPlan plan = new PsiPlan(10, AS_MANY, 0.05);

        assertThat(plan.nullMean(1000)).isCloseTo(0.0180, within(1e-12));
        assertThat(plan.nullVariance(1000)).isCloseTo(18 * 0.002 * 0.002, within(1e-15));
        assertThat(plan.nullQuantile(200)).isCloseTo(0.169, within(0.0005));
        assertThat(plan.nullExceedance(200, 0.1)).isCloseTo(0.35, within(0.001));
    }

    @Test
    void neverShowsWhatIsNotSo() {
        PsiPlan plan = new PsiPlan(10, TEN_THOUSAND, 0.05);

        assertThat(plan.toShowAbove(0.1, 0.1, 0.9)).isEmpty();
        assertThat(plan.toShowBelow(0.1, 0.1, 0.9)).isEmpty();
        assertThat(new PsiPlan(10, OptionalLong.of(50), 0.05).toShowBelow(0.1, 0.02, 0.9))
                .isEmpty();
    }

    @Test
    void answersAtOnceWhateverIsAsked() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (OptionalLong baseline : new OptionalLong[] {AS_MANY, TEN_THOUSAND, OptionalLong.of(Long.MAX_VALUE)}) {
                for (int bins : new int[] {2, 10, 100_000, Integer.MAX_VALUE}) {
                    for (double alpha : new double[] {1e-320, 1e-9, 0.05, 1 - 1e-16}) {
                        PsiPlan plan = new PsiPlan(bins, baseline, alpha);
                        plan.toTrust(1e-15);
                        plan.toTrust(1_000);
                        plan.toShowAbove(1e-12, 1e-12 + 1e-21, 0.9);
                        plan.toShowAbove(0.1, 0.1 + 1e-9, 1 - 1e-16);
                        plan.toShowAbove(1e-300, 1_000, 1e-300);
                        plan.toShowBelow(0.1, 0.1 - 1e-9, 0.9);
                        plan.toShowBelow(1_000, 0, 0.9);
                        plan.toShowBelow(1e-12, 0, 1e-300);
                    }
                }
            }
        });
    }

    /// Far out the index is about normal: ((z_α √(4 δ) + z_β √(4 t)) / (t - δ))² observations against an endless
    /// baseline.
    @Test
    void hugeWindowsArePlannedByTheSameLaw() {
        PsiPlan plan = new PsiPlan(10, OptionalLong.of(Long.MAX_VALUE), 0.05);
        double truth = 0.1 + 1e-6;
        double root = 2 * (1.6448536269514722 * Math.sqrt(0.1) + 1.2815515655446004 * Math.sqrt(truth)) / 1e-6;

        long needed = plan.toShowAbove(0.1, truth, 0.9).orElseThrow();

        assertThat((double) needed).isCloseTo(root * root, within(1e-5 * root * root));
        assertThat(plan.toShowAbove(0.1, 0.1 + 1e-13, 0.9)).isEmpty();
    }

    @Test
    void quantilesInvertTheTails() {
        for (double degrees : new double[] {1, 9, 40}) {
            for (double lambda : new double[] {0, 1, 50, 2000}) {
                for (double p : new double[] {1e-8, 0.05, 0.5, 0.999}) {
                    double high = NoncentralChiSquare.quantileAbove(p, degrees, lambda);
                    double low = NoncentralChiSquare.quantileBelow(p, degrees, lambda);
                    assertThat(NoncentralChiSquare.above(high, degrees, lambda)).isCloseTo(p, within(1e-8 * p));
                    assertThat(NoncentralChiSquare.below(low, degrees, lambda)).isCloseTo(p, within(1e-8 * p));
                }
            }
        }
    }

    @Test
    void refusesPlansThatCannotBe() {
        assertThatThrownBy(() -> new PsiPlan(1, AS_MANY, 0.05)).hasMessageContaining("at least 2");
        assertThatThrownBy(() -> new PsiPlan(10, OptionalLong.of(0), 0.05)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new PsiPlan(10, AS_MANY, Double.NaN)).hasMessageContaining("alpha NaN");
        PsiPlan plan = new PsiPlan(10, AS_MANY, 0.05);
        assertThatThrownBy(() -> plan.toTrust(0)).hasMessageContaining("cutoff");
        assertThatThrownBy(() -> plan.toShowAbove(0.1, Double.NaN, 0.9)).hasMessageContaining("truth");
        assertThatThrownBy(() -> plan.toShowAbove(0.1, 1e300, 0.9)).hasMessageContaining("truth 1.0E300");
        assertThatThrownBy(() -> plan.toShowBelow(1e300, 0, 0.9)).hasMessageContaining("at most 1,000");
        assertThatThrownBy(() -> plan.nullExceedance(10, -1)).hasMessageContaining("cutoff -1.0");
        assertThatThrownBy(() -> plan.scale(0)).hasMessageContaining("at least 1");
    }

    @Test
    void decidesBreachSafeOrHowManyMore() {
        long[] reference = {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000};
        long[] same = {100, 98, 103, 99, 101, 100, 97, 102, 100, 100};
        long[] moved = {20, 40, 60, 80, 100, 100, 120, 140, 160, 180};

        PsiDecision safe = PsiDecision.of(reference, same, 0.1, 0.05);
        assertThat(safe.verdict()).isEqualTo(DriftVerdict.SAFE);
        assertThat(safe.pBelow()).isLessThan(0.05);
        assertThat(safe.needed()).hasValue(0);
        PsiDecision breach = PsiDecision.of(reference, moved, 0.1, 0.05);
        assertThat(breach.verdict()).isEqualTo(DriftVerdict.BREACH);
        assertThat(breach.pAbove()).isLessThan(0.05);
        long[] few = {16, 5, 12, 7, 14, 6, 12, 8, 10, 10};
        PsiDecision undecided = PsiDecision.of(reference, few, 0.1, 0.05);
        assertThat(undecided.verdict()).isEqualTo(DriftVerdict.UNDECIDED);
        double corrected = Psi.of(reference, few).corrected();
        assertThat(corrected).isBetween(0.0, 0.1);
        long all = new PsiPlan(10, TEN_THOUSAND, 0.05)
                .toShowBelow(0.1, corrected, PsiDecision.POWER)
                .orElseThrow();
        assertThat(undecided.needed()).hasValue(all - 100);
    }

    @Test
    void noDataIsNeverGood() {
        for (PsiDecision decision : new PsiDecision[] {
            PsiDecision.of(new long[] {5, 5}, new long[2], 0.1, 0.05),
            PsiDecision.of(new long[2], new long[] {5, 5}, 0.1, 0.05),
            PsiDecision.of(new long[] {9}, new long[] {9}, 0.1, 0.05),
            PsiDecision.of(new long[0], new long[0], 0.1, 0.05)
        }) {
            assertThat(decision.verdict()).isEqualTo(DriftVerdict.UNDECIDED);
            assertThat(decision.needed()).isEmpty();
        }
        assertThatThrownBy(() -> PsiDecision.of(new long[2], new long[2], 0.1, 0.5))
                .hasMessageContaining("alpha");
    }

    @Test
    void aFloorMakesOneRareBinLookLikeDrift() {
        long[] reference = {9_990, 10};
        assertThat(Psi.withFloor(reference, new long[] {10_000, 0}, 1e-12)).isGreaterThan(0.01);
        assertThat(Psi.withFloor(new long[] {90, 10}, new long[] {100, 0}, 1e-4))
                .isCloseTo(0.70, within(0.005));
        assertThat(Psi.withFloor(new long[2], reference, 1e-4)).isNaN();
        assertThatThrownBy(() -> Psi.withFloor(reference, reference, 0)).hasMessageContaining("floor");
    }
}
