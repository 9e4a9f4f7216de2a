// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.testkit.Fuzzing;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FuzzCorpusTest {
    @TempDir
    private Path found = Path.of("");

    enum Target {
        OPEN_AI(OpenAiBodies.class, OpenAiBodies::fuzzerTestOneInput),
        INFERENCE(InferenceBodies.class, InferenceBodies::fuzzerTestOneInput),
        HTTP(HttpBytes.class, HttpBytes::fuzzerTestOneInput),
        ORDERS(SignedOrders.class, SignedOrders::fuzzerTestOneInput);

        private final Class<?> type;
        private final Fuzzing.One one;

        Target(Class<?> type, Fuzzing.One one) {
            this.type = type;
            this.one = one;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasKeptStillHolds(Target target) throws IOException {
        assertThat(Fuzzing.replay(target.type, target.one)).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void tenMinutesOfFuzzingFindNothing(Target target) throws Exception {
        Fuzzing.search(target.type, found);
    }
}
