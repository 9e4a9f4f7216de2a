// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import io.edgewise.embedded.EmbeddedKafka;
import io.edgewise.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

final class EmbeddedServers implements Servers {
    private final Path folder;
    private final EmbeddedKafka kafka;
    private final EmbeddedPostgres postgres;

    EmbeddedServers() throws IOException {
        folder = Files.createTempDirectory("edgewise-test");
        kafka = EmbeddedKafka.start(folder);
        postgres = EmbeddedPostgres.start(folder);
    }

    @Override
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    @Override
    public DataSource dataSource(String database) {
        return postgres.dataSource(database);
    }

    @Override
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + postgres.port() + '/' + database;
    }

    @Override
    public String user() {
        return postgres.user();
    }

    @Override
    public String password() {
        return postgres.password();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
        kafka.close();
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
