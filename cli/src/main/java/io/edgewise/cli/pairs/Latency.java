// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.statistics.sketch.QuantileSketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Percentiles within 1 %, in the unit of the file; empty where there are too few to speak of one.
public record Latency(long n, List<OptionalDouble> percentiles) {
    public static final List<Double> AT = List.of(0.5, 0.9, 0.95, 0.99, 0.999);

    public Latency {
        percentiles = List.copyOf(percentiles);
    }

    static Optional<Latency> of(QuantileSketch sketch) {
        if (sketch.count() == 0) {
            return Optional.empty();
        }
        List<OptionalDouble> percentiles = new ArrayList<>();
        AT.forEach(at -> percentiles.add(sketch.quantile(at)));
        return Optional.of(new Latency(sketch.count(), percentiles));
    }
}
