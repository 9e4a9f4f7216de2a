// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import io.edgewise.statistics.calibration.Reliability;

/// Labelled answers counted one by one.
final class BinSums {
    private final long[] n = new long[Reliability.BINS];
    private final long[] correct = new long[Reliability.BINS];
    private final double[] confidenceSum = new double[Reliability.BINS];

    void add(double confidence, boolean right) {
        int bin = Reliability.bin(confidence);
        n[bin]++;
        correct[bin] += right ? 1 : 0;
        confidenceSum[bin] += confidence;
    }

    Reliability counted() {
        return new Reliability(n, correct, confidenceSum);
    }
}
