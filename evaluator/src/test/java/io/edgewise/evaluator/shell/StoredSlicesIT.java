// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.evaluator.Slices;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class StoredSlicesIT {
    @Test
    void attributesAndValuesAreAdmittedUpToTheirCaps(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            StoredSlices slices = new StoredSlices(ground.database(), 2);
            IntStream.range(0, Slices.MOST_ATTRIBUTES)
                    .forEach(i -> slices.admit("default", "r", "a" + i, i == 0 ? Slices.OTHER : "v"));

            assertThat(slices.admit("default", "r", "late", "v").attributes())
                    .hasSize(Slices.MOST_ATTRIBUTES)
                    .doesNotContain("late");
            assertThat(slices.admit("default", "r", "late", "v").values()).isEmpty();
            assertThat(slices.admit("default", "r", "a0", "v").values()).containsExactly("v");
            assertThat(slices.admit("default", "r", "a0", "w").values()).containsExactlyInAnyOrder("v", "w");
            assertThat(slices.admit("default", "r", "a0", "x").values()).containsExactlyInAnyOrder("v", "w");
            assertThat(slices.admit("default", "r", Slices.DEVICE_CLASS, "phone")
                            .values())
                    .containsExactly("phone");
            assertThat(slices.admit("default", "another", "late", "v").attributes())
                    .containsExactly("late");
        }
    }
}
