// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import io.edgewise.agent.AgentSettings;
import io.edgewise.agent.ConfidenceSource;
import io.edgewise.agent.Consent;
import io.edgewise.agent.Policies;
import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.contracts.Workload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes settings out of a file and the environment, or says all that is wrong with them.
public final class SettingsReader {
    /// Tenant, device, mac.
    private static final int TOKEN_PARTS = 3;

    private static final String ENROLMENT = "is missing; the server's enrolment of this device gives it";

    private final Reading reading;
    private final Tree tree;
    private final Path base;

    private SettingsReader(Tree tree, Path base) {
        this.tree = tree;
        this.reading = new Reading(tree);
        this.base = base;
    }

    /// Paths in the file are relative to it.
    public static Settings load(Path file, Map<String, String> environment) throws ConfigFailure {
        String yaml;
        try {
            yaml = Files.readString(file);
        } catch (IOException e) {
            throw new ConfigFailure(
                    file.toString(),
                    List.of((Files.exists(file) ? "it cannot be read (" + e + ")" : "there is no such file")
                            + "; write it as docs/agent.md shows, or name another one with --config"));
        }
        Path folder = file.toAbsolutePath().getParent();
        return read(file.toString(), yaml, environment, folder == null ? Path.of("/") : folder);
    }

    public static Settings read(String where, String yaml, Map<String, String> environment, Path base)
            throws ConfigFailure {
        SettingsReader reader = new SettingsReader(Tree.read(yaml, environment), base);
        Settings settings = reader.settings();
        if (!reader.tree.faults().isEmpty()) {
            throw new ConfigFailure(where, reader.tree.faults());
        }
        return settings;
    }

    private Settings settings() {
        Workload workload = new WorkloadReader(reading, base).workload();
        Settings.Identity identity = identity();
        require("device", () -> AgentSettings.requireRoom(identity.tenant(), identity.device(), workload));
        require("slices", () -> AgentSettings.requireSlices(identity.slices()));
        Settings.Edge edge = edge();
        edge.server().ifPresent(server -> requireConfidence(workload, server));
        return new Settings(
                identity,
                http(),
                workload,
                new FrontierReader(tree, reading).frontiers(),
                edge,
                server(),
                reading.optional("uplink.kafka.bootstrap-servers")
                        .map(servers -> new Settings.Kafka(servers, reading.table("uplink.kafka.client"))),
                reading.optional("trusted-authorities").map(_ -> file("trusted-authorities")),
                new Settings.Privacy(
                        reading.flag("privacy.pass-through"),
                        reading.optional("privacy.key-file")
                                .map(this::path)
                                .orElse(path(reading.text("folder")).resolve("spool.key"))),
                policies(),
                new Settings.Log(
                        reading.word("log.format", List.of("json", "text")).equals("json"),
                        reading.word("log.level", List.of("info", "error", "warn", "debug"))));
    }

