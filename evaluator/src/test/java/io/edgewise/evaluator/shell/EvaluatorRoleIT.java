// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.Samples;
import io.edgewise.evaluator.shell.judge.JudgeConfig;
import io.edgewise.evaluator.shell.judge.JudgeStation;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class EvaluatorRoleIT {
    private final EvaluatorConfig config = new SmallRyeConfigBuilder()
            .withMapping(EvaluatorConfig.class)
            .build()
            .getConfigMapping(EvaluatorConfig.class);

    private final JudgeConfig judge =
            new SmallRyeConfigBuilder().withMapping(JudgeConfig.class).build().getConfigMapping(JudgeConfig.class);

    @Test
    void theDefaultsAreThoseOfThePapers() {
        assertThat(EvaluatorSettings.of(config))
                .isEqualTo(new EvaluatorSettings(250, new EvaluatorPolicy(86_400_000, 15_000, 50)));
    }

    @Test
    void startsCountsAndStops(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            EvaluatorRole role = new EvaluatorRole(
                    ground.database(),
                    ground.kafka(Map.of()),
                    Samples.SECRETS,
                    InstantSource.system(),
                    config,
                    new SimpleMeterRegistry(),
                    new JudgeStation(
                            ground.database(),
                            ground.kafka(Map.of()),
                            Samples.SECRETS,
                            InstantSource.system(),
                            judge,
                            new SimpleMeterRegistry()));
            assertThat(role.health().up()).isFalse();
            role.start();
            role.start();
            Ledger ledger = new Ledger(5, System.currentTimeMillis());
            ledger.round(300, 8).forEach(ground::send);
            ground.sent();

            Await.until("everything is counted", ground::isStored);
            assertThat(role.health().up()).isTrue();
            Await.until(
                    "the keeper goes round",
                    () -> role.keeperStats().orElseThrow().rounds() > 0);
            role.stop();
            role.stop();

            assertThat(role.health().up()).isFalse();
            ledger.check(ground);
        }
    }
}
