// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.ModelRef;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InventoryTest {
    private final Inventory inventory = new Inventory(Map.of("old", "aa", "new", "bb"), "cloud");

    private static Directive.Builder order(Mode mode) {
        return Directive.newBuilder()
                .setMode(mode)
                .setChampion(ModelRef.newBuilder().setBuild("old"))
                .setChallenger(ModelRef.newBuilder().setBuild("new").putArtifactSha256("any", "bb"));
    }

    @Test
    void aReferenceSetIsPutToTheBuildThatIsTriedOrApproved() {
        for (Mode mode : new Mode[] {Mode.MODE_SHADOW, Mode.MODE_CANARY, Mode.MODE_APPROVED}) {
            assertThat(inventory.examined(order(mode).build())).isEqualTo("new");
        }
    }

    @Test
    void afterARollBackItIsPutToTheBuildInServiceAndNotToTheRejectedOne() {
        Directive back = order(Mode.MODE_CHAMPION_ONLY).build();
        assertThat(inventory.examined(back)).isEqualTo("old");
        assertThat(inventory.examined(back.toBuilder()
                        .setChampion(ModelRef.newBuilder().setFrontier("cloud"))
                        .build()))
                .isEmpty();
        assertThat(inventory.examined(back.toBuilder()
                        .setChampion(ModelRef.newBuilder().setFrontier("cloud"))
                        .setApprovedBuild("old")
                        .build()))
                .isEqualTo("old");
    }

    @Test
    void anotherArtifactOfThatNameIsNotAsked() {
        assertThat(inventory.examined(order(Mode.MODE_CANARY)
                        .setChallenger(ModelRef.newBuilder().setBuild("new").putArtifactSha256("any", "cc"))
                        .build()))
                .isEmpty();
    }
}
