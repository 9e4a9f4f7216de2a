// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// What one record says: counts for windows and evidence alike, counts for windows only, and its step in each of the
/// device's blocks. Used again for the next record.
final class Reading {
    static final int NO_STEP = Integer.MIN_VALUE;

    /// A request above this price, in nano-units, is refused as impossible.
    static final long HIGHEST_COST = 1_000_000_000_000L;

    private final Delta shared = new Delta();
    private final Delta windowOnly = new Delta();
    private final int[] steps = new int[BlockKind.all().length];
    private long cost;

    void clear() {
        shared.clear();
        windowOnly.clear();
        java.util.Arrays.fill(steps, NO_STEP);
        cost = 0;
    }

    Delta shared() {
        return shared;
    }

    Delta windowOnly() {
        return windowOnly;
    }

    /// One more observation of the guardrail's block, adding `value` to its sum.
    void step(BlockKind kind, int value) {
        steps[kind.place()] = value;
    }

    int step(BlockKind kind) {
        return steps[kind.place()];
    }

    void cost(long nanos) {
        cost = Math.max(cost, nanos);
    }

    /// Sums of costs must never overflow, whatever a device sends.
    boolean isCostPossible() {
        return cost <= HIGHEST_COST;
    }
}
