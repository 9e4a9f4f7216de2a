// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.demo.CommandLine;
import io.edgewise.demo.DemoOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @Test
    void letsOnlyOneDemoIntoAFolder(@TempDir Path folder) throws Exception {
        DemoOptions options = options("--data", folder.toString());
        try (DataFolder first = DataFolder.open(options)) {
            assertThat(first.folder()).isEqualTo(folder);
            assertThatThrownBy(() -> DataFolder.open(options))
                    .isInstanceOf(DemoFailure.class)
                    .hasMessageContaining("another demo runs in " + folder)
                    .hasMessageContaining("--ephemeral");
        }
        try (DataFolder second = DataFolder.open(options)) {
            assertThat(second.devices()).isDirectory();
        }
    }

    @Test
    void keepsWhatIsInIt(@TempDir Path folder) throws Exception {
        DemoOptions options = options("--data", folder.toString());
        DataFolder.open(options).close();
        Files.writeString(folder.resolve("devices/kept"), "x");

        DataFolder.open(options).close();

        assertThat(folder.resolve("devices/kept")).exists();
    }

    @Test
    void removesAnEphemeralOneWithAllThatIsInIt() throws Exception {
        DataFolder data = DataFolder.open(options("--ephemeral"));
        Path folder = data.folder();
        Files.writeString(Files.createDirectories(folder.resolve("devices/a")).resolve("spool"), "x");

        data.close();

        assertThat(folder).doesNotExist();
    }

    @Test
    void saysSoWhenTheFolderCannotBeUsed(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThatThrownBy(() -> DataFolder.open(options("--data", file.toString())))
                .isInstanceOf(DemoFailure.class)
                .hasMessageContaining("cannot use the data folder " + file)
                .hasMessageContaining("--data");
    }

    private static DemoOptions options(String... arguments) {
        return ((CommandLine.Parsed.Run) CommandLine.parse(List.of(arguments))).options();
    }
}
