// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.runtime.role.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoleSelectionTest {
    private static final List<Role> KNOWN = List.of(
            new Idle("console"), new Idle("ingest"), new Idle("controller"), new Idle("drift"), new Idle("evaluator"));

    private record Idle(String name) implements Role {
        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public Health health() {
            return new Health(true, "");
        }
    }

    @Test
    void allStartsWhoConsumesBeforeWhoLetsIn() {
        assertThat(RoleSelection.of(List.of("all"), KNOWN).names())
                .containsExactly("evaluator", "drift", "controller", "ingest", "console");
    }

    @Test
    void startsOnlyWhatIsNamed() {
        assertThat(RoleSelection.of(List.of(" Ingest", "evaluator "), KNOWN).names())
                .containsExactly("evaluator", "ingest");
    }

    @Test
    void anUnknownNameIsRefusedWithTheListOfKnownOnes() {
        assertThatThrownBy(() -> RoleSelection.of(List.of("evaluator", "evalutor"), KNOWN))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("[evalutor]")
                .hasMessageContaining("evaluator, drift, controller, ingest, console");
    }

    @Test
    void allBesidesOthersAndNothingAreRefused() {
        assertThatThrownBy(() -> RoleSelection.of(List.of("all", "drift"), KNOWN))
                .isInstanceOf(StartRefused.class);
        assertThatThrownBy(() -> RoleSelection.of(List.of(""), KNOWN)).hasMessageContaining("empty");
    }

    @Test
    void onlyIngestLivesWithoutADatabase() {
        assertThat(RoleSelection.of(List.of("ingest"), KNOWN).needsDatabase()).isFalse();
        assertThat(RoleSelection.of(List.of("ingest", "console"), KNOWN).needsDatabase())
                .isTrue();
    }
}
