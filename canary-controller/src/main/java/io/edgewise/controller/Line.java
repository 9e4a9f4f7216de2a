// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Values;

/// One test of a guardrail and what it bets on. Lines of one claim against several sides: BREACH averages
/// them, SAFE needs all.
record Line(Claim claim, MeanTest test, Reading reading) {
    enum Claim {
        BREACH,
        /// On the requests served, against the hard limit.
        HARD_BREACH,
        SAFE,
        /// The control is no longer what the limit was made of: nothing about the challenger.
        CONTROL_MOVED;

        /// Found by an e-detector, since it may begin late.
        boolean isDetected() {
            return this != SAFE;
        }
    }

    @FunctionalInterface
    interface Reading {
        Values of(Pools pools);
    }
}
