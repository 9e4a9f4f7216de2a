// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SplittableRandom;
import javax.sql.DataSource;

/// A database whose connections are cut before a statement now and then, as if whoever asks had been killed there.
final class CutSource {
    private static final int ONE_IN = 12;

    private CutSource() {}

    static DataSource of(DataSource real, SplittableRandom random) {
        return (DataSource) Proxy.newProxyInstance(
                CutSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, arguments) -> {
                    Object result = call(real, method, arguments);
                    return result instanceof Connection connection ? cut(connection, random) : result;
                });
    }

    private static Connection cut(Connection connection, SplittableRandom random) {
        return (Connection) Proxy.newProxyInstance(
                CutSource.class.getClassLoader(), new Class<?>[] {Connection.class}, (self, method, arguments) -> {
                    if (method.getName().equals("prepareStatement") && random.nextInt(ONE_IN) == 0) {
                        connection.close();
                        throw new SQLException("the connection broke before a statement");
                    }
                    return call(connection, method, arguments);
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
