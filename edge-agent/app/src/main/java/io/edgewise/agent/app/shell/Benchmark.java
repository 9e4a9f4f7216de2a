// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.builds.BuildRefusal;
import io.edgewise.agent.builds.KeptBuilds;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.agent.openai.LocalRuntime;
import io.edgewise.agent.openai.OpenAiEndpoint;
import io.edgewise.agent.openai.OpenAiFailure;
import io.edgewise.agent.openai.OpenAiRuntime;
import io.edgewise.agent.orders.Keyring;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Measures the device's models where they are. What the operating system does not tell is absent, never 0.
final class Benchmark {
    private static final List<String> TEXTS = List.of(
            "what is the weather like tomorrow",
            "please transfer two hundred dollars from my checking account to my savings account",
            "cancel it",
            "i would like to know which documents i need when i travel abroad with my two children next month",
            "how do you say good morning in french");
    private static final int WARM_UP = 500;
    private static final int CHATS = 8;

    /// One model's figures. Times in microseconds, memory in bytes, energy in microjoules per request,
    /// drain of the battery in percent of its capacity per 1,000 requests.
    record Figures(
            String build,
            String runtime,
            double loadMs,
            OptionalLong modelBytes,
            OptionalLong memoryBytes,
            OptionalDouble p50Us,
            OptionalDouble p99Us,
            OptionalDouble perSecond,
            OptionalDouble firstTokenMs,
            OptionalDouble prefillTokensPerSecond,
            OptionalDouble decodeTokensPerSecond,
            OptionalDouble energyUj,
            OptionalDouble batteryPercent) {}

    private final Settings settings;
    private final int requests;
    private final PowerMeter meter;

    Benchmark(Settings settings, int requests, Path classes) {
        this.settings = settings;
        this.requests = requests;
        this.meter = PowerMeter.find(classes);
    }

    List<Figures> run() throws IOException {
        List<Figures> figures = new ArrayList<>();
        for (String build : settings.edge().builds()) {
            ModelManifest manifest = ModelManifest.load(settings.edge().models().orElseThrow(), build);
            figures.add(classifier(() -> new KeptBuilds.Loaded(
                    OnnxClassifier.open(manifest, settings.workload().labels()), manifest.bytes())));
        }
        if (settings.edge().fetch().isPresent() && settings.server().isPresent()) {
            Keyring pinned = Keyring.of(Link.publicKey(settings.server().get().signingKey()));
            KeptBuilds kept = Fetching.kept(settings, settings.edge().fetch().get(), pinned);
            for (String build : kept.names()) {
                figures.add(classifier(() -> kept.load(build, System.currentTimeMillis())));
            }
        }
        if (settings.edge().server().isPresent()) {
            figures.add(server(settings.edge().server().get()));
        }
        return figures;
    }

    private interface Loading {
        KeptBuilds.Loaded load() throws IOException, BuildRefusal;
    }

