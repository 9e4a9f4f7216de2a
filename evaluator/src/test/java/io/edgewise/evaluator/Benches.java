// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.time.Duration;

/// Lanes and books for tests, with nothing stored yet.
final class Benches {
    private Benches() {}

    static LaneTools tools(int sliceCap) {
        return new LaneTools(
                new EvaluatorPolicy(Duration.ofHours(24).toMillis(), 15_000, sliceCap),
                new Slices(new Admission(sliceCap), sliceCap),
                new FeedbackTokens(Samples.SECRETS),
                new Lottery(Samples.SECRETS.sampleKey()));
    }

    static Book book(LaneTools tools) {
        return new Book(tools);
    }

    /// The only lane of its topic.
    static Lane lane(Inlet inlet, LaneTools tools, Book book) {
        return new Lane(new LaneId(inlet, 0), 1, tools, book, new Lane.Claimed(0, 0));
    }
}
