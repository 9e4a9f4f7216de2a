// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.jdbc;

import io.edgewise.runtime.role.Role.Migration;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// Brings each role's schema to the newest version. Safe to run from many processes at once: Flyway locks.
public final class Migrations {
    private Migrations() {}

    public static void run(DataSource source, List<Migration> migrations) {
        for (Migration migration : migrations) {
            Flyway.configure()
                    .dataSource(source)
                    .schemas(migration.schema())
                    .defaultSchema(migration.schema())
                    .locations("classpath:" + migration.location())
                    .failOnMissingLocations(true)
                    .load()
                    .migrate();
        }
    }
}
