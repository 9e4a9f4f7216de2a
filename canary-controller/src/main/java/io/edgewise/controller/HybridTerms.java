// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.v1.Hybrid;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// When a request of the challenger's units meets the frontier after all, in one stage.
///
/// @param confidence an edge answer of lower confidence, or of none, is doubted; 0 doubts none by it
/// @param entropy one of higher entropy (nats) is doubted too
/// @param longestInput longer inputs, in code points, ask the frontier at once
/// @param rules requests that carry one of these tags do too
/// @param routerScore below this score of the router's model they do too
/// @param escalation whose answer the user gets where the edge's is doubted
public record HybridTerms(
        double confidence,
        OptionalDouble entropy,
        OptionalInt longestInput,
        List<String> rules,
        OptionalDouble routerScore,
        Escalation escalation) {
    /// The whole share of a stage tries the edge first: how large it is says the stage.
    private static final int ALL = 10_000;

    public enum Escalation {
        /// The frontier's, in the place of the edge's.
        REPLACE,
        /// The edge's; the frontier is asked after the response.
        VERIFY
    }

    /// That only doubt by confidence.
    public static HybridTerms confidence(double least) {
        return new HybridTerms(
                least,
                OptionalDouble.empty(),
                OptionalInt.empty(),
                List.of(),
                OptionalDouble.empty(),
                Escalation.REPLACE);
    }

    public HybridTerms {
        rules = List.copyOf(rules);
    }

    /// Whether every request that these leave to the edge is left to it by the others too.
    boolean isWithin(HybridTerms other) {
        return other.confidence <= confidence
                && other.entropy.orElse(Double.POSITIVE_INFINITY) >= entropy.orElse(Double.POSITIVE_INFINITY)
                && other.longestInput.orElse(Integer.MAX_VALUE) >= longestInput.orElse(Integer.MAX_VALUE)
                && new HashSet<>(rules).containsAll(other.rules)
                && other.routerScore.orElse(0) <= routerScore.orElse(0)
                && (other.escalation == Escalation.VERIFY || escalation == Escalation.REPLACE);
    }

    Hybrid message() {
        Hybrid.Builder message = Hybrid.newBuilder()
                .setEdgeShareBp(ALL)
                .setConfidence(confidence)
                .addAllRules(rules)
                .setEscalation(
                        escalation == Escalation.VERIFY
                                ? Hybrid.Escalation.ESCALATION_VERIFY
                                : Hybrid.Escalation.ESCALATION_REPLACE);
        entropy.ifPresent(message::setEntropy);
        longestInput.ifPresent(message::setLongestInput);
        routerScore.ifPresent(message::setRouterScore);
        return message.build();
    }

    /// For people: "below confidence 0.9".
    String words() {
        StringBuilder words = new StringBuilder("below confidence ").append(confidence);
        entropy.ifPresent(most -> words.append(", above ").append(most).append(" nats"));
        longestInput.ifPresent(
                most -> words.append(", of more than ").append(most).append(" characters"));
        rules.forEach(rule -> words.append(", tagged ").append(rule));
        routerScore.ifPresent(least -> words.append(", below router score ").append(least));
        return words.toString();
    }
}
