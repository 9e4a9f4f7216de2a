// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SplittableRandom;
import javax.sql.DataSource;

/// A database whose connections break at commits: sometimes before anything is committed, sometimes right after.
final class FaultySource {
    private final DataSource real;
    private final SplittableRandom random;

    private FaultySource(DataSource real, SplittableRandom random) {
        this.real = real;
        this.random = random;
    }

    static DataSource of(DataSource real, SplittableRandom random) {
        FaultySource faulty = new FaultySource(real, random);
        return (DataSource) Proxy.newProxyInstance(
                FaultySource.class.getClassLoader(), new Class<?>[] {DataSource.class}, faulty::onSource);
    }

    private Object onSource(Object proxy, Method method, Object[] arguments) throws Throwable {
        Object result = call(real, method, arguments);
        if (result instanceof Connection connection) {
            return Proxy.newProxyInstance(
                    FaultySource.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (self, called, with) -> onConnection(connection, called, with));
        }
        return result;
    }

    private enum Fate {
        WELL,
        BEFORE,
        AFTER
    }

    /// Several threads commit.
    private synchronized Fate draw() {
        if (random.nextInt(5) != 0) {
            return Fate.WELL;
        }
        return random.nextBoolean() ? Fate.AFTER : Fate.BEFORE;
    }

    private Object onConnection(Connection connection, Method method, Object[] arguments) throws Throwable {
        Fate fate = method.getName().equals("commit") ? draw() : Fate.WELL;
        if (fate == Fate.WELL) {
            return call(connection, method, arguments);
        }
        boolean committed = fate == Fate.AFTER;
        if (committed) {
            connection.commit();
        }
        connection.close();
        throw new SQLException("the connection broke " + (committed ? "after" : "before") + " the commit");
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
