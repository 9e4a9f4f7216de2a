// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Hybrid;
import java.util.OptionalDouble;

/// When a unit of the challenger meets the champion after all, by the directive. Pure. Starts careful:
/// what the directive leaves out is a share of 10 % and a confidence of 0.9.
final class Hybrids {
    static final int CAREFUL_SHARE_BP = 1_000;
    static final double CAREFUL_CONFIDENCE = 0.9;

    private Hybrids() {}

    /// Why the champion is asked at once; empty when the edge is tried.
    static String before(Hybrid hybrid, long unitHash, Request request, OptionalDouble score) {
        for (String rule : hybrid.getRulesList()) {
            if (request.terms().tags().contains(rule)) {
                return "rule:" + rule;
            }
        }
        int length = request.text().codePointCount(0, request.text().length());
        if (hybrid.hasLongestInput() && length > hybrid.getLongestInput()) {
            return "long-input";
        }
        int share = hybrid.hasEdgeShareBp() ? hybrid.getEdgeShareBp() : CAREFUL_SHARE_BP;
        if (Assignment.hybridTurn(unitHash) >= share) {
            return "share";
        }
        boolean isDoubtful =
                hybrid.hasRouterScore() && score.isPresent() && score.getAsDouble() < hybrid.getRouterScore();
        return isDoubtful ? "router" : "";
    }

    /// Why the edge's answer is not trusted; empty when it is. One without a confidence is not, unless no
    /// confidence is asked for.
    static String after(Hybrid hybrid, Arm edge) {
        double least = hybrid.hasConfidence() ? hybrid.getConfidence() : CAREFUL_CONFIDENCE;
        if (least > 0 && !edge.hasConfidence()) {
            return "no-confidence";
        }
        if (edge.hasConfidence() && edge.getConfidence() < least) {
            return "low-confidence";
        }
        return hybrid.hasEntropy() && edge.hasEntropy() && edge.getEntropy() > hybrid.getEntropy()
                ? "high-entropy"
                : "";
    }
}
