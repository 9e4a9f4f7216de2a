// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.embedded.EmbeddedKafka;
import io.edgewise.testkit.Await;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A real broker, and the real server in front of it with the role ingest alone: as packaged, in a process
/// of its own.
final class IngestProcess implements AutoCloseable {
    private static final String USER = "kiosk";
    private static final String PASSWORD = "sesame";
    private static final Path JAR = Scene.HOME.resolve("server/target/quarkus-app/quarkus-run.jar");

    private final Path folder;
    private final EmbeddedKafka kafka;
    private final Process process;
    private final int port;
    private final int tlsPort;
    private final int brokersDoor;
    private final OwnCertificate certificate;

    private IngestProcess(
            Path folder,
            EmbeddedKafka kafka,
            Process process,
            int port,
            int tlsPort,
            int brokersDoor,
            OwnCertificate certificate) {
        this.folder = folder;
        this.kafka = kafka;
        this.process = process;
        this.port = port;
        this.tlsPort = tlsPort;
        this.brokersDoor = brokersDoor;
        this.certificate = certificate;
    }

    /// Ready when it returns.
    static IngestProcess start(Path folder) throws IOException {
        OwnCertificate certificate = OwnCertificate.make(folder);
        EmbeddedKafka.Door door =
                new EmbeddedKafka.Door("DEVICES", "SASL_SSL", freePort(), certificate.ofBroker(USER, PASSWORD));
        EmbeddedKafka kafka = EmbeddedKafka.start(folder, freePort(), List.of(door));
        int port = freePort();
        int tlsPort = freePort();
        Path log = folder.resolve("server.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dedgewise.roles=ingest",
                        "-Dedgewise.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "-Dedgewise.secrets.folder=" + folder.resolve("secrets"),
                        "-Dedgewise.database.url=jdbc:postgresql://127.0.0.1:1/none",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dquarkus.http.ssl-port=" + tlsPort,
                        "-Dquarkus.http.ssl.certificate.files=" + certificate.pem(),
                        "-Dquarkus.http.ssl.certificate.key-files=" + certificate.key(),
                        "-Dedgewise.device-authorities=" + certificate.pem(),
                        "-jar",
                        JAR.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        IngestProcess ingest = new IngestProcess(folder, kafka, process, port, tlsPort, door.port(), certificate);
        ingest.awaitReady(log);
        return ingest;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void awaitReady(Path log) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest question = HttpRequest.newBuilder(url().resolve("/q/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            Await.until("the server is ready; its log is " + log, () -> {
                try {
                    return http.send(question, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200;
                } catch (ConnectException e) {
                    return false;
                }
            });
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    int port() {
        return port;
    }

    String token(String device) throws IOException {
        return secrets().token("default", device);
    }

    String feedbackKey(String device) throws IOException {
        return HexFormat.of().formatHex(secrets().feedbackKey("default", device));
    }

    /// What the enrolment of a device gives, as settings in YAML; reached at this port.
    String settings(String device, int at) throws IOException {
        return "server: {url: \"http://127.0.0.1:%d\", token: \"%s\", feedback-key: %s, signing-key: %s}\n"
                .formatted(at, token(device), feedbackKey(device), folder.resolve("secrets/signing.pub"));
    }

    /// The same for a device that shows a certificate instead of its token.
    String certified(String device) throws IOException {
        return "trusted-authorities: %s\nserver: {url: \"https://127.0.0.1:%d\", feedback-key: %s, signing-key: %s, %s}\n"
                .formatted(
                        certificate.pem(),
                        tlsPort,
                        feedbackKey(device),
                        folder.resolve("secrets/signing.pub"),
                        certificate.issue(device, "uri:edgewise://default/" + device));
    }

    /// Settings in YAML of an uplink straight to the broker, where it asks for TLS and this password.
    String uplink(String password) {
        return """
                uplink:
                  kafka:
                    bootstrap-servers: 127.0.0.1:%d
                    client:
                      security.protocol: SASL_SSL
                      sasl.mechanism: PLAIN
                      sasl.jaas.config: 'org.apache.kafka.common.security.plain.PlainLoginModule required username="%s" password="%s";'
                      ssl.truststore.type: PEM
                      ssl.truststore.location: %s
                """.formatted(brokersDoor, USER, password, certificate.pem());
    }

    String uplink() {
        return uplink(PASSWORD);
    }

    private DeviceSecrets secrets() throws IOException {
        return new DeviceSecrets(Files.readString(folder.resolve("secrets/device-secret"))
                .strip()
                .getBytes(StandardCharsets.UTF_8));
    }

    /// All that is in a topic now.
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        kafka.close();
    }
}
