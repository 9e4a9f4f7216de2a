// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.statistics.calibration.Reliability;

/// A reliability diagram as counts: of every bin how many, how many correct, and the sum of the confidence.
record Calibration(int measure) {
    void add(double confidence, boolean correct, Delta counts) {
        int bin = Reliability.bin(Confidence.clip(confidence));
        counts.add(measure, 4 * bin);
        if (correct) {
            counts.add(measure, 4 * bin + 1);
        }
        counts.add(measure, 4 * bin + 2, Confidence.nanos(confidence));
    }
}
