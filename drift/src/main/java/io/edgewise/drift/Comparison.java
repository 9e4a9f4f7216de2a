// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.statistics.drift.ApartShares;
import io.edgewise.statistics.drift.ChiSquare;
import io.edgewise.statistics.drift.Distances;
import io.edgewise.statistics.drift.EntropyDrift;
import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.drift.PsiDecision;
import io.edgewise.statistics.grid.Cells;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// All tests of one feature of one slice in one window, before p-values are adjusted for the others of the same look.
///
/// @param shape effect and p of the whole distribution; empty where too few observations are comparable
record Comparison(
        DriftJudge.Observed observed,
        long currentN,
        Optional<Index> index,
        Optional<Effect> shape,
        Share missing,
        Optional<Share> unseen,
        Optional<EntropyDrift> entropy) {
    private static final double CONFIDENCE = 0.95;

    /// Missing and infinite of either sign are three tests, of which the smallest p-value counts.
    private static final int APART_TESTS = 3;

    /// Up to this product of sizes the p-value of D is exact; beyond, its limit is as good, and a look at many
    /// features each second stays cheap.
    private static final long EXACT_UP_TO = 1_000_000;

    /// @param decision at the level of one of all tests of the look
    record Index(Psi psi, double jensenShannon, PsiDecision decision, double pAct, List<Moved> moved) {}

    record Effect(Score.Kind kind, double size, double error, double p) {}

    record Share(double baseline, double current, double p) {}

    /// @param tests that share alpha
    static Comparison of(DriftJudge.Observed observed, DriftPolicy policy, int tests) {
        Baseline baseline = observed.baseline();
        Cells window = observed.window();
        long comparable = baseline.comparable(window);
        boolean enough = comparable >= policy.minimumWindow();
        ApartShares apart = ApartShares.of(baseline.cells(), window);
        double missing = Math.min(
                apart.missing().p(),
                Math.min(apart.negativeInfinite().p(), apart.positiveInfinite().p()));
        return new Comparison(
                observed,
                comparable,
                enough ? Optional.of(index(observed, policy, tests)) : Optional.empty(),
                enough ? Optional.of(shape(baseline, window)) : Optional.empty(),
                new Share(
                        1 - (double) baseline.observations() / baseline.cells().total(),
                        1 - (double) comparable / window.total(),
                        Math.min(1, APART_TESTS * missing)),
                enough && baseline.categorical()
                        ? Optional.of(new Share(
                                0,
                                (double) apart.unseen().window() / comparable,
                                apart.unseen().p()))
                        : Optional.empty(),
                enough && baseline.measure().equals(Measures.ENTROPY)
                        ? Optional.of(EntropyDrift.of(baseline.cells(), window, CONFIDENCE))
                        : Optional.empty());
    }

    private static Index index(DriftJudge.Observed observed, DriftPolicy policy, int tests) {
        Baseline baseline = observed.baseline();
        long[] before = baseline.bins().counts(baseline.cells());
        long[] now = baseline.bins().counts(observed.window());
        Psi psi = Psi.of(before, now);
        return new Index(
                psi,
                baseline.categorical()
                        ? ofCategories(baseline.cells(), observed.window())
                        : Distances.jensenShannonBits(Distances.weights(before), Distances.weights(now)),
                PsiDecision.of(before, now, policy.warn(), policy.alpha() / Math.max(1, tests)),
                psi.pAbove(policy.act()),
                WhatMoved.of(baseline, before, now, observed.names()));
    }

    private static double ofCategories(Cells baseline, Cells window) {
        Cells before = Features.finite(baseline);
        Cells now = Features.finite(window);
        int[] all = before.plus(now).cells();
        return Distances.jensenShannonBits(
                Distances.weights(Arrays.stream(all).mapToLong(before::count).toArray()),
                Distances.weights(Arrays.stream(all).mapToLong(now::count).toArray()));
    }

    private static Effect shape(Baseline baseline, Cells window) {
        if (baseline.categorical()) {
            ChiSquare test = ChiSquare.ofCategories(baseline.cells(), window);
            return new Effect(Score.Kind.CHI_SQUARE, Double.isNaN(test.cramersV()) ? 0 : test.cramersV(), 0, test.p());
        }
        KolmogorovSmirnov test = KolmogorovSmirnov.ofCells(Features.finite(baseline.cells()), Features.finite(window));
        boolean small = test.n() <= EXACT_UP_TO / test.m();
        return new Effect(Score.Kind.KS, test.d(), test.over(), small ? test.p() : test.pLimit());
    }
}
