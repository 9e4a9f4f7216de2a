// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.jspecify.annotations.Nullable;

/// The doctor's look at the way to Edgewise: keys, orders, and where records go.
record LinkCheck(Settings settings, Probe probe, Doctor.Findings to) {
    private static final long PATIENCE_SECONDS = 5;

    void look() {
        settings.server().ifPresent(this::server);
        uplink();
        settings.edge().fetch().ifPresent(this::fetch);
    }

    /// A manifest that nobody has, asked for as those of builds are.
    private void fetch(Settings.Fetch fetch) {
        Optional<Integer> status = probe.get(
                        URI.create(Probe.trimmed(fetch.url()) + "/edgewise-doctor.manifest"),
                        fetch.token().map(token -> "Bearer " + token))
                .map(HttpResponse::statusCode);
        if (status.isEmpty()) {
            to.add(
                    "builds",
                    Doctor.State.FAIL,
                    fetch.url() + " does not answer",
                    "check the network and edge.fetch.url; what is here goes on serving");
        } else if (status.get() == 404 || status.get() == 200) {
            to.add("builds", Doctor.State.OK, fetch.url() + " answers", "");
        } else {
            to.add(
                    "builds",
                    Doctor.State.FAIL,
                    fetch.url() + " answers " + status.get(),
                    "correct edge.fetch.url and edge.fetch.token");
        }
    }

    private void server(Settings.Server server) {
        try {
            var _ = Link.publicKey(server.signingKey());
            to.add("signing key", Doctor.State.OK, server.signingKey().toString(), "");
        } catch (IOException e) {
            to.add(
                    "signing key",
                    Doctor.State.FAIL,
                    String.valueOf(e.getMessage()),
                    "copy the server's signing.pub to the device");
        }
        if ("http".equals(server.url().getScheme())
                && !SettingsReader.isLoopback(server.url().getHost())) {
            to.add(
                    "server address",
                    Doctor.State.WARN,
                    server.url() + " is not encrypted: who is on the way reads the device's token",
                    "write https:// in server.url");
        }
        Optional<HttpResponse<String>> response = probe.get(
                URI.create(Probe.trimmed(server.url()) + "/ingest/v1/orders?cursor=0&wait=0&workload="
                        + settings.workload().name()),
                Optional.of("Bearer " + server.token()));
        if (response.isEmpty()) {
            to.add("server", Doctor.State.FAIL, server.url() + " does not answer", "check the network and server.url");
        } else if (response.get().statusCode() == 401 || response.get().statusCode() == 403) {
            to.add(
                    "server",
                    Doctor.State.FAIL,
                    server.url() + " refuses this device",
                    "enrol it again and set server.token");
        } else if (response.get().statusCode() >= 400) {
            to.add(
                    "server",
                    Doctor.State.FAIL,
                    server.url() + " answers " + response.get().statusCode(),
                    "check server.url");
        } else {
            to.add("server", Doctor.State.OK, server.url() + " gives orders", "");
        }
    }

    private void uplink() {
        if (settings.kafka().isPresent()) {
            kafka(settings.kafka().get());
        } else if (settings.server().isPresent()) {
            ingest(settings.server().get());
        } else {
            to.add("uplink", Doctor.State.WARN, "none: records stay in the spool", "set server.url, or uplink.kafka");
        }
    }

    /// An empty batch changes nothing, and is answered as any other.
    private void ingest(Settings.Server server) {
        for (String kind : List.of("batches", "status", "feedback")) {
            URI address = URI.create(Probe.trimmed(server.url()) + "/ingest/v1/" + kind);
            Optional<HttpResponse<String>> response = probe.send(HttpRequest.newBuilder(address)
                    .header("Authorization", "Bearer " + server.token())
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.noBody()));
            int status = response.map(HttpResponse::statusCode).orElse(0);
            if (status != 200) {
                to.add(
                        "uplink",
                        Doctor.State.FAIL,
                        address + (status == 0 ? " does not answer" : " answers " + status),
                        status == 404
                                ? "correct server.url, or update the server: it must run the role ingest"
                                : "check the network, server.url and server.token");
                return;
            }
        }
        to.add("uplink", Doctor.State.OK, server.url() + " takes records", "");
    }

    private void kafka(Settings.Kafka kafka) {
        Map<String, Object> client = new HashMap<>(kafka.client());
        client.put("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            int nodes = admin.describeCluster()
                    .nodes()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .size();
            to.add("uplink", Doctor.State.OK, kafka.bootstrapServers() + ", " + nodes + " brokers", "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            kafkaFault(kafka, e.getCause() instanceof AuthenticationException refused ? refused.getMessage() : "");
        } catch (TimeoutException | KafkaException e) {
            kafkaFault(kafka, e instanceof KafkaException wrong ? wrong.getMessage() : "");
        }
    }

    /// @param refused the brokers' or the client's own words; empty where there was no answer
    private void kafkaFault(Settings.Kafka kafka, @Nullable String refused) {
        boolean isRefused = refused != null && !refused.isEmpty();
        to.add(
                "uplink",
                Doctor.State.FAIL,
                kafka.bootstrapServers() + (isRefused ? " cannot be used: " + refused : " does not answer"),
                isRefused ? "correct uplink.kafka.client" : "check the network and uplink.kafka");
    }
}
