// SPDX-License-Identifier: Apache-2.0
package io.edgewise.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;

/// One broker that is its own controller, on 127.0.0.1. Its log folder survives restarts; with one broker,
/// losing that disk loses the log.
public final class EmbeddedKafka implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /// A further way in for clients, which may ask who they are.
    ///
    /// @param protocol as Kafka names it: `SSL`, `SASL_SSL`, …
    /// @param settings of this listener alone, without its name in front
    public record Door(String name, String protocol, int port, Map<String, String> settings) {}

    /// Starts a broker on the folder's log, on a free port.
    public static EmbeddedKafka start(Path folder) throws IOException {
        return start(folder, freePort());
    }

    /// Starts a broker on this port, so that clients find it again after a restart.
    public static EmbeddedKafka start(Path folder, int port) throws IOException {
        return start(folder, port, List.of());
    }

    /// The same, with further ways in.
    public static EmbeddedKafka start(Path folder, int port, List<Door> doors) throws IOException {
        Path log = folder.resolve("kafka");
        Files.createDirectories(log);
        if (!Files.exists(log.resolve("meta.properties"))) {
            format(log);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings(log, port, doors)), Time.SYSTEM);
        server.startup();
        return new EmbeddedKafka(server, port);
    }

    public String bootstrapServers() {
        return LOOPBACK + ':' + port;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path log) throws IOException {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(log.toString())
                    .addDirectory(log.toString())
                    .setSupportedFeatures(List.copyOf(Feature.PRODUCTION_FEATURES))
                    .run();
        } catch (Exception e) {
            throw new IOException("cannot format the Kafka log in " + log + "; is the folder writable and empty?", e);
        }
    }

    private static Properties settings(Path log, int port, List<Door> doors) throws IOException {
        Properties settings = new Properties();
        int controllerPort = freePort(port);
        String plain = "PLAINTEXT://" + LOOPBACK + ':' + port;
        String more = doors.stream()
                .map(door -> "," + door.name() + "://" + LOOPBACK + ':' + door.port())
                .collect(Collectors.joining());
        String protocols = doors.stream()
                .map(door -> "," + door.name() + ':' + door.protocol())
                .collect(Collectors.joining());
        for (Door door : doors) {
            String prefix = "listener.name." + door.name().toLowerCase(Locale.ROOT) + '.';
            door.settings().forEach((name, value) -> settings.put(prefix + name, value));
        }
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.quorum.voters", "1@" + LOOPBACK + ':' + controllerPort);
        settings.put("listeners", plain + more + ",CONTROLLER://" + LOOPBACK + ':' + controllerPort);
        settings.put("advertised.listeners", plain + more);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT" + protocols);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", log.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        // A dead evaluator's partitions move after this long.
        settings.put("group.consumer.session.timeout.ms", "6000");
        settings.put("group.consumer.min.session.timeout.ms", "3000");
        settings.put("group.consumer.heartbeat.interval.ms", "1000");
        settings.put("group.consumer.min.heartbeat.interval.ms", "500");
        settings.put("log.message.timestamp.type", "LogAppendTime");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "2");
        settings.put("background.threads", "2");
        settings.put("log.cleaner.dedupe.buffer.size", "4194304");
        return settings;
    }

    /// Another one than this: the system may give a port that was just given back once more.
    private static int freePort(int taken) throws IOException {
        int port;
        do {
            port = freePort();
        } while (port == taken);
        return port;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
