// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Optional;

/// The router's own model: guesses, before anything runs, how likely the edge's answer is good enough. It
/// is a build like others, whose labels are "edge" and "frontier".
public record Scorer(EdgeModel model, String version) {
    public static final String EDGE = "edge";

    /// In [0, 1]; empty when the model fails: then the score decides nothing.
    Optional<Double> score(String text) {
        try {
            return model.infer(text).top().stream()
                    .filter(candidate -> candidate.label().equals(EDGE))
                    .map(ModelAnswer.Candidate::probability)
                    .findFirst();
        } catch (RuntimeException e) {
            System.getLogger(Scorer.class.getName())
                    .log(System.Logger.Level.DEBUG, "the router's build " + model.build() + " failed", e);
            return Optional.empty();
        }
    }
}
