// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.FeedbackContext;
import org.junit.jupiter.api.Test;

/// Where feedback counts, without the observation that it is of.
class FeedbackPlaceTest {
    private static final long NOW = 1_760_000_000_000L;
    private static final long MINUTE = NOW / 60_000;

    private final LaneTools tools = Benches.tools(3);
    private final Book book = Benches.book(tools);
    private final Lane lane = Benches.lane(Inlet.FEEDBACK, tools, book);

    @Test
    void whatIsSaidOfAnAnswerGoesToItsStageCohortAndMinuteAndToNoOther() {
        FeedbackContext canary = Samples.context("device-1", MINUTE - 2, "balance", 0.8, "transfer")
                .setStage(2)
                .setCohort(Cohort.COHORT_CANARY)
                .build();
        lane.accept(
                Samples.inbound(0, NOW, Samples.truth(canary, 1, NOW, "balance").build()));

        assertThat(Written.evidence(book.changes())).isNotEmpty().allSatisfy(row -> {
            assertThat(row.key().stratum().stage()).isEqualTo(2);
            assertThat(row.key().stratum().cohort()).isEqualTo(Cohort.COHORT_CANARY);
        });
        assertThat(Written.windows(book.changes())).isNotEmpty().allSatisfy(entry -> {
            assertThat(entry.getKey().minute()).isEqualTo(MINUTE - 2);
            assertThat(entry.getKey().stage()).isEqualTo(2);
            assertThat(entry.getKey().cohort()).isEqualTo(Cohort.COHORT_CANARY);
        });
    }
}
