// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Observation;
import io.edgewise.evaluator.HoldoutAnswers;
import io.edgewise.evaluator.Samples;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class HoldoutIT {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final long FULL = Long.MAX_VALUE;

    @Test
    void answersToAReferenceSetAreCountedOnceByBuildAndAreNoTraffic(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            EvaluatorLoop loop = ground.loop(ground.source(), CLOCK);
            for (int seq = 1; seq <= 40; seq++) {
                Observation answer = Samples.holdout("device-" + seq % 4, 1 + seq / 4, CLOCK.millis(), seq > 8)
                        .build();
                ground.send(answer);
                ground.send(answer);
                if (seq % 15 == 0) {
                    ground.drain(loop);
                }
            }
            ground.drain(loop);

            assertThat(ground.number("SELECT answers FROM evaluator.published_holdout"
                            + " WHERE build = 'intent-int4' AND reference = 'intents@0123456789ab'"))
                    .isEqualTo(40);
            assertThat(ground.number("SELECT correct FROM evaluator.published_holdout"))
                    .isEqualTo(32);
            assertThat(ground.number("SELECT entropy_milli FROM evaluator.published_holdout"))
                    .isEqualTo(40 * 250);
            assertThat(ground.number("SELECT count(*) FROM evaluator.published_window"))
                    .isZero();
            assertThat(ground.number("SELECT count(*) FROM evaluator.published_evidence"))
                    .isZero();
            assertThat(ground.number("SELECT sum(counted) FROM evaluator.published_lane"))
                    .isEqualTo(40);

            // Sums that have no room left stop no flush.
            ground.database()
                    .transact(sql -> sql.update("UPDATE evaluator.holdout SET entropy_milli_squares = " + FULL));
            ground.send(Samples.holdout("device-1", 100, CLOCK.millis(), true).build());
            ground.drain(loop);

            assertThat(ground.number("SELECT answers FROM evaluator.published_holdout"))
                    .isEqualTo(41);
            assertThat(ground.number("SELECT entropy_milli_squares FROM evaluator.published_holdout"))
                    .isEqualTo(HoldoutAnswers.MOST_SUM);
        }
    }
}
