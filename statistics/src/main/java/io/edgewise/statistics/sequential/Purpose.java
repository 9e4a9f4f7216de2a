// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// What the evidence of a [MeanTest] is for. It moves weight between bets, never the promise about false
/// alarms.
public enum Purpose {
    /// Promotion, and intervals: one threshold of 1/alpha; block means and clean streams want the largest
    /// bet.
    SAFE(1.0 / 3),
    /// Roll-back by a [Detector]: a high threshold, and effects of any size.
    BREACH(1.0 / 20);

    private final double onLargest;

    Purpose(double onLargest) {
        this.onLargest = onLargest;
    }

    /// The share of the first stake that is put on the largest bet, beside its part of the spread.
    double onLargest() {
        return onLargest;
    }
}
