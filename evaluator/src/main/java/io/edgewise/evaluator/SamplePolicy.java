// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// What is kept of pairs that disagree.
///
/// @param perWindow how many of each window; 0 keeps none
/// @param keepText whether texts that devices were allowed to send are kept too
public record SamplePolicy(int perWindow, boolean keepText) {
    public static final SamplePolicy DEFAULT = new SamplePolicy(8, false);

    private static final int MOST = 64;

    public SamplePolicy {
        if (perWindow < 0 || perWindow > MOST) {
            throw new IllegalArgumentException("edgewise.evaluator.disagreements is " + perWindow
                    + "; it must lie between 0, which keeps none, and " + MOST);
        }
    }
}
