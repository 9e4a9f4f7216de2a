// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Topics;
import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.Samples;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class LoopMetricsIT {
    private static final InstantSource CLOCK = InstantSource.system();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void theNumbersAreThoseOfWhatWasCounted(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            EvaluatorLoop loop = ground.loop(ground.source(), CLOCK);
            LoopMetrics metrics = new LoopMetrics(registry, loop.stats(), CLOCK).bind();
            Ledger ledger = new Ledger(11, CLOCK.millis());
            ledger.round(300, 8).forEach(ground::send);
            ground.send(
                    Inlet.OBSERVATIONS, Topics.key(Samples.TENANT, "garbled"), Topics.OBSERVATION_SCHEMA, new byte[] {
                        1, 2, 3
                    });
            ground.send(Samples.pair("gap", 3, CLOCK.millis()).build());
            ground.send(Samples.pair("late", 1, CLOCK.millis() - 90_000_000).build());

            ground.drain(loop);
            Await.until("all devices are seen", () -> {
                Ground.round(loop);
                return gauge("edgewise.evaluator.devices") == 10;
            });

            work(ledger, ground);
            assertThat(gauge("edgewise.evaluator.partitions", "state", "held")).isEqualTo(2.0 * Ground.PARTITIONS);
            assertThat(gauge("edgewise.evaluator.partitions", "state", "waiting"))
                    .isZero();
            assertThat(gauge("edgewise.evaluator.partitions", "state", "stopped"))
                    .isZero();
            assertThat(gauge("edgewise.accounting.imbalance")).isZero();
            assertThat(gauge("edgewise.evaluator.open.gaps")).isEqualTo(2);
            assertThat(gauge("edgewise.evaluator.lost.records")).isZero();
            assertThat(gauge("edgewise.evaluator.strata")).isPositive();
            assertThat(gauge("edgewise.lag", "topic", Topics.OBSERVATIONS)).isZero();
            assertThat(gauge("edgewise.lag", "topic", Topics.FEEDBACK)).isZero();
            assertThat(gauge("edgewise.evaluator.freshness")).isBetween(0.0, 60.0);

            metrics.close();
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    private void work(Ledger ledger, Ground ground) throws Exception {
        long seen = ledger.records() + ledger.duplicates() + 3;
        assertThat(counter("edgewise.evaluator.records")).isEqualTo((double) seen);
        assertThat(counter("edgewise.evaluator.duplicates")).isEqualTo((double) ledger.duplicates());
        assertThat(counter("edgewise.evaluator.late")).isEqualTo(1);
        assertThat(counter("edgewise.evaluator.dead.letters")).isEqualTo(1);
        assertThat(counter("edgewise.evaluator.dead.letter.reasons", "code", "decode"))
                .isEqualTo(1);
        assertThat(counter("edgewise.evaluator.slice.other")).isZero();
        assertThat(counter("edgewise.evaluator.restarts")).isZero();
        assertThat(counter("edgewise.evaluator.log")).isPositive();
        assertThat(counter("edgewise.evaluator.flush.rows", "table", "part")).isPositive();
        assertThat(counter("edgewise.evaluator.flush.rows", "table", "disagreement"))
                .isEqualTo((double) ground.number("SELECT count(*) FROM evaluator.disagreement_delta"));
        assertThat(registry.get("edgewise.evaluator.flush").functionTimer().count())
                .isPositive();
        assertThat(registry.get("edgewise.evaluator.flush").functionTimer().totalTime(TimeUnit.SECONDS))
                .isBetween(0.0, 60.0);
    }
}
