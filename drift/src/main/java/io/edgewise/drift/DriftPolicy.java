// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import java.util.Set;

/// How many observations are needed, and what counts as shown.
///
/// @param alpha chance that a look calls a feature drifted that is within the limits, over all features and slices of
///     the look; also the largest share of false ones among its other findings
/// @param effect least Kolmogorov-Smirnov D, or Cramér's V, that warns
/// @param apart least change of the share of missing values, or of unseen categories, that warns
/// @param warnOnly features that never call for action, whatever their index
/// @param codes declared features whose numbers are codes of categories
public record DriftPolicy(
        long minimumBaseline,
        long minimumWindow,
        double warn,
        double act,
        double alpha,
        double effect,
        double apart,
        Set<String> warnOnly,
        Set<String> codes) {
    /// Latency has guardrails of its own, against the control of the same minutes: it moves with every machine's
    /// load.
    public static final DriftPolicy DEFAULT =
            new DriftPolicy(1_000, 200, 0.1, 0.25, 0.001, 0.1, 0.05, Set.of("latency"), Set.of());

    public DriftPolicy {
        warnOnly = Set.copyOf(warnOnly);
        codes = Set.copyOf(codes);
        if (minimumBaseline < 1 || minimumWindow < 1) {
            throw new IllegalArgumentException("drift needs at least one observation in baseline and window, not "
                    + minimumBaseline + " and " + minimumWindow);
        }
        if (!(warn > 0 && act >= warn && act < 10)) {
            throw new IllegalArgumentException(
                    "drift limits must satisfy 0 < warn <= act, not warn " + warn + " and act " + act);
        }
        if (!(alpha > 0 && alpha < 0.5)) {
            throw new IllegalArgumentException("drift alpha must lie in (0, 0.5), not " + alpha);
        }
        if (!(effect > 0 && effect < 1 && apart > 0 && apart < 1)) {
            throw new IllegalArgumentException(
                    "drift effect and apart are shares in (0, 1) (0.1 and 0.05), not " + effect + " and " + apart);
        }
    }

    public DriftPolicy withMinimumWindow(long observations) {
        return new DriftPolicy(minimumBaseline, observations, warn, act, alpha, effect, apart, warnOnly, codes);
    }

    /// Whether the cells of a measure have no order.
    public boolean isCategorical(String measure) {
        return Features.isCategorical(measure) || codes.contains(Features.name(measure));
    }
}
