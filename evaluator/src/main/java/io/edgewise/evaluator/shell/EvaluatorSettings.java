// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.EvaluatorPolicy;
import java.time.Duration;

/// The configuration, checked.
public record EvaluatorSettings(long flushIntervalMs, EvaluatorPolicy policy) {
    public EvaluatorSettings {
        if (flushIntervalMs < 10 || flushIntervalMs > 60_000) {
            throw new IllegalArgumentException("edgewise.evaluator.flush-interval is "
                    + Duration.ofMillis(flushIntervalMs) + "; it must lie between 10 ms and one minute");
        }
    }

    static EvaluatorSettings of(EvaluatorConfig config) {
        return new EvaluatorSettings(
                config.flushInterval().toMillis(),
                new EvaluatorPolicy(config.lateness().toMillis(), config.grace().toMillis(), config.sliceCap()));
    }
}
