// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.controller.shell.TokenBook;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.runtime.role.Role;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts what `edgewise.roles` names, when Kafka and PostgreSQL are there and fit, and stops it in reverse. HTTP opens
/// after the start and only if it succeeded.
@Singleton
final class RoleStarter {
    private static final Logger LOG = LoggerFactory.getLogger(RoleStarter.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PlatformConfig config;
    private final Binding binding;
    private final KafkaSettings kafka;
    private final Database database;
    private final List<Role> known;
    private final Deque<Role> started = new ArrayDeque<>();
    private final TokenBook tokens;
    private @Nullable LoopThread tokenReader;
    private volatile RoleSelection selection = new RoleSelection(List.of());

    @Inject
    RoleStarter(
            PlatformConfig config,
            Binding binding,
            KafkaSettings kafka,
            Database database,
            TokenBook tokens,
            @All List<Role> known) {
        this.config = config;
        this.binding = binding;
        this.kafka = kafka;
        this.database = database;
        this.known = known;
        this.tokens = tokens;
    }

    List<Role> running() {
        return selection.running();
    }

    void start(@Observes StartupEvent event) {
        binding.requireSafe();
        RoleSelection selected = RoleSelection.of(config.roles(), known);
        if (config.exitWithParent()) {
            ParentWatch.start();
        }
        Patience patience = new Patience(PATIENCE);
        new TopicKeeper(kafka, config.kafka()).keep(patience);
        if (selected.needsDatabase()) {
            migrate(patience);
        }
        selection = selected;
        if (selected.needsDatabase()) {
            tokenReader = new LoopThread("tokens", new TokenReader(tokens)).start();
        }
        try {
            for (Role role : selected.running()) {
                started.push(role);
                role.start();
            }
        } catch (RuntimeException | Error e) {
            stopStarted();
            throw e;
        }
        LOG.info("Roles started: {}", String.join(", ", selected.names()));
    }

    void stop(@Observes ShutdownEvent event) {
        LoopThread reader = tokenReader;
        if (reader != null) {
            reader.stop(Duration.ofSeconds(3));
        }
        stopStarted();
    }

    /// The schemas of all known roles, not only of those that run here: a role reads other roles' views.
    private void migrate(Patience patience) {
        patience.until("PostgreSQL", "Start it, or correct edgewise.database.url, .user and .password.", () -> {
            database.read(sql -> sql.first("SELECT 1", row -> row.getInt(1)));
            return true;
        });
        Migrations.run(
                database.source(),
                known.stream().flatMap(role -> role.migrations().stream()).toList());
    }

    private void stopStarted() {
        while (!started.isEmpty()) {
            Role role = started.pop();
            try {
                role.stop();
            } catch (RuntimeException e) {
                LOG.warn("Role {} did not stop cleanly.", role.name(), e);
            }
        }
    }
}
