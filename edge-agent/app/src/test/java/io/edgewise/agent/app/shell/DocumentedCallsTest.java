// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs every command of docs/agent.md.
class DocumentedCallsTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void theyDoWhatTheDocumentSays() throws Exception {
        Assumptions.assumeTrue(DocumentedCommands.hasTools("curl"), "curl is not installed");
        try (Scene scene = new Scene(folder, "")) {
            DocumentedCommands documented = DocumentedCommands.of("docs/agent.md");
            assertThat(documented.commands()).hasSizeGreaterThan(8);
            documented.check(folder, "http://localhost:8747", scene.url().toString(), Map.of());
        }
    }
}
