// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Log-normal latencies in milliseconds, from 1 ms to 60 s, half of them below 245 ms; the same ones in every run.
final class Latencies {
    static final double LOWEST = 1;
    static final double HIGHEST = 60_000;
    private static final double SIGMA = 1.2;

    private Latencies() {}

    static double[] of(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double middle = StrictMath.log(HIGHEST / LOWEST) / 2;
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            double u = random.nextDouble();
            double v = random.nextDouble();
            double z = StrictMath.sqrt(-2 * StrictMath.log(1 - u)) * StrictMath.cos(2 * StrictMath.PI * v);
            values[i] = Math.clamp(StrictMath.exp(middle + SIGMA * z), LOWEST, HIGHEST);
        }
        return values;
    }

    static long[] micros(double[] millis) {
        return Arrays.stream(millis)
                .mapToLong(value -> Math.round(value * 1_000))
                .toArray();
    }
}
