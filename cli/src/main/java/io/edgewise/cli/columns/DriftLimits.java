// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.cli.table.BadInput;

/// What counts as drift.
///
/// @param warn stability index that must be shown to be exceeded to warn
/// @param act the same to act
/// @param alpha chance that a comparison without drift beyond the limits is called drifted
/// @param effect least Kolmogorov-Smirnov D, or Cramér's V, that warns
/// @param apart least change of the share of missing or unseen values that warns
public record DriftLimits(double warn, double act, double alpha, double effect, double apart) {
    public static final DriftLimits DEFAULT = new DriftLimits(0.1, 0.25, 0.05, 0.1, 0.05);

    public DriftLimits {
        if (!(warn > 0 && act >= warn && act < 10)) {
            throw new BadInput("--psi-warn " + warn + " and --psi-act " + act
                    + ": both must be above 0, below 10 and in " + "this order (0.1 and 0.25).");
        }
        if (!(alpha > 0 && alpha < 0.5)) {
            throw new BadInput("--alpha " + alpha + " must lie in (0, 0.5) (0.05).");
        }
        if (!(effect > 0 && effect < 1)) {
            throw new BadInput("--effect " + effect + " must lie in (0, 1) (0.1).");
        }
    }
}
