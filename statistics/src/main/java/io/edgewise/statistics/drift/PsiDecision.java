// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.drift;

import java.util.OptionalLong;
import java.util.stream.LongStream;

/// Whether the true stability index is beyond a limit, within it, or not yet known.
///
/// BREACH where the p-value against "at most delta" is below alpha, SAFE where the one against "at
/// least delta" is, otherwise UNDECIDED. The half counts of [Psi] pull both sides towards even shares,
/// which shrinks an index by up to about (N/(N + B/2))², N the smaller side: SAFE is asked at a delta
/// made smaller by that factor, or small windows would be called stable too often (6.4 % instead of 5 %
/// at 100).
///
/// @param pAbove p-value against "the true index is at most delta"
/// @param pBelow p-value against "the true index is at least delta", after shrinking as above
/// @param needed further current observations after which such a window is decided with 90 % power, if
///     the true index is its corrected value (or 0 where that is negative), against the same baseline;
///     0 where it is decided; empty where there is no such number: a side without data, a true index at
///     the limit, or too small a baseline
public record PsiDecision(DriftVerdict verdict, double pAbove, double pBelow, OptionalLong needed) {
    /// Power that `needed` is planned with.
    public static final double POWER = 0.9;

    /// Delta is the index that matters (0.1), alpha the level of either finding (0.05).
    public static PsiDecision of(long[] reference, long[] current, double delta, double alpha) {
        if (!(alpha > 0 && alpha < 0.5)) {
            throw new IllegalArgumentException("PsiDecision: alpha " + alpha + " must lie in (0, 0.5) (0.05).");
        }
        Psi psi = Psi.of(reference, current);
        double above = psi.pAbove(delta);
        double below = psi.pBelow(delta * shrinkage(psi.degrees() + 1, reference, current));
        if (above < alpha) {
            return new PsiDecision(DriftVerdict.BREACH, above, below, OptionalLong.of(0));
        }
        if (below < alpha) {
            return new PsiDecision(DriftVerdict.SAFE, above, below, OptionalLong.of(0));
        }
        OptionalLong needed = OptionalLong.empty();
        if (psi.degrees() > 0) {
            long n = LongStream.of(reference).sum();
            long m = LongStream.of(current).sum();
            needed = needed(psi, n, m, delta, alpha);
        }
        return new PsiDecision(DriftVerdict.UNDECIDED, above, below, needed);
    }

    private static double shrinkage(int bins, long[] reference, long[] current) {
        double fewer =
                Math.min(LongStream.of(reference).sum(), LongStream.of(current).sum());
        double kept = fewer / (fewer + bins / 2.0);
        return kept * kept;
    }

    private static OptionalLong needed(Psi psi, long n, long m, double delta, double alpha) {
        PsiPlan plan = new PsiPlan(psi.degrees() + 1, OptionalLong.of(n), alpha);
        double truth = Math.max(0, psi.corrected());
        OptionalLong all =
                truth > delta ? plan.toShowAbove(delta, truth, POWER) : plan.toShowBelow(delta, truth, POWER);
        return all.isEmpty() ? all : OptionalLong.of(Math.max(1, all.getAsLong() - m));
    }
}
