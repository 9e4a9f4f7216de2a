// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.embedded.EmbeddedKafka;
import io.edgewise.embedded.EmbeddedPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A broker and a database of the server under test.
public final class EmbeddedPlatform implements QuarkusTestResourceLifecycleManager {
    private @Nullable Path folder;
    private @Nullable EmbeddedKafka kafka;
    private @Nullable EmbeddedPostgres postgres;

    @Override
    public Map<String, String> start() {
        try {
            Path data = Files.createTempDirectory("edgewise-server-test");
            folder = data;
            EmbeddedKafka broker = EmbeddedKafka.start(data);
            kafka = broker;
            EmbeddedPostgres database = EmbeddedPostgres.start(data);
            postgres = database;
            return Map.of(
                    "edgewise.kafka.bootstrap-servers", broker.bootstrapServers(),
                    "edgewise.database.url", database.url(),
                    "edgewise.database.user", database.user(),
                    "edgewise.secrets.folder", data.resolve("secrets").toString(),
                    // Tests ask for checkpoints themselves.
                    "edgewise.controller.checkpoint-minutes", "0",
                    // A run over a reference set is made of what devices have answered, without a day between.
                    "edgewise.drift.retraining.holdout-every", "PT0S");
        } catch (IOException e) {
            throw new UncheckedIOException("the test platform does not start", e);
        }
    }

    @Override
    public void stop() {
        try {
            if (postgres != null) {
                postgres.close();
            }
            if (kafka != null) {
                kafka.close();
            }
            if (folder != null) {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the test platform does not stop cleanly", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
