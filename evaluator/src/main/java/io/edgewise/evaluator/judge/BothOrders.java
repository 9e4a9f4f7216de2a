// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.judge;

/// What a judge said of the same two answers in both orders: first with the champion in the first place,
/// then swapped.
///
/// A judge that prefers a place says the same place twice, and so another arm each time. Such verdicts
/// cancel: where the two differ in any way, it is a tie, and counted as inconsistent.
public record BothOrders(Choice championFirst, Choice challengerFirst) {
    public Verdict verdict() {
        return isConsistent() ? championFirst.verdict(true) : Verdict.TIE;
    }

    public boolean isConsistent() {
        return championFirst.verdict(true) == challengerFirst.verdict(false);
    }
}
