// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.References;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.agent.openai.LocalRuntime;
import io.edgewise.agent.openai.OpenAiFailure;
import io.edgewise.agent.orders.Keyring;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/// Looks at everything the agent needs, and says what to do about what is not right. Changes nothing.
final class Doctor {
    private static final long LITTLE_DISK = 256L << 20;
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    enum State {
        OK,
        WARN,
        FAIL
    }

    /// What was looked at, how it is, and what to do; empty when there is nothing to do.
    record Finding(String what, State state, String how, String act) {}

    private final Settings settings;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final List<Finding> findings = new ArrayList<>();

    Doctor(Settings settings) {
        this.settings = settings;
    }

    List<Finding> look() {
        folder();
        port();
        models();
        settings.edge().reference().ifPresent(file -> settings.server().ifPresent(server -> reference(file, server)));
        settings.edge().server().ifPresent(this::localServer);
        frontier();
        settings.server().ifPresent(this::server);
        uplink();
        http.close();
        return List.copyOf(findings);
    }

    private void add(String what, State state, String how, String act) {
        findings.add(new Finding(what, state, how, act));
    }

    private void folder() {
        Path folder = settings.identity().folder();
        try {
            Files.createDirectories(folder);
            Path probe = Files.createTempFile(folder, "doctor", ".tmp");
            Files.delete(probe);
            long free = Files.getFileStore(folder).getUsableSpace();
            String how = folder + ", " + (free >> 20) + " MB free";
            if (free < LITTLE_DISK) {
                add("disk", State.WARN, how, "free some: the spool may take 64 MB for each of its two lanes");
            } else {
                add("disk", State.OK, how, "");
            }
        } catch (IOException e) {
            add(
                    "disk",
                    State.FAIL,
                    folder + " cannot be written: " + e,
                    "give the agent's user this folder, or set folder");
        }
    }

