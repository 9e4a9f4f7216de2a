// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.containers.FixedHostPortGenericContainer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/// The official images, by Testcontainers. `EDGEWISE_KAFKA_IMAGE` and `EDGEWISE_POSTGRES_IMAGE` name others.
final class ContainerServers implements Servers {
    private static final int POSTGRES_PORT = 5432;

    private final GenericContainer<?> kafka;
    private final GenericContainer<?> postgres;
    private final int kafkaPort;

    @SuppressWarnings({"resource", "deprecation"}) // closed in close(); Kafka must advertise the port it is reached at
    ContainerServers() throws java.io.IOException {
        Map<String, String> environment = System.getenv();
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            kafkaPort = socket.getLocalPort();
        }
        kafka = new FixedHostPortGenericContainer<>(
                        environment.getOrDefault("EDGEWISE_KAFKA_IMAGE", "apache/kafka:4.3.1"))
                .withFixedExposedPort(kafkaPort, kafkaPort)
                .withEnv("KAFKA_NODE_ID", "1")
                .withEnv("KAFKA_PROCESS_ROLES", "broker,controller")
                .withEnv("KAFKA_LISTENERS", "PLAINTEXT://0.0.0.0:" + kafkaPort + ",CONTROLLER://127.0.0.1:19093")
                .withEnv("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://localhost:" + kafkaPort)
                .withEnv("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
                .withEnv("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT")
                .withEnv("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@127.0.0.1:19093")
                .withEnv("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1")
                .withEnv("KAFKA_GROUP_CONSUMER_SESSION_TIMEOUT_MS", "6000")
                .withEnv("KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS", "3000")
                .withEnv("KAFKA_LOG_MESSAGE_TIMESTAMP_TYPE", "LogAppendTime")
                .waitingFor(Wait.forLogMessage(".*Kafka Server started.*", 1));
        postgres = new GenericContainer<>(environment.getOrDefault("EDGEWISE_POSTGRES_IMAGE", "postgres:18"))
                .withEnv("POSTGRES_PASSWORD", "edgewise")
                .withExposedPorts(POSTGRES_PORT)
                .waitingFor(Wait.forLogMessage(".*database system is ready to accept connections.*", 1));
        kafka.start();
        postgres.start();
    }

    @Override
    public String bootstrapServers() {
        return "localhost:" + kafkaPort;
    }

    @Override
    public DataSource dataSource(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl(database));
        source.setUser(user());
        source.setPassword(password());
        return source;
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + postgres.getHost() + ':' + postgres.getMappedPort(POSTGRES_PORT) + '/' + database;
    }

    @Override
    public String user() {
        return "postgres";
    }

    @Override
    public String password() {
        return "edgewise";
    }

    @Override
    public void close() {
        postgres.stop();
        kafka.stop();
    }
}
