// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.testkit.Fuzzing;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestFuzzTest {
    @TempDir
    private Path found = Path.of("");

    @Test
    void whatWasKeptStillHolds() throws Exception {
        assertThat(Fuzzing.replay(IngestBodies.class, IngestBodies::fuzzerTestOneInput))
                .isPositive();
    }

    @Test
    @Tag("slow")
    void tenMinutesOfFuzzingFindNothing() throws Exception {
        Fuzzing.search(IngestBodies.class, found);
    }
}
