// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import javax.sql.DataSource;

/// Where the broker and the database run: embedded in this JVM, or in containers.
interface Servers extends AutoCloseable {
    String bootstrapServers();

    DataSource dataSource(String database);

    String jdbcUrl(String database);

    String user();

    String password();

    @Override
    void close() throws java.io.IOException;
}
