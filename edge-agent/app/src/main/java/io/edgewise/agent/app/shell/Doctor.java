// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.References;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.builds.BuildRefusal;
import io.edgewise.agent.builds.KeptBuilds;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.agent.openai.LocalRuntime;
import io.edgewise.agent.openai.OpenAiFailure;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.Workload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
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
import java.util.Locale;
import java.util.Optional;

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
    private final HttpClient http;
    private final Probe probe;
    private final List<Finding> findings = new ArrayList<>();

    Doctor(Settings settings) {
        this.settings = settings;
        this.http = client(certificate());
        this.probe = new Probe(http, PATIENCE);
    }

    /// What the device shows to its server.
    private Optional<OwnKeys> certificate() {
        try {
            Optional<OwnKeys> shown = OwnKeys.of(settings);
            DeviceCertificate.read(settings).ifPresent(own -> add(own.look(Instant.now())));
            return shown;
        } catch (IOException e) {
            add("client certificate", State.FAIL, String.valueOf(e.getMessage()), "the agent does not start with it");
            return Optional.empty();
        }
    }

    private HttpClient client(Optional<OwnKeys> shown) {
        try {
            return Trust.with(settings.authorities(), shown)
                    .connectTimeout(PATIENCE)
                    .build();
        } catch (IOException e) {
            add("trusted authorities", State.FAIL, String.valueOf(e.getMessage()), "correct trusted-authorities");
            return HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        }
    }

    List<Finding> look() {
        folder();
        port();
        workload();
        models();
        settings.edge().fetch().ifPresent(fetch -> settings.server().ifPresent(server -> kept(fetch, server)));
        settings.edge().reference().ifPresent(file -> settings.server().ifPresent(server -> reference(file, server)));
        settings.edge().router().ifPresent(router -> {
            if (router instanceof Settings.InstalledRouter installed) {
                router(installed);
            }
        });
        settings.edge().server().ifPresent(this::localServer);
        frontiers();
        new LinkCheck(settings, probe, this::add).look();
        http.close();
        return List.copyOf(findings);
    }

    /// Takes what was found.
    @FunctionalInterface
    interface Findings {
        void add(String what, State state, String how, String act);
    }

    private void add(String what, State state, String how, String act) {
        add(new Finding(what, state, how, act));
    }

    private void add(Finding finding) {
        findings.add(finding);
    }

    private void folder() {
        Path folder = settings.identity().folder();
        try {
            Files.createDirectories(folder);
            Path probe = Files.createTempFile(folder, "doctor", ".tmp");
            Files.delete(probe);
            long free = Files.getFileStore(folder).getUsableSpace();
            String how = folder + ", " + (free >> 20) + " MB free";
            long quota = settings.edge().fetch().map(Settings.Fetch::quotaBytes).orElse(0L);
            if (quota > free) {
                add(
                        "disk",
                        State.WARN,
                        how + "; fetched builds may take " + (quota >> 20) + " MB",
                        "free some, or lower edge.fetch.quota");
            } else if (free < LITTLE_DISK) {
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
            String where = at.host() + ":" + at.port();
            URI health = URI.create((at.tls().isPresent() ? "https://" : "http://") + where + "/q/health/live");
            Probe.Reply reply = probe.get(health, Optional.empty());
            if (reply.status() == 200) {
                add("port", State.OK, "an agent is running on " + where, "");
            } else if (reply instanceof Probe.Silent(String how, String _) && how.startsWith(Probe.UNTRUSTED)) {
                add("port", State.OK, where + " speaks TLS, as an agent that is running would", "");
            } else {
                add(
                        "port",
                        State.FAIL,
                        "the agent cannot listen on " + where + ": " + e.getMessage(),
                        "stop what listens there, or set http.port; http.host is an address of this machine");
            }
        }
    }

    private void workload() {
        Workload workload = settings.workload();
        add(
                "workload",
                State.OK,
                workload.name() + ": " + workload.kind().name().toLowerCase(Locale.ROOT) + ", compared by "
                        + workload.agreement(),
                "");
    }

    private void models() {
        Settings.Edge edge = settings.edge();
        if (edge.builds().isEmpty() && edge.server().isEmpty() && edge.fetch().isEmpty()) {
            add(
                    "models",
                    State.WARN,
                    "none on this device",
                    "set edge.fetch, edge.models and edge.builds, or edge.server");
        }
        for (String build : settings.edge().builds()) {
            Path folder = settings.edge().models().orElse(Path.of("."));
            List<String> passedOver = new ArrayList<>();
            try (EdgeModel model = OnnxClassifier.open(
                    ModelManifest.load(folder, build, passedOver::add),
                    settings.workload().labels())) {
                add("model " + build, State.OK, answering(model), "");
                passedOver.forEach(why -> add("model " + build, State.WARN, why, "install the file for this version"));
            } catch (ModelManifest.Unfit e) {
                add(
                        "model " + build,
                        State.WARN,
                        String.valueOf(e.getMessage()),
                        "install one: until then the champion answers");
            } catch (IOException | RuntimeException e) {
                add(
                        "model " + build,
                        State.FAIL,
                        String.valueOf(e.getMessage()),
                        "fetch the build again into " + folder);
            }
        }
    }

    private void router(Settings.InstalledRouter router) {
        try (EdgeModel model = Models.router(router).model().get().orElseThrow()) {
            add("router " + router.build(), State.OK, answering(model), "");
        } catch (IOException | RuntimeException e) {
            add(
                    "router " + router.build(),
                    State.FAIL,
                    String.valueOf(e.getMessage()),
                    "put it into " + router.models() + ", or correct routing.router");
        }
    }

    /// What was fetched before, as it will serve when the agent starts.
    private void kept(Settings.Fetch fetch, Settings.Server server) {
        try {
            KeptBuilds kept = Fetching.kept(settings, fetch, Keyring.of(Link.publicKey(server.signingKey())));
            List<String> names = kept.names();
            if (names.isEmpty()) {
                add("models", State.OK, "none fetched yet: orders say which", "");
            }
            for (String build : names) {
                kept(kept, build);
            }
            Fetching.router(settings)
                    .filter(router -> !names.contains(router.build()))
                    .ifPresent(router -> add(
                            "router " + router.build(),
                            State.OK,
                            "not fetched yet: the agent asks for release " + router.release() + " when it starts",
                            ""));
        } catch (IOException e) {
            add("models", State.FAIL, String.valueOf(e.getMessage()), "look at the folder of the fetched builds");
        }
    }

    private void kept(KeptBuilds kept, String build) {
        boolean isRouter = Fetching.router(settings)
                .filter(router -> router.build().equals(build))
                .isPresent();
        String what = (isRouter ? "router " : "model ") + build;
        try (EdgeModel model = kept.load(build, System.currentTimeMillis()).model()) {
            add(what, State.OK, answering(model), "");
        } catch (IOException | BuildRefusal | RuntimeException e) {
            add(
                    what,
                    State.WARN,
                    String.valueOf(e.getMessage()),
                    isRouter
                            ? "nothing, if that release is published: the agent asks for it when it starts"
                            : "nothing: it is fetched again when an order names it");
        }
    }

    private static String answering(EdgeModel model) {
        return model.runtime() + " " + model.runtimeVersion() + " on " + model.executionProvider() + " answers (\""
                + model.infer("hello").label() + "\")";
    }

    private void reference(Path file, Settings.Server server) {
        try {
            Keyring keys = Fetching.known(settings, Keyring.of(Link.publicKey(server.signingKey())));
            ReferenceFile.read(file, signed -> {
                References set =
                        References.read(signed, keys, settings.identity().tenant(), settings.workload());
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

    private void frontiers() {
        List<Settings.Frontier> members = settings.frontiers().members();
        if (members.isEmpty()) {
            add("frontier", State.OK, "none: everything stays on this device", "");
        }
        for (Settings.Frontier member : members) {
            boolean isOne = members.size() == 1;
            frontier(
                    member,
                    isOne ? "frontier" : "frontier " + member.name(),
                    isOne ? "frontier." : "its ",
                    member.equals(members.getFirst()));
        }
    }

    private void frontier(Settings.Frontier frontier, String what, String its, boolean isFirst) {
        Probe.Reply reply = probe.get(
                URI.create(Probe.trimmed(frontier.url()) + "/v1/models"),
                frontier.key().map(key -> "Bearer " + key));
        switch (reply) {
            case Probe.Silent(String how, String act) ->
                add(what, State.FAIL, frontier.url() + " " + how, act + ", or correct " + its + "url");
            case Probe.Answered(HttpResponse<String> response) -> frontier(frontier, what, its, isFirst, response);
        }
    }

    private void frontier(
            Settings.Frontier frontier, String what, String its, boolean isFirst, HttpResponse<String> response) {
        int status = response.statusCode();
        if (isFirst) {
            clock(response);
        }
        if (status == 401 || status == 403) {
            boolean isSet = frontier.key().isPresent();
            add(
                    what,
                    isSet ? State.FAIL : State.OK,
                    frontier.url() + " asks for a key",
                    isSet ? "it refuses " + its + "key; correct it" : "");
        } else if (status == 200 && !response.body().contains("\"" + frontier.model() + "\"")) {
            add(what, State.WARN, frontier.url() + " does not list " + frontier.model(), "correct " + its + "model");
        } else {
            add(what, status < 500 ? State.OK : State.WARN, frontier.url() + " answers " + status, "");
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
            Duration ahead = Duration.between(theirs, Instant.now());
            long seconds = ahead.abs().toSeconds();
            if (ahead.abs().compareTo(SKEW) > 0) {
                add(
                        "clock",
                        State.FAIL,
                        "it is " + seconds + " s " + (ahead.isNegative() ? "behind" : "ahead of") + " the frontier's",
                        "set it, for example with NTP");
            } else {
                add("clock", State.OK, "within " + Math.max(1, seconds) + " s of the frontier's", "");
            }
        } catch (DateTimeParseException e) {
            add("clock", State.WARN, "the frontier's time cannot be read", "");
        }
    }
}
