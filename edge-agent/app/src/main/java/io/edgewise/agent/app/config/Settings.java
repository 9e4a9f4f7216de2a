// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import io.edgewise.agent.ConfidenceSource;
import io.edgewise.agent.Consent;
import io.edgewise.agent.Policies;
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
        Frontier frontier,
        Edge edge,
        Optional<Server> server,
        Optional<Kafka> uplink,
        Privacy privacy,
        Policies policies,
        Log log) {
    /// Who the device is, where the agent keeps its things, and how requests that say nothing are taken.
    public record Identity(
            String device,
            String tenant,
            Path folder,
            Consent consent,
            Map<String, String> slices,
            String deviceClass,
            String chipset,
            int mirrors) {}

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

    public record Frontier(String name, URI url, String model, Optional<String> key, Duration timeout) {
        @Override
        public String toString() {
            return "Frontier[" + name + ", " + url + ", " + model + "]";
        }
    }

    /// What runs on the device: builds from a folder, and a local server; and the signed set that they answer daily.
    public record Edge(
            Optional<Path> models, List<String> builds, Optional<LocalServer> server, Optional<Path> reference) {}

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

    /// Where orders come from.
    @SuppressWarnings("ArrayRecordComponent")
    public record Server(URI url, String token, byte[] feedbackKey, Path signingKey) {
        @Override
        public String toString() {
            return "Server[" + url + "]";
        }
    }

    public record Kafka(String bootstrapServers, Map<String, String> client) {
        @Override
        public String toString() {
            return "Kafka[" + bootstrapServers + "]";
        }
    }

    public record Log(boolean isJson, String level) {}
}
