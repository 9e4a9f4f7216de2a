// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.RouterScore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// The router's own model: guesses, before anything runs, how likely the edge's answer is good enough. It
/// is a build like others, whose labels are "edge" and "frontier"; one that is fetched may not be here yet.
public record Scorer(Supplier<Optional<EdgeModel>> model, String version) {
    public static final String EDGE = "edge";

    /// With a model that is here for as long as the agent is.
    public Scorer(EdgeModel model, String version) {
        this(() -> Optional.of(model), version);
    }

    /// Empty when the model is not here, fails or takes longer: then the score decides nothing.
    Optional<RouterScore> score(String text, Fence fence, Optional<Duration> limit) {
        Optional<EdgeModel> here = model.get();
        return here.isEmpty()
                ? Optional.empty()
                : likely(here.get(), text, fence, limit)
                        .map(score -> RouterScore.newBuilder()
                                .setBuild(here.get().build())
                                .setArtifactSha256(here.get().artifactSha256())
                                .setVersion(version)
                                .setScore(score)
                                .build());
    }

    /// In [0, 1].
    private static Optional<Double> likely(EdgeModel model, String text, Fence fence, Optional<Duration> limit) {
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
