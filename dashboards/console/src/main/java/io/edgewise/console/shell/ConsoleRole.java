// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.InstantSource;

/// Serves the web pages while it is started. It owns no tables: it reads what the other roles publish.
@ApplicationScoped
public class ConsoleRole implements Role {
    private final Database database;
    private final InstantSource clock;
    private volatile boolean started;

    @Inject
    public ConsoleRole(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "console";
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void stop() {
        started = false;
    }

    boolean isStarted() {
        return started;
    }

    @Override
    public Health health() {
        if (!started) {
            return new Health(false, "not started");
        }
        try {
            database.read(sql -> sql.list("SELECT 1", result -> result.getInt(1)));
            return new Health(true, "the database answered at " + clock.instant());
        } catch (SQLException e) {
            return new Health(
                    false, "the database does not answer (" + e.getMessage() + "); check edgewise.database.url");
        }
    }
}
