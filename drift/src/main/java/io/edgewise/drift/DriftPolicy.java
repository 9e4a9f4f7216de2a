// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

/// How many observations are needed, and what counts as shown.
///
/// @param alpha chance that a window with no drift beyond a limit is called drifted, over all its features together
public record DriftPolicy(long minimumBaseline, long minimumWindow, double warn, double act, double alpha) {
    public static final DriftPolicy DEFAULT = new DriftPolicy(1_000, 200, 0.1, 0.25, 0.001);

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
    }
}
