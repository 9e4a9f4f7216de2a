// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/// Ctrl-C and termination, as an ordinary event. Java's shutdown hooks all run at once, those of libraries too; parts
/// that have to stop one after another cannot use them. Reached by reflection because the compiler rejects the type,
/// which every JDK has.
final class Signals {
    private Signals() {}

    /// Returns whether signals can be heard here; if not, they end the process at once.
    @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
    static boolean onStop(Runnable stop) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler heard = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    stop.run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "edgewise-signals";
            };
            Object listener = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, heard);
            for (String name : List.of("INT", "TERM", "HUP")) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
            }
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
