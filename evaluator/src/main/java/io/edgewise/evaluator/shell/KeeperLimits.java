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
record KeeperLimits(
        int mostFoldedParts, int mostParts, long mostBytes, int mostOpenParts, int mostRolledRows, int mostPieces) {
    static final KeeperLimits DEFAULT = new KeeperLimits(120, 10_000, 4 << 20, 1_000, 20_000, 20);

    /// Of what flushes appended, several times as much at once: a rollout's parts are then added to its evidence in
    /// fewer steps, each of which takes longer.
    KeeperLimits behind() {
        return new KeeperLimits(4 * mostFoldedParts, mostParts, mostBytes, mostOpenParts, mostRolledRows, mostPieces);
    }
}
