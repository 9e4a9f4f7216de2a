// SPDX-License-Identifier: Apache-2.0
package io.edgewise.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/// A PostgreSQL server of its own on 127.0.0.1, with fsync and synchronous commit on: what is committed is durable. Its
/// data folder survives restarts; it stops when this program does, however that ends. Works for an ordinary user, and
/// for root by way of a user name space.
public final class EmbeddedPostgres implements AutoCloseable {
    private final io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;
    private final PostgresWatch watch;

    private EmbeddedPostgres(io.zonky.test.db.postgres.embedded.EmbeddedPostgres server, PostgresWatch watch) {
        this.server = server;
        this.watch = watch;
    }

    /// Starts a server on the folder's data, on a free port.
    public static EmbeddedPostgres start(Path folder) throws IOException {
        return start(folder, 0);
    }

    /// Starts a server on this port; 0 takes a free one.
    public static EmbeddedPostgres start(Path folder, int port) throws IOException {
        Path data = folder.toAbsolutePath().normalize().resolve("postgresql");
        Files.createDirectories(folder);
        RootUser.check();
        OrphanedPostgres.stop(data);
        PostgresWatch watch = PostgresWatch.over(data);
        try {
            return new EmbeddedPostgres(server(folder, data, port), watch);
        } catch (IOException | RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    private static io.zonky.test.db.postgres.embedded.EmbeddedPostgres server(Path folder, Path data, int port)
            throws IOException {
        return io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setOverrideWorkingDirectory(
                        folder.resolve("postgresql-binaries").toFile())
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_buffers", "128MB")
                .setServerConfig("max_wal_size", "1GB")
                .setServerConfig("log_min_messages", "warning")
                .start();
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    public int port() {
        return server.getPort();
    }

    public String user() {
        return "postgres";
    }

    /// Empty: the server trusts connections from this machine and listens to no other.
    public String password() {
        return "";
    }

    public DataSource dataSource() {
        return dataSource("postgres");
    }

    public DataSource dataSource(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {server.getPort()});
        source.setDatabaseName(database);
        source.setUser(user());
        return source;
    }

    @Override
    public void close() throws IOException {
        try {
            server.close();
        } finally {
            watch.close();
        }
    }
}
