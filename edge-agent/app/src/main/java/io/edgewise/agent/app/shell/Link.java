// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.OrdersSource;
import io.edgewise.agent.Uplink;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.shell.HttpOrders;
import io.edgewise.agent.shell.HttpUplink;
import io.edgewise.agent.shell.KafkaUplink;
import io.edgewise.contracts.v1.Orders;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The link to Edgewise: where orders come from and records go, and the keys for both. Without a server the agent
/// stands alone: no orders, and records stay in the spool unless Kafka is named.
@SuppressWarnings("ArrayRecordComponent")
record Link(OrdersSource orders, Road road, PublicKey signingKey, String token, byte[] feedbackKey)
        implements AutoCloseable {
    /// Where records go, how many the other side did not take for good, and what closes it.
    record Road(Uplink uplink, LongSupplier rejected, Runnable closing) {}

    private static final String FEEDBACK_KEY = "feedback.key";
    private static final int KEY_BYTES = 32;

    static Link of(Settings settings, HttpClient http) throws IOException {
        Road road = road(settings, http);
        if (settings.server().isEmpty()) {
            return new Link(
                    Link::none, road, anyKey(), "", ownKey(settings.identity().folder()));
        }
        Settings.Server server = settings.server().get();
        String token = server.token().orElse("");
        return new Link(
                new HttpOrders(http, server.url(), token),
                road,
                publicKey(server.signingKey()),
                token,
                server.feedbackKey());
    }

    /// Kafka where it is named, else the server's ingest. Records that go nowhere wait: the spool's bounds hold.
    private static Road road(Settings settings, HttpClient http) {
        if (settings.kafka().isPresent()) {
            Settings.Kafka named = settings.kafka().get();
            KafkaUplink kafka = KafkaUplink.connect(named.bootstrapServers(), named.client());
            return new Road(kafka, () -> 0, kafka::close);
        }
        if (settings.server().isPresent()) {
            Settings.Server server = settings.server().get();
            HttpUplink ingest =
                    new HttpUplink(http, server.url(), server.token().orElse(""));
            return new Road(ingest, ingest::rejected, ingest::close);
        }
        return new Road((topic, key, record, schema) -> new CompletableFuture<>(), () -> 0, () -> {});
    }

    private static Orders none(String workload, long cursor, java.time.Duration wait) throws IOException {
        try {
            boolean _ = new CountDownLatch(1).await(wait.toMillis(), TimeUnit.MILLISECONDS);
            return Orders.newBuilder().setCursor(cursor).build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// Nobody has the private half: no order would be obeyed.
    private static PublicKey anyKey() throws IOException {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java runtime has no Ed25519", e);
        }
    }

    static PublicKey publicKey(Path pem) throws IOException {
        try {
            String text =
                    Files.readString(pem).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "server.signing-key: " + pem + " holds no Ed25519 public key in PEM; copy the server's signing.pub",
                    e);
        }
    }

    /// So that tokens of before a restart still count.
    private static byte[] ownKey(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(FEEDBACK_KEY);
        if (Files.exists(file)) {
            return Files.readAllBytes(file);
        }
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        SecretFile.write(file, key);
        return key;
    }

    @Override
    public void close() {
        road.closing().run();
    }
}
