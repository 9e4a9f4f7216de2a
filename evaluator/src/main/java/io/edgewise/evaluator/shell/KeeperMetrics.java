// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/// A keeper's numbers, as long as it runs.
final class KeeperMetrics implements AutoCloseable {
    private static final String PREFIX = "edgewise.keeper.";
    private static final double SECOND = 1e3;

    private final MeterRegistry registry;
    private final List<Meter> meters;

    KeeperMetrics(MeterRegistry registry, KeeperStats stats) {
        this.registry = registry;
        this.meters = List.of(
                FunctionCounter.builder(PREFIX + "parts", stats, KeeperStats::gatheredParts)
                        .description("Parts that flushes appended and that were added to evidence and windows")
                        .register(registry),
                FunctionCounter.builder(PREFIX + "rows", stats, KeeperStats::gatheredRows)
                        .description("Rows of evidence and parts of windows written for that")
                        .register(registry),
                FunctionCounter.builder(PREFIX + "labels.together", stats, KeeperStats::labelsTogether)
                        .description("Labels of answers beyond the ones that are counted by name")
                        .register(registry),
                Gauge.builder(PREFIX + "lag", stats, at -> at.lagMs() / SECOND)
                        .baseUnit("seconds")
                        .description("How far the keeper is behind")
                        .register(registry));
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
