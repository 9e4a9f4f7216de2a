// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/// A database that keeps flushes waiting before they begin, until the test lets one go on: to its end, to a failure
/// before its commit, or to one right after.
final class GatedSource {
    enum End {
        WELL,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    private static final String WRITER = "edgewise-evaluator-writer";

    private final DataSource real;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile CountDownLatch arrived = new CountDownLatch(1);
    private volatile End end = End.WELL;

    GatedSource(DataSource real) {
        this.real = real;
    }

    DataSource source() {
        return (DataSource) Proxy.newProxyInstance(
                GatedSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, this::onSource);
    }

    /// From now on flushes wait.
    void shut() {
        arrived = new CountDownLatch(1);
        gate = new CountDownLatch(1);
    }

    boolean isWaitedFor() {
        return arrived.getCount() == 0;
    }

    void open(End with) {
        end = with;
        gate.countDown();
    }

    private static boolean isFlush() {
        return Thread.currentThread().getName().equals(WRITER);
    }

    private Object onSource(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("getConnection") && isFlush()) {
            arrived.countDown();
            if (!gate.await(30, TimeUnit.SECONDS)) {
                throw new SQLException("the test never opened the gate");
            }
        }
        Object result = call(real, method, arguments);
        return result instanceof Connection connection && isFlush() ? watched(connection) : result;
    }

    private Connection watched(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                GatedSource.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, with) -> {
                    if (!method.getName().equals("commit") || end == End.WELL) {
                        return call(connection, method, with);
                    }
                    boolean isCommitted = end == End.AFTER_COMMIT;
                    end = End.WELL;
                    if (isCommitted) {
                        connection.commit();
                    }
                    connection.close();
                    throw new SQLException("the connection broke");
                });
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
