// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

/// The server's account of what devices sent, as sums over the devices.
public record CountedObservations(
        long counted,
        long late,
        long rejected,
        long dropped,
        long lost,
        long duplicates,
        long openGaps,
        long imbalance,
        long feedback) {
    public static final CountedObservations NOTHING = new CountedObservations(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// What was accounted for since `start`.
    public CountedObservations since(CountedObservations start) {
        return new CountedObservations(
                counted - start.counted,
                late - start.late,
                rejected - start.rejected,
                dropped - start.dropped,
                lost - start.lost,
                duplicates - start.duplicates,
                openGaps,
                imbalance,
                feedback - start.feedback);
    }
}
