// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.drift.DriftVerdict;
import io.edgewise.statistics.drift.EntropyDrift;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One feature of one slice of a window against its baseline.
///
/// @param baselineN comparable observations of the baseline: neither missing nor infinite
/// @param index empty where the window has too few comparable observations
/// @param shape the same
/// @param missing observations without a finite value
/// @param unseen of categories, observations in categories that the baseline never saw
/// @param entropy of the feature entropy, what became of its mean
/// @param moved the bins that add most to the index, largest first
/// @param sure whether one such window is enough to open a finding; where it is not, the next one must agree
public record Score(
        String slice,
        String feature,
        long baselineN,
        long currentN,
        Optional<Index> index,
        Optional<Shape> shape,
        Apart missing,
        Optional<Apart> unseen,
        Optional<EntropyDrift> entropy,
        List<Moved> moved,
        Severity severity,
        boolean sure) {

    public Score {
        moved = List.copyOf(moved);
    }

    /// The population stability index, with the Jensen-Shannon divergence in bits beside it.
    ///
    /// @param jensenShannon of the same bins; of categories, of all that occur
    /// @param pWarn p-value against "the index is at most the first limit", and adjusted for all of the look
    /// @param pAct the same for the second limit
    /// @param verdict of the first limit
    /// @param needed observations until it is decided; empty where more of them would not help
    public record Index(
            double psi,
            double corrected,
            double jensenShannon,
            P pWarn,
            P pAct,
            DriftVerdict verdict,
            OptionalLong needed) {}

    /// A p-value as it is, and adjusted for the other tests of the look (Benjamini and Hochberg).
    public record P(double value, double adjusted) {}

    /// The whole distribution: an effect size with its p-value.
    ///
    /// @param error how far the effect of the exact values may lie above that of their cells; 0 for categories
    public record Shape(Kind kind, double effect, double error, P p) {
        /// Whether it is both important and shown.
        boolean isBeyond(DriftPolicy policy, double alpha) {
            return effect >= policy.effect() && p.adjusted() < alpha;
        }
    }

    /// What the effect size is.
    public enum Kind {
        /// Kolmogorov and Smirnov's D of ordered values.
        KS,
        /// Cramér's V of categories.
        CHI_SQUARE
    }

    /// Shares that are in no bin of the index.
    public record Apart(double baseline, double current, P p) {
        boolean isBeyond(DriftPolicy policy, double alpha) {
            return Math.abs(current - baseline) >= policy.apart() && p.adjusted() < alpha;
        }
    }
}
