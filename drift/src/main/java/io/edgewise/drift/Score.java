// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import io.edgewise.statistics.drift.DriftVerdict;
import io.edgewise.statistics.drift.EntropyDrift;
import java.util.Optional;
import java.util.OptionalLong;

/// One feature of one window against its baseline.
///
/// @param baselineN comparable observations of the baseline: neither missing nor infinite
/// @param index empty where the window has too few comparable observations
/// @param shape the same
/// @param missing observations without a finite value
/// @param unseen of categories, observations in categories that the baseline never saw
/// @param entropy of the feature entropy, what became of its mean
public record Score(
        String feature,
        long baselineN,
        long currentN,
        Optional<Index> index,
        Optional<Shape> shape,
        Apart missing,
        Optional<Apart> unseen,
        Optional<EntropyDrift> entropy,
        Severity severity) {

    /// The population stability index.
    ///
    /// @param pWarn p-value against "the index is at most the first limit", before correction for several features
    /// @param pAct the same for the second limit
    /// @param level what a p-value had to be below: alpha divided by the number of features
    /// @param verdict of the first limit, at this level
    /// @param needed observations until it is decided; empty where more of them would not help
    public record Index(
            double psi,
            double corrected,
            double pWarn,
            double pAct,
            double level,
            DriftVerdict verdict,
            OptionalLong needed) {}

    /// The whole distribution: an effect size with its p-value, as it is and adjusted for all tests of the look
    /// (Benjamini and Hochberg).
    public record Shape(Kind kind, double effect, double p, double adjusted) {
        /// Whether it is both important and shown.
        boolean isBeyond(DriftPolicy policy) {
            return effect >= policy.effect() && adjusted < policy.alpha();
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
    public record Apart(double baseline, double current, double p, double adjusted) {
        boolean isBeyond(DriftPolicy policy) {
            return Math.abs(current - baseline) >= policy.apart() && adjusted < policy.alpha();
        }
    }
}
