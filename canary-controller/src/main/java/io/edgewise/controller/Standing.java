// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.controller.Line.Claim;
import io.edgewise.statistics.calibration.BinEvidence;
import io.edgewise.statistics.multiple.AlphaShares;
import io.edgewise.statistics.multiple.EValues;
import io.edgewise.statistics.planning.Horizon;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// How the tests of a guardrail stand. Those against it share its part of the false-rollback budget, each with a limit
/// of
/// its own; the one that counts is the first hard one that breached, else the one nearest to its limit or furthest
/// beyond.
///
/// @param promotion ln of the evidence for it, SAFE at `promotionLimit`; 0 or the limit where looks decide
record Standing(List<Against> against, double promotion, double promotionLimit) {
    /// Evidence as a logarithm, BREACH at `limit`.
    record Against(Way way, double evidence, double limit) {
        boolean breached() {
            return evidence >= limit;
        }

        double beyond() {
            return evidence - limit;
        }
    }

    enum Way {
        /// Device blocks, by e-detectors.
        FLEET,
        /// Requests against the hard limit, by e-detectors.
        HARD,
        /// Calibration in bins, by an e-process of the first labelled answer of each device.
        BINS
    }

    /// Only a guardrail whose tests have begun.
    static Standing of(Track track, Optional<Pools> open, Pools total, long devices) {
        Guardrail guardrail = track.guardrail();
        Terms terms = track.terms();
        boolean calibration = guardrail.kind() == GuardrailKind.CALIBRATION;
        int ways = (track.has(Claim.BREACH) ? 1 : 0) + (track.has(Claim.HARD_BREACH) ? 1 : 0) + (calibration ? 1 : 0);
        double weight = guardrail.weight() / ways;
        long process = track.turn().number();
        double limit = Horizon.logThreshold(terms.blocks(), weight, terms.alphaRollback(), process);
        List<Against> against = new ArrayList<>();
        evidence(track, open, Claim.BREACH).ifPresent(log -> against.add(new Against(Way.FLEET, log, limit)));
        evidence(track, open, Claim.HARD_BREACH).ifPresent(log -> against.add(new Against(Way.HARD, log, limit)));
        if (calibration && devices >= Judge.SAFE_DEVICES) {
            double bins = new BinEvidence(guardrail.limit()).logEceE(Readings.firstLabels(total.paired()));
            against.add(new Against(
                    Way.BINS, bins, EValues.logThreshold(weight, AlphaShares.of(terms.alphaRollback(), process))));
        }
        double promotionLimit = EValues.logThreshold(1, terms.alphaPromotion() * track.alphaShare());
        double promotion = calibration
                ? track.looks().stream().anyMatch(Look::isSafe) ? promotionLimit : 0
                : evidence(track, open, Claim.SAFE).orElse(0.0);
        return new Standing(List.copyOf(against), promotion, promotionLimit);
    }

    /// With the open block where there is one: what is said does not change by cutting it.
    private static Optional<Double> evidence(Track track, Optional<Pools> open, Claim claim) {
        return open.isEmpty() ? track.stand(claim) : track.look(claim, open.get());
    }

    boolean isBroken() {
        return Double.isNaN(promotion)
                || against.stream().anyMatch(one -> Double.isNaN(one.evidence()) || Double.isNaN(one.limit()));
    }

    boolean breached() {
        return against.stream().anyMatch(Against::breached);
    }

    Against decisive() {
        Comparator<Against> order = Comparator.comparing((Against one) -> one.way() == Way.HARD && one.breached())
                .thenComparingDouble(Against::beyond);
        return against.stream().max(order).orElseThrow();
    }
}
