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
        Probe.Reply reply = probe.get(
                URI.create(Probe.trimmed(fetch.url()) + "/edgewise-doctor.manifest"),
                fetch.token().map(token -> "Bearer " + token));
        if (reply instanceof Probe.Silent(String how, String act)) {
            to.add(
                    "builds",
                    Doctor.State.FAIL,
                    fetch.url() + " " + how,
                    act + ", or correct edge.fetch.url; what is here goes on serving");
        } else if (reply.status() == 404 || reply.status() == 200) {
            to.add("builds", Doctor.State.OK, fetch.url() + " answers", "");
        } else {
            to.add(
                    "builds",
                    Doctor.State.FAIL,
                    fetch.url() + " answers " + reply.status(),
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
        Probe.Reply reply = probe.get(
                URI.create(Probe.trimmed(server.url()) + "/ingest/v1/orders?cursor=0&wait=0&workload="
                        + settings.workload().name()),
                bearer(server));
        if (reply instanceof Probe.Silent(String how, String act)) {
            to.add(
                    "server",
                    Doctor.State.FAIL,
                    server.url() + " " + how,
                    act + ", or correct server.url" + shown(server));
        } else if (reply.status() == 401 || reply.status() == 403) {
            to.add(
                    "server",
                    Doctor.State.FAIL,
                    server.url() + " refuses this device",
                    server.token().isPresent()
                            ? "enrol it again and set server.token" + shown(server)
                            : "see whether it asks for certificates (edgewise.device-authorities) and this device is"
                                    + " not revoked, or set server.token");
        } else if (reply.status() == 421) {
            to.add(
                    "server",
                    Doctor.State.FAIL,
                    server.url() + " does not know itself under this name",
                    "add it to the server's edgewise.hosts, or correct server.url");
        } else if (reply.status() >= 400) {
            to.add(
                    "server",
                    Doctor.State.FAIL,
                    server.url() + " answers " + reply.status(),
                    reply.status() == 404
                            ? "correct server.url, or update the server: it must run the role ingest"
                            : "look into the server's log");
        } else {
            to.add("server", Doctor.State.OK, server.url() + " gives orders", "");
        }
    }

    private static Optional<String> bearer(Settings.Server server) {
        return server.token().map(token -> "Bearer " + token);
    }

    /// What else says who the device is.
    private static String shown(Settings.Server server) {
        return server.certificate().isPresent() ? ", and see whether the server accepts server.client-certificate" : "";
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
            HttpRequest.Builder empty = HttpRequest.newBuilder(address)
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.noBody());
            bearer(server).ifPresent(value -> empty.header("Authorization", value));
            switch (probe.send(empty)) {
                case Probe.Silent(String how, String act) -> {
                    to.add("uplink", Doctor.State.FAIL, address + " " + how, act + ", or correct server.url");
                    return;
                }
                case Probe.Answered(HttpResponse<String> response)
                when response.statusCode() != 200 -> {
                    to.add(
                            "uplink",
                            Doctor.State.FAIL,
                            address + " answers " + response.statusCode(),
                            response.statusCode() == 404
                                    ? "correct server.url, or update the server: it must run the role ingest"
                                    : "check server.url and server.token" + shown(server));
                    return;
                }
                case Probe.Answered _ -> {}
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
