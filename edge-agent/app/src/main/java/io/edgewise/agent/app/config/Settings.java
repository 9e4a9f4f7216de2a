// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import io.edgewise.agent.ConfidenceSource;
import io.edgewise.agent.Consent;
import io.edgewise.agent.Policies;
import io.edgewise.agent.PriceCard;
import io.edgewise.contracts.Workload;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All of an agent's settings, checked.
public record Settings(
        Identity identity,
        Http http,
        Workload workload,
        Frontiers frontiers,
        Edge edge,
        Optional<Server> server,
        Optional<Kafka> kafka,
        Optional<Path> authorities,
        Privacy privacy,
        Policies policies,
        Log log) {
    /// Whether records go anywhere: to Kafka where it is named, else to the server.
    public boolean isUplinked() {
        return kafka.isPresent() || server.isPresent();
    }

    /// Who the device is, where the agent keeps its things, and how requests that say nothing are taken.
    public record Identity(
            String device,
            String tenant,
            Path folder,
            Consent consent,
            Map<String, String> slices,
            About about,
            int mirrors) {}

    /// What somebody says of the device that it does not tell by itself. `metered` is absent where nobody
    /// knows.
    public record About(
            String deviceClass, String chipset, Optional<Boolean> metered, String driver, List<String> entitlements) {}

    /// Whether requests that cannot be redacted may leave, and where the key of recorded texts lies.
    public record Privacy(boolean passThrough, Path keyFile) {}

    public record Http(
            String host,
            int port,
            List<String> hosts,
            List<String> origins,
            Optional<String> token,
            Optional<Tls> tls,
            Limits limits) {
        @Override
        public String toString() {
            return "Http[" + host + ":" + port + "]";
        }
    }

    public record Tls(Path certificate, Path key) {}

    public record Limits(int mostBody, int mostRequests, Duration timeout, Duration drain) {}

    /// How directives call them together, and the order in which they are asked. None where nothing may leave the
    /// device.
    public record Frontiers(String name, List<Frontier> members) {
        public Frontiers {
            members = List.copyOf(members);
        }

        /// Whose API it is that passes through, and whose model apps name.
        public Optional<Frontier> first() {
            return members.stream().findFirst();
        }
    }

    public record Frontier(
            String name,
            URI url,
            String model,
            Optional<String> key,
            Duration timeout,
            Optional<PriceCard> prices,
            long nanosPerHour) {
        @Override
        public String toString() {
            return "Frontier[" + name + ", " + url + ", " + model + "]";
        }
    }

    /// What runs on the device: builds from a folder, builds that are fetched, and a local server; and the signed set
    /// that they answer daily.
    public record Edge(
            Optional<Path> models,
            List<String> builds,
            Optional<Fetch> fetch,
            Optional<LocalServer> server,
            Optional<Path> reference,
            Optional<Router> router) {}

    /// The router's own build.
    public sealed interface Router {
        String build();
    }

    /// From a folder.
    public record InstalledRouter(Path models, String build) implements Router {}

    /// Of this release, from where builds are fetched.
    public record FetchedRouter(String build, long release) implements Router {}

    /// Where builds that orders name come from, and how much room they may take.
    public record Fetch(URI url, Optional<String> token, long quotaBytes, List<String> providers) {
        @Override
        public String toString() {
            return "Fetch[" + url + "]";
        }
    }

    public record LocalServer(
            URI url,
            String build,
            String model,
            String sha256,
            Optional<String> key,
            Duration timeout,
            ConfidenceSource confidence,
            boolean tools,
            boolean embeddings) {
        @Override
        public String toString() {
            return "LocalServer[" + url + ", " + build + "]";
        }
    }

    /// Where orders come from, and records go unless Kafka is named. There is a token, or a certificate
    /// that says who the device is, or both.
    @SuppressWarnings("ArrayRecordComponent")
    public record Server(
            URI url,
            Optional<String> token,
            byte[] feedbackKey,
            Path signingKey,
            Optional<ClientCertificate> certificate) {
        @Override
        public String toString() {
            return "Server[" + url + "]";
        }
    }

    /// What a device shows to its server: its certificate, with those that lead to its authority, and its
    /// private key.
    public record ClientCertificate(Path chain, Path key) {}

    public record Kafka(String bootstrapServers, Map<String, String> client) {
        @Override
        public String toString() {
            return "Kafka[" + bootstrapServers + "]";
        }
    }

    public record Log(boolean isJson, String level) {}
}
