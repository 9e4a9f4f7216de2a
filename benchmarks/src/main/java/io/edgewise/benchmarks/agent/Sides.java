// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.agent;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What the requests of both sides took, slice by slice, in turn.
record Sides(Side agent, Side bare) {
    /// Nanoseconds of each request, by slice in the order of asking.
    record Side(List<double[]> slices) {
        double micros(double quantile) {
            return at(sorted(slices), quantile) / 1e3;
        }

        double micros(int slice, double quantile) {
            return at(sorted(List.of(slices.get(slice))), quantile) / 1e3;
        }

        private static double[] sorted(List<double[]> parts) {
            return parts.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
        }
    }

    /// What each slice of the agent took more than the bare server's right after it, in microseconds, sorted. A
    /// neighbour that takes the processor for a while spoils some of these pairs, not all figures.
    double[] apart(double quantile) {
        return IntStream.range(0, agent.slices().size())
                .mapToDouble(i -> agent.micros(i, quantile) - bare.micros(i, quantile))
                .sorted()
                .toArray();
    }

    int requestsEach() {
        return agent.slices().stream().mapToInt(slice -> slice.length).sum();
    }

    static double at(double[] sorted, double quantile) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * quantile))];
    }
}