    private void require(String path, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            reading.fault(path, String.valueOf(e.getMessage()));
        }
    }

    private Policies policies() {
        Policies policies = new PolicyReader(reading, base).policies();
        boolean isHome = policies.routing().home().isPresent();
        if (policies.privacy().least() == PrivacyClass.ON_DEVICE && !isHome) {
            reading.fault("routing.home", "is missing; with privacy.class on-device it names the build that answers");
        }
        policies.routing()
                .home()
                .filter(home -> !reading.list("edge.builds").contains(home)
                        && !reading.optional("edge.server.build").equals(Optional.of(home))
                        && tree.value("edge.fetch.url").isEmpty())
                .ifPresent(home -> reading.fault(
                        "routing.home",
                        "\"" + home + "\" is neither in edge.builds nor the edge.server.build, and there is no"
                                + " edge.fetch.url to fetch it from"));
        return policies;
    }

    private Settings.Identity identity() {
        Consent consent = Consent.of(reading.word("consent", List.of("telemetry-only", "granted", "none")));
        return new Settings.Identity(
                reading.name("device"),
                reading.name("tenant"),
                path(reading.text("folder")),
                consent,
                reading.table("slices"),
                new Settings.About(
                        reading.text("about.device-class"),
                        reading.optional("about.chipset").orElse(""),
                        reading.optional("about.metered").isPresent()
                                ? Optional.of(reading.flag("about.metered"))
                                : Optional.empty(),
                        reading.optional("about.driver").orElse(""),
                        reading.list("about.entitlements")),
                reading.number("mirrors", 0, 10_000));
    }

    private Settings.Http http() {
        Optional<String> certificate = reading.optional("http.certificate");
        Optional<String> key = reading.optional("http.certificate-key");
        if (certificate.isPresent() != key.isPresent()) {
            reading.fault("http.certificate", "needs http.certificate-key beside it, and the other way round");
        }
        Optional<Settings.Tls> tls = certificate.isPresent() && key.isPresent()
                ? Optional.of(new Settings.Tls(file("http.certificate"), file("http.certificate-key")))
                : Optional.empty();
        Settings.Http http = new Settings.Http(
                reading.text("http.host"),
                reading.number("http.port", 0, 65_535),
                reading.list("http.hosts"),
                reading.list("http.origins"),
                reading.optional("http.token"),
                tls,
                new Settings.Limits(
                        reading.number("http.most-body", 1_024, 1 << 28),
                        reading.number("http.most-requests", 1, 100_000),
                        reading.duration("http.timeout"),
                        reading.duration("http.drain")));
        boolean isInsecure = reading.flag("http.insecure");
        if (!isLoopback(http.host())
                && !isInsecure
                && (tls.isEmpty() || http.token().isEmpty())) {
            reading.fault(
                    "http.host",
                    "is \"" + http.host() + "\", which others can reach: write 127.0.0.1, or give http.certificate,"
                            + " http.certificate-key and http.token, or say http.insecure: true if you mean it");
        }
        return http;
    }

    /// Whether only this machine is reached under this name.
    public static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private Settings.Edge edge() {
        List<String> builds = reading.list("edge.builds");
        Optional<Path> models = reading.optional("edge.models").map(this::path);
        if (models.isPresent() && builds.isEmpty()) {
            reading.fault("edge.builds", "is empty; list the builds of " + models.get() + " to load");
        }
        if (models.isEmpty() && !builds.isEmpty()) {
            reading.fault("edge.models", "is missing; name the folder that holds the builds " + builds);
        }
        return new Settings.Edge(models, builds, fetch(), localServer(), reference(), router(models));
    }

    private Optional<Settings.Router> router(Optional<Path> models) {
        Optional<Path> own = reading.optional("routing.router.models").map(this::path);
        if (tree.value("routing.router.build").isEmpty()) {
            if (own.isPresent()) {
                reading.fault("routing.router.build", "is missing; name the build of " + own.get() + " that scores");
            }
            if (tree.value("routing.router.release").isPresent()) {
                reading.fault("routing.router.build", "is missing; name the build of which routing.router.release is");
            }
            return Optional.empty();
        }
        if (tree.value("routing.router.release").isPresent()) {
            return Optional.of(fetchedRouter(own.isPresent()));
        }
        Optional<Path> folder = own.or(() -> models);
        if (folder.isEmpty()) {
            reading.fault(
                    "routing.router.models",
                    "is missing; name the folder with models.json and the router's ONNX file, or set edge.models");
        }
        return Optional.of(new Settings.InstalledRouter(folder.orElse(base), reading.name("routing.router.build")));
    }

    private Settings.Router fetchedRouter(boolean hasFolder) {
        if (hasFolder) {
            reading.fault("routing.router.release", "stands beside routing.router.models; leave one of them out");
        }
        if (tree.value("edge.fetch.url").isEmpty()) {
            reading.fault("routing.router.release", "needs edge.fetch.url: from there the router's build is fetched");
        }
        return new Settings.FetchedRouter(
                reading.name("routing.router.build"), reading.number("routing.router.release", 1, Integer.MAX_VALUE));
    }

    private Optional<Path> reference() {
        if (tree.value("edge.reference").isEmpty()) {
            return Optional.empty();
        }
        if (tree.value("server.url").isEmpty()) {
            reading.fault(
                    "edge.reference",
                    "needs server.url and server.signing-key: that key says whether the set may be believed");
        }
        return Optional.of(file("edge.reference"));
    }

    private Optional<Settings.Fetch> fetch() {
        if (tree.value("edge.fetch.url").isEmpty()) {
            return Optional.empty();
        }
        if (tree.value("server.url").isEmpty()) {
            reading.fault(
                    "edge.fetch.url",
                    "needs server.url and server.signing-key: orders name the builds, and that key signs them");
        }
        List<String> providers = reading.list("edge.fetch.providers");
        return Optional.of(new Settings.Fetch(
                reading.url("edge.fetch.url"),
                reading.optional("edge.fetch.token"),
                (long) reading.number("edge.fetch.quota", 1, 10_000_000) << 20,
                providers.isEmpty() ? List.of("cpu") : providers));
    }

    private Optional<Settings.LocalServer> localServer() {
        if (tree.value("edge.server.url").isEmpty()) {
            return Optional.empty();
        }
        String confidence = reading.word("edge.server.confidence", List.of("none", "label-logprobs", "mean-logprob"));
        return Optional.of(new Settings.LocalServer(
                reading.url("edge.server.url"),
                tree.value("edge.server.build").isPresent()
                        ? reading.name("edge.server.build")
                        : missing("edge.server.build"),
                tree.value("edge.server.model").isPresent()
                        ? reading.text("edge.server.model")
                        : missing("edge.server.model"),
                reading.text("edge.server.sha256"),
                reading.optional("edge.server.key"),
                reading.duration("edge.server.timeout"),
                switch (confidence) {
                    case "label-logprobs" -> ConfidenceSource.LABEL_LOGPROBS;
                    case "mean-logprob" -> ConfidenceSource.MEAN_LOGPROB;
                    default -> ConfidenceSource.NONE;
                },
                reading.flag("edge.server.tools"),
                reading.flag("edge.server.embeddings")));
    }

    /// The probability of all tokens of a long text together says how long it is.
    private void requireConfidence(Workload workload, Settings.LocalServer server) {
        boolean isLabel = workload.kind() == Workload.Kind.CLASSIFICATION;
        if (!isLabel && server.confidence() == ConfidenceSource.LABEL_LOGPROBS) {
            reading.fault(
                    "edge.server.confidence",
                    "label-logprobs is the probability of a whole label, and this workload's answers are texts: write"
                            + " mean-logprob or none, or workload.kind: classification");
        }
    }

    private String missing(String path) {
        reading.fault(path, "is missing; with edge.server.url it must be named");
        return "missing";
    }

    private Optional<Settings.Server> server() {
        if (tree.value("server.url").isEmpty()) {
            return Optional.empty();
        }
        for (String path : List.of("server.feedback-key", "server.signing-key")) {
            if (tree.value(path).isEmpty()) {
                reading.fault(path, ENROLMENT);
            }
        }
        if (tree.value("server.token").isEmpty()
                && tree.value("server.client-certificate").isEmpty()) {
            reading.fault("server.token", ENROLMENT + ", or name a certificate in server.client-certificate");
        }
        byte[] key = new byte[] {0};
        try {
            key = HexFormat.of().parseHex(reading.text("server.feedback-key"));
        } catch (IllegalArgumentException e) {
            reading.fault("server.feedback-key", "is not hexadecimal; copy it as the enrolment showed it");
        }
        Optional<String> token = reading.optional("server.token");
        token.ifPresent(this::requireOwn);
        URI url = reading.url("server.url");
        return Optional.of(new Settings.Server(
                url,
                token,
                key,
                tree.value("server.signing-key").isPresent() ? file("server.signing-key") : base,
                clientCertificate(url)));
    }

    private Optional<Settings.ClientCertificate> clientCertificate(URI server) {
        boolean isNamed = tree.value("server.client-certificate").isPresent();
        if (isNamed != tree.value("server.client-key").isPresent()) {
            reading.fault(
                    isNamed ? "server.client-key" : "server.client-certificate",
                    "is missing; a certificate and its private key are named together");
            return Optional.empty();
        }
        if (!isNamed) {
            return Optional.empty();
        }
        if (!"https".equals(server.getScheme())) {
            reading.fault("server.client-certificate", "can be shown over https only; write https:// in server.url");
        }
        return Optional.of(
                new Settings.ClientCertificate(file("server.client-certificate"), file("server.client-key")));
    }

    /// A token says whose it is; with another's, the server would refuse all records for good.
    private void requireOwn(String token) {
        String[] parts = token.split("~", -1);
        if (parts.length != TOKEN_PARTS) {
            return;
        }
        String tenant = reading.text("tenant");
        String device = reading.text("device");
        if (!parts[0].equals(tenant) || !parts[1].equals(device)) {
            reading.fault(
                    "server.token",
                    "is of device " + parts[1] + " of tenant " + parts[0] + ", and this is device " + device
                            + " of tenant " + tenant + "; enrol this one, or correct device and tenant");
        }
    }

    private Path path(String said) {
        return base.resolve(said);
    }

    private Path file(String path) {
        Path file = path(reading.text(path));
        if (!Files.isReadable(file)) {
            reading.fault(path, "the file " + file + " cannot be read; create it or correct the path");
        }
        return file;
    }
}
