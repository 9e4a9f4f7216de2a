// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.controller.Line.Claim;
import io.edgewise.statistics.multiple.AlphaShares;

/// How much of the chance of a false roll-back that a plan allows is spent: an upper bound of the chance that a build
/// like the champion would have been rolled back by now. E-detectors spend evenly until the plan's horizon; a test
/// whose error holds for all time has spent its part with its first observation.
final class AlphaSpent {
    private AlphaSpent() {}

    static double of(EvidenceLedger ledger) {
        double spent = 0;
        for (Track track : ledger.tracks()) {
            spent += of(track, ledger);
        }
        return spent;
    }

    private static double of(Track track, EvidenceLedger ledger) {
        double mine = track.guardrail().weight() * track.terms().alphaRollback();
        if (track.guardrail().kind().isOfTotals()) {
            return ledger.blocks() == 0 ? 0 : mine;
        }
        int detectors = (track.has(Claim.BREACH) ? 1 : 0) + (track.has(Claim.HARD_BREACH) ? 1 : 0);
        int forAllTime = track.guardrail().kind() == GuardrailKind.CALIBRATION ? 1 : 0;
        double elapsed = ledger.blocks() / (double) track.terms().blocks();
        double spent = 0;
        for (int process = 1; process <= track.turn().number(); process++) {
            boolean begun =
                    process < track.turn().number() || track.instrument().isPresent();
            if (begun) {
                double part = AlphaShares.of(mine, process);
                spent += detectors == 0
                        ? part * elapsed
                        : part * (detectors * elapsed + forAllTime) / (detectors + forAllTime);
            }
        }
        return spent;
    }
}
