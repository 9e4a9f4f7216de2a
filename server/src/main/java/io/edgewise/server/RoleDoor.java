// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.runtime.role.Role;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;

/// The second wall behind the {@link Gate}, by the resource a request has reached and not by its path: resources of
/// roles that do not run here are not there, and whatever is neither ingest's nor the console's needs the operator.
@Provider
public class RoleDoor implements ContainerRequestFilter {
    private static final Map<String, String> ROLE_OF_PACKAGE = Map.of(
            "io.edgewise.ingest", "ingest",
            "io.edgewise.evaluator", "evaluator",
            "io.edgewise.drift", "drift",
            "io.edgewise.controller", "controller",
            "io.edgewise.console", "console");

    private final ResourceInfo resource;
    private final RoutingContext routing;
    /// Asked late: filters are made while the application is built, before its configuration can be read.
    private final Instance<RoleStarter> starter;

    @Inject
    RoleDoor(ResourceInfo resource, RoutingContext routing, Instance<RoleStarter> starter) {
        this.resource = resource;
        this.routing = routing;
        this.starter = starter;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String owner = owner(resource.getResourceClass().getPackageName());
        if (starter.get().running().stream().map(Role::name).noneMatch(owner::equals)) {
            request.abortWith(problem(404, "not-found", "the role this belongs to does not run in this process"));
        } else if (!owner.equals("ingest") && !owner.equals("console") && !isOperator()) {
            request.abortWith(problem(401, "unauthenticated", "send the operator's token"));
        }
    }

    private boolean isOperator() {
        return Boolean.TRUE.equals(routing.get(GateKeeper.OPERATOR));
    }

    private static String owner(String packageName) {
        for (Map.Entry<String, String> entry : ROLE_OF_PACKAGE.entrySet()) {
            if (packageName.equals(entry.getKey()) || packageName.startsWith(entry.getKey() + '.')) {
                return entry.getValue();
            }
        }
        return packageName;
    }

    private static Response problem(int status, String title, String detail) {
        return Response.status(status)
                .type(MediaType.valueOf("application/problem+json"))
                .entity("{\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\"" + detail + "\"}")
                .build();
    }
}
