// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.runtime.access.Needs;
import io.edgewise.runtime.access.Right;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/// Every method of every JAX-RS resource that this server has.
final class Routes {
    private Routes() {}

    /// `needs`: any of these rights.
    record Route(Class<?> resource, String method, String path, List<Right> needs) {
        boolean isPage() {
            return method.equals("GET") && isConsole();
        }

        boolean isConsole() {
            return resource.getPackageName().startsWith("io.edgewise.console");
        }

        boolean isIngest() {
            return resource.getPackageName().startsWith("io.edgewise.ingest");
        }
    }

    static List<Route> of(BeanManager beans) {
        List<Route> routes = new ArrayList<>();
        beans.getBeans(Object.class, Any.Literal.INSTANCE).forEach(bean -> {
            Class<?> resource = bean.getBeanClass();
            Path root = resource.getAnnotation(Path.class);
            if (root != null) {
                for (Method method : resource.getMethods()) {
                    route(resource, root, method, routes);
                }
            }
        });
        return routes;
    }

    private static void route(Class<?> resource, Path root, Method method, List<Route> routes) {
        Path below = method.getAnnotation(Path.class);
        String path = root.value() + (below == null ? "" : '/' + below.value());
        String concrete = ('/' + path)
                .replaceAll("\\{[^}]+}", "01ARZ3NDEKTSV4RRFFQ69G5FAV")
                .replaceAll("/+", "/");
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                Needs needs = method.getAnnotation(Needs.class);
                List<Right> rights = needs != null
                        ? List.of(needs.value())
                        : List.of(verb.value().equals("GET") ? Right.READ : Right.OPERATE);
                routes.add(new Route(resource, verb.value(), concrete, rights));
            }
        }
    }
}
