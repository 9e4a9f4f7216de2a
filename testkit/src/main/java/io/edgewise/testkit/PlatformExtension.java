// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests a {@link Platform}: embedded by default, in containers with `-Dedgewise.containers=true`
/// (`./edgewise test --containers`), the tests being the same.
public final class PlatformExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(PlatformExtension.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Platform.class;
    }

    @Override
    public Platform resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Servers servers = servers(context);
        Store ofClass = context.getRoot().getStore(NAMESPACE);
        return ofClass.computeIfAbsent(context.getRequiredTestClass(), testClass -> create(servers), Platform.class);
    }

    private static Servers servers(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(Servers.class, key -> start(), Servers.class);
    }

    private static Servers start() {
        try {
            return Boolean.getBoolean("edgewise.containers") ? new ContainerServers() : new EmbeddedServers();
        } catch (java.io.IOException e) {
            throw new IllegalStateException("the test platform does not start", e);
        }
    }

    private static Platform create(Servers servers) {
        String database = "test_" + NUMBER.incrementAndGet();
        try (Connection connection = servers.dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException("cannot create the database of this test class", e);
        }
        return new Platform(servers, database);
    }
}
