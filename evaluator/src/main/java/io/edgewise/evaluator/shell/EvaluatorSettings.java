// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.Retention;
import io.edgewise.evaluator.SamplePolicy;
import java.time.Duration;

/// The configuration, checked.
public record EvaluatorSettings(long flushIntervalMs, EvaluatorPolicy policy, Retention retention) {
    public EvaluatorSettings {
        if (flushIntervalMs < 10 || flushIntervalMs > 60_000) {
            throw new IllegalArgumentException("edgewise.evaluator.flush-interval is "
                    + Duration.ofMillis(flushIntervalMs) + "; it must lie between 10 ms and one minute");
        }
    }

    /// With the usual retention.
    public EvaluatorSettings(long flushIntervalMs, EvaluatorPolicy policy) {
        this(flushIntervalMs, policy, Retention.DEFAULT);
    }

    static EvaluatorSettings of(EvaluatorConfig config) {
        return new EvaluatorSettings(
                config.flushInterval().toMillis(),
                new EvaluatorPolicy(
                        config.lateness().toMillis(),
                        config.grace().toMillis(),
                        config.sliceCap(),
                        new SamplePolicy(config.disagreements(), config.keepText())),
                new Retention(config.keepMinutes(), config.keepHours(), config.keepDays(), config.keepDisagreements()));
    }
}
