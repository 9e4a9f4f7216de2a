// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.console.LivePage;
import io.edgewise.console.RolloutData;
import io.edgewise.console.RolloutList;
import io.edgewise.console.Rows;
import io.edgewise.console.Sample;
import io.edgewise.console.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Leaves whole pages under target/preview, to be looked at in a browser without a server.
class PreviewTest {
    private static final Path FOLDER = Path.of("target", "preview");

    @Test
    void writesPagesThatABrowserCanOpen() throws IOException {
        List<Rows.Rollout> rollouts = List.of(Sample.canary(), Sample.rolledBack());

        write("canary", page(rollouts, Sample.data()));
        write("rolled-back", page(rollouts, Sample.rolledBackData()));
        write("empty", page(List.of(Sample.empty().rollout()), Sample.empty()));
        write("welcome", templates().page(new ConsoleTemplates.Page(list(List.of(), ""), "", Optional.empty(), "")));
        write(
                "problem",
                templates().problem("The database does not answer", "It could not be read.", "Check the log."));

        assertThat(FOLDER.resolve("canary.html")).content().contains("edge-intent-int4");
    }

    private static String page(List<Rows.Rollout> rollouts, RolloutData data) {
        return templates()
                .page(new ConsoleTemplates.Page(
                        list(rollouts, data.rollout().id()), "", Optional.of(LivePage.of(data, Sample.NOW)), ""));
    }

    private static RolloutList list(List<Rows.Rollout> rollouts, String chosen) {
        return RolloutList.of(rollouts, "all", chosen, 200, Sample.NOW);
    }

    private static ConsoleTemplates templates() {
        return new ConsoleTemplates(new Site("default", "Simulated network, demo price card", "preview"));
    }

    private static void write(String name, String html) throws IOException {
        Files.createDirectories(FOLDER);
        String local = html.replace("/console/", "../classes/META-INF/resources/console/")
                .replaceAll("<script[^>]*></script>", "");
        Files.writeString(FOLDER.resolve(name + ".html"), local);
    }
}
