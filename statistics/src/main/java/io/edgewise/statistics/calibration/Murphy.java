// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

/// Murphy's (1973) split of the Brier score over bins: reliability - resolution + uncertainty.
///
/// Bins stand for their mean confidence, so the sum equals the Brier score only up to the variance
/// within bins.
///
/// @param reliability Σ n_b/n gap²; 0 is perfect
/// @param resolution Σ n_b/n (share correct in the bin - share correct)²; more is better
/// @param uncertainty share correct · (1 - share correct)
public record Murphy(double reliability, double resolution, double uncertainty) {
    /// reliability - resolution + uncertainty (Murphy 1973).
    public double brier() {
        return reliability - resolution + uncertainty;
    }
}
