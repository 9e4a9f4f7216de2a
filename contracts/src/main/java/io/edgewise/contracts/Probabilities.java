// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.LabelProbability;

/// Whether the probabilities that an arm states can be the highest ones of one distribution.
public final class Probabilities {
    /// Outputs of eight bits are rounded to 1/256 each.
    private static final double MOST = 1.01;

    private Probabilities() {}

    /// Their sum is above 1, beyond rounding: they are scores of another kind, and so is the confidence beside them.
    /// A sum below 1 says nothing, since an arm states only the highest.
    public static boolean areUnnormalised(double sum) {
        return sum > MOST;
    }

    public static boolean areUnnormalised(Arm arm) {
        double sum = 0;
        for (LabelProbability top : arm.getTopList()) {
            sum += top.getProbability();
        }
        return areUnnormalised(sum);
    }
}
