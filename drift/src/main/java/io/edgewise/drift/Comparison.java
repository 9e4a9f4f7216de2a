// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.statistics.drift.ApartShares;
import io.edgewise.statistics.drift.ChiSquare;
import io.edgewise.statistics.drift.EntropyDrift;
import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.drift.PsiDecision;
import io.edgewise.statistics.grid.Cells;
import java.util.Optional;

/// All tests of one feature in one window, before p-values are adjusted for the others of the same look.
///
/// @param shape effect and p of the whole distribution; empty where too few observations are comparable
record Comparison(
        Baseline baseline,
        long currentN,
        Optional<Score.Index> index,
        Optional<Effect> shape,
        Share missing,
        Optional<Share> unseen,
        Optional<EntropyDrift> entropy) {
    private static final double CONFIDENCE = 0.95;

    /// Missing and infinite of either sign are three tests, of which the smallest p-value counts.
    private static final int APART_TESTS = 3;

    /// Up to this product of sizes the p-value of D is exact; beyond, its limit is as good, and a look at many features
    /// each second stays cheap.
    private static final long EXACT_UP_TO = 1_000_000;

    record Effect(Score.Kind kind, double size, double p) {}

    record Share(double baseline, double current, double p) {}

    /// @param features whose tests share alpha
    static Comparison of(Baseline baseline, Cells window, DriftPolicy policy, int features) {
        long comparable = baseline.comparable(window);
        boolean enough = comparable >= policy.minimumWindow();
        ApartShares apart = ApartShares.of(baseline.cells(), window);
        double missing = Math.min(
                apart.missing().p(),
                Math.min(apart.negativeInfinite().p(), apart.positiveInfinite().p()));
        return new Comparison(
                baseline,
                comparable,
                enough ? Optional.of(index(baseline, window, policy, features)) : Optional.empty(),
                enough ? Optional.of(shape(baseline, window)) : Optional.empty(),
                new Share(
                        1 - (double) baseline.observations() / baseline.cells().total(),
                        1 - (double) comparable / window.total(),
                        Math.min(1, APART_TESTS * missing)),
                enough && baseline.isCategorical()
                        ? Optional.of(new Share(
                                0,
                                (double) apart.unseen().window() / comparable,
                                apart.unseen().p()))
                        : Optional.empty(),
                enough && baseline.measure().equals(Measures.ENTROPY)
                        ? Optional.of(EntropyDrift.of(baseline.cells(), window, CONFIDENCE))
                        : Optional.empty());
    }

    private static Score.Index index(Baseline baseline, Cells window, DriftPolicy policy, int features) {
        long[] before = baseline.bins().counts(baseline.cells());
        long[] now = baseline.bins().counts(window);
        double level = policy.alpha() / Math.max(1, features);
        Psi psi = Psi.of(before, now);
        PsiDecision warn = PsiDecision.of(before, now, policy.warn(), level);
        return new Score.Index(
                psi.value(),
                psi.corrected(),
                warn.pAbove(),
                psi.pAbove(policy.act()),
                level,
                warn.verdict(),
                warn.needed());
    }

    private static Effect shape(Baseline baseline, Cells window) {
        if (baseline.isCategorical()) {
            ChiSquare test = ChiSquare.ofCategories(baseline.cells(), window);
            return new Effect(Score.Kind.CHI_SQUARE, Double.isNaN(test.cramersV()) ? 0 : test.cramersV(), test.p());
        }
        KolmogorovSmirnov test = KolmogorovSmirnov.ofCells(Features.finite(baseline.cells()), Features.finite(window));
        boolean small = test.n() <= EXACT_UP_TO / test.m();
        return new Effect(Score.Kind.KS, test.d(), small ? test.p() : test.pLimit());
    }
}
