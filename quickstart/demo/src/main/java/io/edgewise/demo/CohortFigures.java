// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.util.OptionalDouble;

/// What the users of one cohort met since the rollout began. Empty where there is not enough data to say it.
public record CohortFigures(long requests, OptionalDouble p99Micros, OptionalDouble costNanos) {
    public static final CohortFigures NONE = new CohortFigures(0, OptionalDouble.empty(), OptionalDouble.empty());
}
