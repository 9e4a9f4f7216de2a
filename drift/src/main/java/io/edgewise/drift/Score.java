// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

/// One feature of one window against its baseline.
///
/// @param pWarn p-value against "the index is at most the first limit", before correction for several features
/// @param pAct the same for the second limit
/// @param level what a p-value had to be below: alpha divided by the number of features
public record Score(
        String feature,
        long baselineN,
        long currentN,
        double psi,
        double psiCorrected,
        double pWarn,
        double pAct,
        double level,
        Severity severity) {}
