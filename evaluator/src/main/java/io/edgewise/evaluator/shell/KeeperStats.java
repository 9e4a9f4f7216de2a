// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import java.util.concurrent.atomic.LongAdder;

/// What one keeper did since it started, for metrics. Written by its loop, read by any thread.
public final class KeeperStats {
    private final LongAdder rounds = new LongAdder();
    private final LongAdder gatheredParts = new LongAdder();
    private final LongAdder gatheredRows = new LongAdder();
    private final LongAdder labelsTogether = new LongAdder();
    private final LongAdder foldedParts = new LongAdder();
    private final LongAdder foldedWindows = new LongAdder();
    private final LongAdder compactedParts = new LongAdder();
    private final LongAdder expiredParts = new LongAdder();
    private final LongAdder rolledPeriods = new LongAdder();
    private final LongAdder droppedPartitions = new LongAdder();
    private volatile long lagMs;

    void round() {
        rounds.increment();
    }

    /// How far keepers are behind.
    void lags(long lag) {
        lagMs = lag;
    }

    void gathered(PartFold.Folded folded) {
        gatheredParts.add(folded.parts());
        gatheredRows.add(folded.rows());
        labelsTogether.add(folded.labelsTogether());
    }

    void folded(WindowParts.Taken taken) {
        foldedParts.add(taken.parts());
        foldedWindows.add(taken.windows());
        expiredParts.add(taken.expired());
    }

    void compacted(WindowParts.Taken taken) {
        compactedParts.add(taken.parts() - taken.windows());
    }

    void rolled(RollUps.Rolled rolled) {
        rolledPeriods.add(rolled.periods());
    }

    void dropped() {
        droppedPartitions.increment();
    }

    public long rounds() {
        return rounds.sum();
    }

    /// Parts that flushes had appended and that are in stored evidence and in parts of windows now.
    public long gatheredParts() {
        return gatheredParts.sum();
    }

    /// Rows of evidence and parts of windows written for that.
    public long gatheredRows() {
        return gatheredRows.sum();
    }

    /// Labels that found no room of their own in evidence, and were counted together with others.
    public long labelsTogether() {
        return labelsTogether.sum();
    }

    /// Parts of windows that are in stored windows now.
    public long foldedParts() {
        return foldedParts.sum();
    }

    /// Stored windows written by folding.
    public long foldedWindows() {
        return foldedWindows.sum();
    }

    /// How many parts fewer there are by putting those of open minutes together.
    public long compactedParts() {
        return compactedParts.sum();
    }

    /// Parts of days that retention had dropped: in no window any more, in evidence all the same.
    public long expiredParts() {
        return expiredParts.sum();
    }

    /// Hours and days, each of one rollout, made from their parts.
    public long rolledPeriods() {
        return rolledPeriods.sum();
    }

    public long droppedPartitions() {
        return droppedPartitions.sum();
    }

    /// How long the oldest minute that is over and not folded has been waiting after the last round; 0 when there is
    /// none.
    public long lagMs() {
        return lagMs;
    }
}
