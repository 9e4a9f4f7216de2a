// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

import java.util.OptionalLong;

/// Observations, or device blocks, until a verdict: half of the rollouts have it by `median`, nine of ten
/// by `p90`. Empty: not within what anybody waits for.
public record Delay(OptionalLong median, OptionalLong p90) {
    public static final Delay NEVER = new Delay(OptionalLong.empty(), OptionalLong.empty());
}
