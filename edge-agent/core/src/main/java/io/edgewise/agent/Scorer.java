// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// The router's own model: guesses, before anything runs, how likely the edge's answer is good enough. It
/// is a build like others, whose labels are "edge" and "frontier".
public record Scorer(EdgeModel model, String version) {
    public static final String EDGE = "edge";

    /// In [0, 1]; empty when the model fails or takes longer: then the score decides nothing.
    Optional<Double> score(String text, Fence fence, Optional<Duration> limit) {
        try {
            return fence.ask(model, new Request("", text), limit).top().stream()
                    .filter(candidate -> candidate.label().equals(EDGE))
                    .map(ModelAnswer.Candidate::probability)
                    .findFirst();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (RuntimeException | TimeoutException | ExecutionException | Fence.Crowded e) {
            System.getLogger(Scorer.class.getName())
                    .log(System.Logger.Level.DEBUG, "the router's build " + model.build() + " failed", e);
            return Optional.empty();
        }
    }
}
