// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import io.edgewise.console.LivePage;
import io.edgewise.console.RolloutList;
import io.edgewise.console.Site;
import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.TemplateLocator.TemplateLocation;
import io.quarkus.qute.ValueResolvers;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Renders the pages with an engine of its own: every text is escaped, a name that a template misspells is an error,
/// and tests render with the very same settings as the server.
final class ConsoleTemplates {
    private static final String FOLDER = "/templates/";
    private static final String EXAMPLE = """
            curl -X POST http://localhost:8080/api/v1/rollouts \\
              -H "Authorization: Bearer $(cat secrets/operator-token)" \\
              -H "Content-Type: application/json" -d '{
                "workload": "voice-ivr-intent",
                "champion": {"frontier": "frontier"},
                "challenger": "edge-intent-int4",
                "plan": {"name": "standard"}
              }'""";

    private final Engine engine = Engine.builder()
            .addDefaults()
            .addValueResolver(ValueResolvers.rawResolver())
            .addValueResolver(new ReflectionValueResolver())
            .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
            .addLocator(ConsoleTemplates::locate)
            .strictRendering(true)
            .removeStandaloneLines(true)
            .build();
    private final Site site;

    ConsoleTemplates(Site site) {
        this.site = site;
    }

    /// What a page is made of: the list at the side, the state of one rollout, and where each is fetched again.
    record Page(RolloutList list, String listUrl, Optional<LivePage> live, String liveUrl) {}

    String page(Page page) {
        String title = page.live()
                .map(live -> live.head().workload() + " · " + live.head().phase())
                .orElse("Rollouts");
        return engine.getTemplate("console/page")
                .data("site", site)
                .data("list", page.list())
                .data("listUrl", page.listUrl())
                .data("live", page.live())
                .data("liveUrl", page.liveUrl())
                .data("title", title + " · Edgewise")
                .data("example", EXAMPLE)
                .render();
    }

    String list(RolloutList list) {
        return engine.getTemplate("console/list").data("list", list).render();
    }

    /// Nothing to show is a page too: it says how to begin.
    String live(Optional<LivePage> live) {
        return engine.getTemplate("console/live")
                .data("live", live)
                .data("example", EXAMPLE)
                .render();
    }

    String problem(String title, String detail, String advice) {
        return engine.getTemplate("console/problem")
                .data("site", site)
                .data("title", title)
                .data("detail", detail)
                .data("advice", advice)
                .render();
    }

    private static Optional<TemplateLocation> locate(String id) {
        String path = FOLDER + (id.endsWith(".html") ? id : id + ".html");
        try (InputStream in = ConsoleTemplates.class.getResourceAsStream(path)) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new HtmlTemplate(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the template " + path, e);
        }
    }

    private record HtmlTemplate(String text) implements TemplateLocation {
        @Override
        public Reader read() {
            return new StringReader(text);
        }

        @Override
        public Optional<Variant> getVariant() {
            return Optional.of(Variant.forContentType(Variant.TEXT_HTML));
        }
    }
}
