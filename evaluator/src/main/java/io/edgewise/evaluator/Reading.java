// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// What one record says: what it counts, and its step in each of the
/// device's blocks. Used again for the next record.
final class Reading {
    static final int NO_STEP = Integer.MIN_VALUE;

    /// A request above this price, in nano-units, is refused as impossible: 1,000 units of its currency,
    /// which in some is a few cents. A sum of nine million such requests has no room
    /// ([io.edgewise.contracts.tally.Counts#FULL]).
    static final long HIGHEST_COST = 1_000_000_000_000L;

    private final Delta counts = new Delta();
    private final int[] steps = new int[BlockKind.all().length];
    private long cost;
    private double confidence;
    private boolean correct;
    private boolean disagrees;

    void clear() {
        counts.clear();
        java.util.Arrays.fill(steps, NO_STEP);
        cost = 0;
        disagrees = false;
    }

    Delta counts() {
        return counts;
    }

    /// One more observation of the guardrail's block, adding `value` to its sum.
    void step(BlockKind kind, int value) {
        steps[kind.place()] = value;
    }

    int step(BlockKind kind) {
        return steps[kind.place()];
    }

    /// The step in the block of CALIBRATION is about this answer.
    void truth(double itsConfidence, boolean isCorrect) {
        confidence = itsConfidence;
        correct = isCorrect;
    }

    double confidence() {
        return confidence;
    }

    boolean isCorrect() {
        return correct;
    }

    /// The record is a pair whose comparison says that its arms do not agree.
    void disagree() {
        disagrees = true;
    }

    boolean disagrees() {
        return disagrees;
    }

    void cost(long nanos) {
        cost = Math.max(cost, nanos);
    }

    /// Sums of costs are to be full after absurdly much traffic only, whatever a device sends.
    boolean isCostPossible() {
        return cost <= HIGHEST_COST;
    }
}