    private Figures classifier(Loading loading) throws IOException {
        try {
            return measured(loading);
        } catch (BuildRefusal e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Figures measured(Loading loading) throws IOException, BuildRefusal {
        OptionalLong before = Memory.resident();
        long start = System.nanoTime();
        KeptBuilds.Loaded loaded = loading.load();
        try (EdgeModel model = loaded.model()) {
            double loadMs = (System.nanoTime() - start) / 1e6;
            for (int i = 0; i < WARM_UP; i++) {
                var _ = model.infer(TEXTS.get(i % TEXTS.size()));
            }
            double[] micros = new double[requests];
            OptionalLong energyBefore = meter.microjoules();
            OptionalDouble fillBefore = meter.fill();
            long began = System.nanoTime();
            for (int i = 0; i < requests; i++) {
                long at = System.nanoTime();
                var _ = model.infer(TEXTS.get(i % TEXTS.size()));
                micros[i] = (System.nanoTime() - at) / 1e3;
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            OptionalDouble energy = per(requests, energyBefore, meter.microjoules());
            Arrays.sort(micros);
            return new Figures(
                    model.build(),
                    model.runtime() + " " + model.runtimeVersion(),
                    loadMs,
                    OptionalLong.of(loaded.bytes()),
                    grown(before, Memory.peak()),
                    at(micros, 0.5),
                    at(micros, 0.99),
                    OptionalDouble.of(requests / seconds),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    energy,
                    drain(requests, fillBefore, meter.fill()));
        }
    }

    /// A server that generates text is asked a few times, streamed for the first token, whole for its own timings.
    private Figures server(Settings.LocalServer server) throws IOException {
        HttpClient http = HttpClient.newHttpClient();
        try (http) {
            OpenAiRuntime runtime = Models.runtime(server, http);
            long start = System.nanoTime();
            LocalRuntime.Probe probe = runtime.probe();
            double[] firstMs = new double[CHATS];
            double[] micros = new double[CHATS];
            OptionalLong energyBefore = meter.microjoules();
            OptionalDouble fillBefore = meter.fill();
            double loadMs = 0;
            for (int i = 0; i < CHATS; i++) {
                long at = System.nanoTime();
                var streamed = runtime.chat(question(server, i, true));
                firstMs[i] = streamed.completion().usage().firstTokenMicros().orElse(0) / 1e3;
                micros[i] = (System.nanoTime() - at) / 1e3;
                if (i == 0) {
                    // The first answer includes what the server still had to load.
                    loadMs = (System.nanoTime() - start) / 1e6;
                }
            }
            OptionalDouble energy = per(CHATS, energyBefore, meter.microjoules());
            OptionalDouble drained = drain(CHATS, fillBefore, meter.fill());
            var whole = runtime.chat(question(server, 0, false));
            Arrays.sort(firstMs);
            Arrays.sort(micros);
            return new Figures(
                    server.build(),
                    (probe.kind() + " " + probe.version()).strip(),
                    loadMs,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    at(micros, 0.5),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    at(firstMs, 0.5),
                    whole.timings().prefill(),
                    whole.timings().decode(),
                    energy,
                    drained);
        } catch (OpenAiFailure e) {
            throw new IOException("the local server cannot be measured: " + e.getMessage(), e);
        }
    }

    private static OpenAiEndpoint.Question question(Settings.LocalServer server, int number, boolean isStream) {
        ObjectMapper json = new ObjectMapper();
        ObjectNode body = json.createObjectNode().put("model", server.model()).put("stream", isStream);
        body.put("max_tokens", 64).put("temperature", 0);
        body.putArray("messages").addObject().put("role", "user").put("content", TEXTS.get(number % TEXTS.size()));
        return new OpenAiEndpoint.Question(
                TextHandler.CHAT,
                body.toString().getBytes(StandardCharsets.UTF_8),
                isStream,
                server.key().map(key -> "Bearer " + key),
                Optional.empty());
    }

    private static OptionalDouble at(double[] sorted, double quantile) {
        return OptionalDouble.of(sorted[Math.min(sorted.length - 1, (int) (sorted.length * quantile))]);
    }

    private static OptionalDouble per(int requests, OptionalLong before, OptionalLong after) {
        return before.isPresent() && after.isPresent() && after.getAsLong() >= before.getAsLong()
                ? OptionalDouble.of((after.getAsLong() - before.getAsLong()) / (double) requests)
                : OptionalDouble.empty();
    }

    /// Absent where the battery is not counted, or did not become emptier: too few requests, or something
    /// feeds it.
    static OptionalDouble drain(int requests, OptionalDouble before, OptionalDouble after) {
        return before.isPresent() && after.isPresent() && after.getAsDouble() < before.getAsDouble()
                ? OptionalDouble.of((before.getAsDouble() - after.getAsDouble()) * 100 * 1_000 / requests)
                : OptionalDouble.empty();
    }

    private static OptionalLong grown(OptionalLong before, OptionalLong peak) {
        return before.isPresent() && peak.isPresent()
                ? OptionalLong.of(Math.max(0, peak.getAsLong() - before.getAsLong()))
                : OptionalLong.empty();
    }

    /// As JSON, without what nobody knows.
    static String json(List<Figures> all, Optional<PowerMeter.Battery> battery) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode result = mapper.createObjectNode().put("schema", "edgewise-bench/1");
        var models = result.putArray("models");
        for (Figures figures : all) {
            ObjectNode model = models.addObject();
            model.put("build", figures.build())
                    .put("runtime", figures.runtime())
                    .put("loadMs", round(figures.loadMs()));
            figures.modelBytes().ifPresent(value -> model.put("modelBytes", value));
            figures.memoryBytes().ifPresent(value -> model.put("peakMemoryBytes", value));
            put(model, "p50Us", figures.p50Us());
            put(model, "p99Us", figures.p99Us());
            put(model, "requestsPerSecond", figures.perSecond());
            put(model, "firstTokenMs", figures.firstTokenMs());
            put(model, "prefillTokensPerSecond", figures.prefillTokensPerSecond());
            put(model, "decodeTokensPerSecond", figures.decodeTokensPerSecond());
            put(model, "energyUjPerRequest", figures.energyUj());
            figures.batteryPercent().ifPresent(value -> model.put("batteryPercentPer1000", value));
        }
        battery.ifPresent(at -> {
            ObjectNode cell = result.putObject("battery").put("charge", at.charge());
            at.charging().ifPresent(is -> cell.put("charging", is));
        });
        return result.toString();
    }

    private static void put(ObjectNode model, String name, OptionalDouble value) {
        value.ifPresent(known -> model.put(name, round(known)));
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    Optional<PowerMeter.Battery> battery() {
        return meter.battery();
    }

    static final class Memory {
        private Memory() {}

        /// What this process holds now, and the most it held.
        static OptionalLong resident() {
            return line("VmRSS:");
        }

        static OptionalLong peak() {
            return line("VmHWM:");
        }

        private static OptionalLong line(String name) {
            try {
                return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith(name))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                        .findFirst();
            } catch (IOException e) {
                return OptionalLong.empty();
            }
        }
    }
}
