// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

/// How much one piece of the keeper's work may be: it bounds memory and the time that a transaction takes.
///
/// @param mostFoldedParts that flushes appended, added to evidence in one transaction
/// @param mostParts of windows, folded in one transaction
/// @param mostBytes of the parts in one transaction; the last may go beyond
/// @param mostOpenParts of a rollout in a minute that is still open; with more they are put together
/// @param mostRolledRows read for roll-ups in one transaction; the last roll-up may go beyond
/// @param mostPieces of one kind in one round
/// @param rests after a piece, in times of what it took: work for the processor and the database that is
/// spread over the time stands in nobody's way
record KeeperLimits(
        int mostFoldedParts,
        int mostParts,
        long mostBytes,
        int mostOpenParts,
        int mostRolledRows,
        int mostPieces,
        int rests) {
    private static final long BEHIND_MS = 15_000;
    static final KeeperLimits DEFAULT = new KeeperLimits(120, 10_000, 4 << 20, 1_000, 20_000, 20, 4);

    /// What holds when all parts were added so long ago: the longer that is, the less it rests. Far behind it takes
    /// several times as much at once, so that a rollout's parts are added to its evidence in fewer steps, each of
    /// which takes longer.
    KeeperLimits after(long lagMs) {
        boolean isBehind = lagMs >= BEHIND_MS;
        int times = isBehind ? 4 : 1;
        return new KeeperLimits(
                times * mostFoldedParts,
                mostParts,
                times * mostBytes,
                mostOpenParts,
                mostRolledRows,
                mostPieces,
                isBehind ? 0 : Math.toIntExact(rests - rests * Math.max(0, lagMs) / BEHIND_MS));
    }
}
