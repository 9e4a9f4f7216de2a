// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `edgewise-agent rehearse`: starts, asks itself, and stops, so that Java can keep what a start needs. Used when the
/// distribution is built.
@Command(name = "rehearse", hidden = true, description = "start, ask this agent's own endpoints, stop")
final class RehearseCommand implements Callable<Integer> {
    private static final int ROUNDS = 200;

    @CommandLine.ParentCommand
    private Main main = new Main();

    @Override
    public Integer call() throws Exception {
        Settings settings = main.settings();
        LogLines.install(settings.log());
        try (Sidecar sidecar = Sidecar.start(settings);
                HttpClient http = HttpClient.newHttpClient()) {
            String base = "http://127.0.0.1:" + sidecar.port();
            for (int i = 0; i < ROUNDS; i++) {
                for (String build : List.copyOf(sidecar.backend().builds().keySet())) {
                    ask(http, base + TextHandler.CHAT, chat(build, i % 2 == 0));
                    ask(http, base + "/v2/models/" + build + "/infer", tensor());
                }
                ask(http, base + TextHandler.CHAT, chat("any", false));
                ask(http, base + "/v1/feedback", "{}");
            }
            for (String path : List.of("/q/health/ready", "/q/metrics", "/v1/models", "/v2/health/ready")) {
                send(http, HttpRequest.newBuilder(URI.create(base + path)));
            }
        }
        return 0;
    }

    private static String chat(String model, boolean isStream) {
        return "{\"model\":\"" + model + "\",\"stream\":" + isStream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"what is the weather like\"}]}";
    }

    private static String tensor() {
        return "{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"hi there\"]}]}";
    }

    private static void ask(HttpClient http, String address, String body) throws IOException, InterruptedException {
        send(http, HttpRequest.newBuilder(URI.create(address)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static void send(HttpClient http, HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<Void> _ = http.send(request.build(), HttpResponse.BodyHandlers.discarding());
    }
}
