// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.testkit.OrdersServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A sidecar between two servers that generate text, a frontier and one of its own machine, with the
/// orders and the records of ingest.
final class ChatScene implements AutoCloseable {
    static final String BUILD = "llm-1";
    private static final String WORKLOAD = "helpdesk";

    final ChatServer frontier = new ChatServer();
    final ChatServer local = new ChatServer();
    private final OrdersServer ingest = new OrdersServer();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private Optional<Sidecar> sidecar = Optional.empty();

    ChatScene(Path folder) throws Exception {
        this.folder = folder;
    }

    /// The four settings of docs/agent.md, and these.
    ChatScene smallest(String more) throws Exception {
        return start("""
                device: kiosk-17
                frontier: {url: "%s", model: large}
                folder: data
                http: {port: 0}
                log: {level: warn}
                """.formatted(frontier.url())
                + (more.contains("workload:") ? "" : "workload: {name: helpdesk}\n")
                + more);
    }

    /// With a server for orders and records, and the local server as `edge.server` with these settings.
    ChatScene taught(String local, String more) throws Exception {
        return smallest("""
                consent: granted
                server: {url: "%s", token: t, feedback-key: "0011", signing-key: %s}
                edge: {server: {url: "%s", build: llm-1, model: large%s}}
                """.formatted(ingest.url(), ingest.writeKey(folder), this.local.url(), local) + more);
    }

    private ChatScene start(String yaml) throws Exception {
        sidecar = Optional.of(Sidecar.start(settings(yaml)));
        return this;
    }

    private Settings settings(String yaml) throws Exception {
        return SettingsReader.read("test", yaml, Map.of(), folder);
    }

    void order(Directive.Mode mode) {
        order(Scene.directive(BUILD, mode));
    }

    void order(Directive.Builder directive) {
        Scene.order(
                ingest,
                sidecar.orElseThrow(),
                directive
                        .setWorkload(WORKLOAD)
                        .setChampion(directive.getChampionBuilder().setFrontier("frontier")));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + sidecar.orElseThrow().port());
    }

    HttpResponse<String> ask(String text, boolean isStream) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url() + "/v1/chat/completions"))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"model\": \"large\", \"stream\": " + isStream
                                + ", \"messages\": [{\"role\": \"user\", \"content\": \"" + text + "\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    String metrics() throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(url() + "/q/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /// Waits for so many.
    List<Observation> observations(int count) {
        Scene.until(() -> ingest.observations().size() >= count);
        return ingest.observations();
    }

    OrdersServer ingest() {
        return ingest;
    }

    Sidecar sidecar() {
        return sidecar.orElseThrow();
    }

    @Override
    public void close() {
        sidecar.ifPresent(Sidecar::close);
        ingest.close();
        http.close();
        frontier.close();
        local.close();
    }
}
