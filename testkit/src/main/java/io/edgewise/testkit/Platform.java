// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import javax.sql.DataSource;

/// A real broker and a real PostgreSQL for one test class. Ask for it as a parameter of a test, of a constructor or of
/// a life-cycle method, under `@ExtendWith(PlatformExtension.class)`.
///
/// The servers are shared by all tests of the JVM; each test class gets a database of its own. Topics are shared: use
/// {@link #topicSuffix} where a test needs its own.
public final class Platform {
    private final Servers servers;
    private final String database;

    Platform(Servers servers, String database) {
        this.servers = servers;
        this.database = database;
    }

    public String bootstrapServers() {
        return servers.bootstrapServers();
    }

    public DataSource dataSource() {
        return servers.dataSource(database);
    }

    public String jdbcUrl() {
        return servers.jdbcUrl(database);
    }

    public String user() {
        return servers.user();
    }

    public String password() {
        return servers.password();
    }

    /// Distinct for each test class.
    public String topicSuffix() {
        return database;
    }
}
