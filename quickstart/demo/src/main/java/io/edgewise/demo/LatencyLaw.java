// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.util.random.RandomGenerator;

/// The simulated network between a device and the frontier: log-normal, told by its median and its 99th percentile.
public record LatencyLaw(double medianMicros, double p99Micros) {
    /// The default, as stated on the screen.
    public static final LatencyLaw NETWORK = new LatencyLaw(60_000, 180_000);

    private static final double NORMAL_P99 = 2.3263478740408408;
    private static final double LONGEST_MICROS = 10_000_000;

    public LatencyLaw {
        if (!(medianMicros > 0 && p99Micros >= medianMicros && p99Micros <= LONGEST_MICROS)) {
            throw new IllegalArgumentException("a latency law needs 0 < median <= p99 <= " + LONGEST_MICROS
                    + " µs, got median " + medianMicros + " and p99 " + p99Micros);
        }
    }

    public long sampleMicros(RandomGenerator random) {
        double sigma = StrictMath.log(p99Micros / medianMicros) / NORMAL_P99;
        double micros = medianMicros * StrictMath.exp(sigma * random.nextGaussian());
        return Math.round(Math.min(micros, LONGEST_MICROS));
    }

    public String words() {
        return "log-normal, median " + Words.latency(medianMicros) + ", p99 " + Words.latency(p99Micros);
    }
}