    private void port() {
        Settings.Http at = settings.http();
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(at.host(), at.port()));
            add("port", State.OK, at.host() + ":" + at.port() + " is free", "");
        } catch (IOException e) {
            boolean isAgent = status(URI.create("http://" + at.host() + ":" + at.port() + "/q/health/live"))
                    .map(response -> response.statusCode() == 200)
                    .orElse(false);
            if (isAgent) {
                add("port", State.OK, "an agent is running on " + at.host() + ":" + at.port(), "");
            } else {
                add(
                        "port",
                        State.FAIL,
                        at.host() + ":" + at.port() + " is taken",
                        "stop what listens there, or set http.port");
            }
        }
    }

    private void models() {
        if (settings.edge().builds().isEmpty() && settings.edge().server().isEmpty()) {
            add("models", State.WARN, "none on this device", "set edge.models and edge.builds, or edge.server");
        }
        for (String build : settings.edge().builds()) {
            Path folder = settings.edge().models().orElse(Path.of("."));
            try (EdgeModel model = OnnxClassifier.open(
                    ModelManifest.load(folder, build), settings.workload().labels())) {
                String label = model.infer("hello").label();
                add(
                        "model " + build,
                        State.OK,
                        model.runtime() + " " + model.runtimeVersion() + " on " + model.executionProvider()
                                + " answers (\"" + label + "\")",
                        "");
            } catch (IOException | RuntimeException e) {
                add(
                        "model " + build,
                        State.FAIL,
                        String.valueOf(e.getMessage()),
                        "fetch the build again into " + folder);
            }
        }
    }

    private void reference(Path file, Settings.Server server) {
        try {
            Keyring keys = Keyring.of(Link.publicKey(server.signingKey()));
            ReferenceFile.read(file, signed -> {
                References set = References.read(
                        signed,
                        keys,
                        settings.identity().tenant(),
                        settings.workload().name());
                add("reference set", State.OK, set.words(), "");
            });
        } catch (IOException e) {
            add(
                    "reference set",
                    State.FAIL,
                    String.valueOf(e.getMessage()),
                    "have it signed by the server whose orders this device obeys: edgewise reference");
        }
    }

    private void localServer(Settings.LocalServer server) {
        try {
            LocalRuntime.Probe probe = Models.runtime(server, http).probe();
            String how = (probe.kind() + " " + probe.version()).strip() + " at " + server.url();
            if (probe.hasModel()) {
                add("local server", State.OK, how, "");
            } else {
                add(
                        "local server",
                        State.WARN,
                        how + " does not list " + server.model(),
                        "load it, or set edge.server.model");
            }
        } catch (OpenAiFailure e) {
            add("local server", State.FAIL, String.valueOf(e.getMessage()), "start it, or correct edge.server.url");
        }
    }

    private void frontier() {
        Settings.Frontier frontier = settings.frontier();
        Optional<HttpResponse<String>> response = get(
                URI.create(trimmed(frontier.url()) + "/v1/models"),
                frontier.key().map(key -> "Bearer " + key));
        if (response.isEmpty()) {
            add("frontier", State.FAIL, frontier.url() + " does not answer", "check the network and frontier.url");
            return;
        }
        int status = response.get().statusCode();
        clock(response.get());
        if (status == 401 || status == 403) {
            boolean isSet = frontier.key().isPresent();
            add(
                    "frontier",
                    isSet ? State.FAIL : State.OK,
                    frontier.url() + " asks for a key",
                    isSet ? "it refuses frontier.key; correct it" : "");
        } else if (status == 200 && !response.get().body().contains("\"" + frontier.model() + "\"")) {
            add(
                    "frontier",
                    State.WARN,
                    frontier.url() + " does not list " + frontier.model(),
                    "correct frontier.model");
        } else {
            add("frontier", status < 500 ? State.OK : State.WARN, frontier.url() + " answers " + status, "");
        }
    }

    /// By what another machine says the time is.
    private void clock(HttpResponse<?> response) {
        Optional<String> date = response.headers().firstValue("Date");
        if (date.isEmpty()) {
            return;
        }
        try {
            Instant theirs = ZonedDateTime.parse(date.get(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration off = Duration.between(theirs, Instant.now()).abs();
            if (off.compareTo(SKEW) > 0) {
                add(
                        "clock",
                        State.FAIL,
                        "it differs by " + off + " from the frontier's",
                        "set it, for example with NTP");
            } else {
                add("clock", State.OK, "within " + Math.max(1, off.toSeconds()) + " s of the frontier's", "");
            }
        } catch (DateTimeParseException e) {
            add("clock", State.WARN, "the frontier's time cannot be read", "");
        }
    }

    private void server(Settings.Server server) {
        try {
            var _ = Link.publicKey(server.signingKey());
            add("signing key", State.OK, server.signingKey().toString(), "");
        } catch (IOException e) {
            add(
                    "signing key",
                    State.FAIL,
                    String.valueOf(e.getMessage()),
                    "copy the server's signing.pub to the device");
        }
        Optional<HttpResponse<String>> response = get(
                URI.create(trimmed(server.url()) + "/ingest/v1/orders?cursor=0&wait=0&workload="
                        + settings.workload().name()),
                Optional.of("Bearer " + server.token()));
        if (response.isEmpty()) {
            add("server", State.FAIL, server.url() + " does not answer", "check the network and server.url");
        } else if (response.get().statusCode() == 401 || response.get().statusCode() == 403) {
            add("server", State.FAIL, server.url() + " refuses this device", "enrol it again and set server.token");
        } else if (response.get().statusCode() >= 400) {
            add(
                    "server",
                    State.FAIL,
                    server.url() + " answers " + response.get().statusCode(),
                    "check server.url");
        } else {
            add("server", State.OK, server.url() + " gives orders", "");
        }
    }

    private void uplink() {
        if (settings.uplink().isEmpty()) {
            add("uplink", State.WARN, "none: records stay in the spool", "set uplink.kafka.bootstrap-servers");
            return;
        }
        Settings.Kafka kafka = settings.uplink().get();
        java.util.Map<String, Object> client = new java.util.HashMap<>(kafka.client());
        client.put("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            int nodes = admin.describeCluster()
                    .nodes()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .size();
            add("uplink", State.OK, kafka.bootstrapServers() + ", " + nodes + " brokers", "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            add(
                    "uplink",
                    State.FAIL,
                    kafka.bootstrapServers() + " does not answer",
                    "check the network and uplink.kafka");
        }
    }

    private static String trimmed(URI base) {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private Optional<HttpResponse<String>> status(URI address) {
        return get(address, Optional.empty());
    }

    private Optional<HttpResponse<String>> get(URI address, Optional<String> authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(PATIENCE);
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            return Optional.of(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
