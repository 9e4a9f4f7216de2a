// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

/// How many observations are needed, and what counts as shown.
///
/// @param alpha chance that a window with no drift beyond a limit is called drifted, over all its features together;
///     also the largest share of false ones among the other findings of a look
/// @param effect least Kolmogorov-Smirnov D, or Cramér's V, that warns
/// @param apart least change of the share of missing values, or of unseen categories, that warns
public record DriftPolicy(
        long minimumBaseline, long minimumWindow, double warn, double act, double alpha, double effect, double apart) {
    public static final DriftPolicy DEFAULT = new DriftPolicy(1_000, 200, 0.1, 0.25, 0.001, 0.1, 0.05);

    public DriftPolicy {
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
}
