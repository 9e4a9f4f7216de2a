// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.special.Counts;

/// Events (errors) of two arms that share traffic: given an event, it is the challenger's with probability
/// rho, its share of the exposure, where both arms have the same event rate, even if that rate moves in
/// time (Lindon and Malek, arXiv 2011.03567). By [TruncatedBeta] with q0 = rho and a uniform mixture. A
/// function of totals.
public record ExposureShare(double rho) {
    public ExposureShare {
        if (!(rho > 0 && rho < 1)) {
            throw new IllegalArgumentException(
                    "ExposureShare: the challenger's share of exposure " + rho + " must lie strictly between 0 and 1.");
        }
    }

    /// ln of the evidence against "the challenger has at most the champion's event rate".
    public double logEMore(long champion, long challenger) {
        requireEvents(champion, challenger);
        return TruncatedBeta.logE(challenger, Counts.add(champion, challenger), rho, 1, 1);
    }

    /// ln of the evidence against "the challenger has at least the champion's event rate".
    public double logEFewer(long champion, long challenger) {
        requireEvents(champion, challenger);
        return TruncatedBeta.logE(champion, Counts.add(champion, challenger), 1 - rho, 1, 1);
    }

    private static void requireEvents(long champion, long challenger) {
        if (champion < 0 || challenger < 0) {
            throw new IllegalArgumentException(
                    "ExposureShare: " + champion + " and " + challenger + " events; counts must not be negative.");
        }
    }
}
