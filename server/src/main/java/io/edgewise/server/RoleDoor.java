// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.access.Needs;
import io.edgewise.runtime.access.Right;
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
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The second wall behind the {@link Gate}, by the resource a request has reached and not by its path: resources of
/// roles that do not run here are not there, and whatever is neither ingest's nor the console's needs a caller with the
/// right to it ({@link Needs}).
@Provider
public class RoleDoor implements ContainerRequestFilter {
    private static final Set<String> READING = Set.of("GET", "HEAD");
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
        } else if (!owner.equals("ingest") && !owner.equals("console")) {
            letIn(request);
        }
    }

    private void letIn(ContainerRequestContext request) {
        Caller caller = routing.get(GateKeeper.CALLER);
        if (caller == null) {
            request.abortWith(problem(401, "unauthenticated", "send a token"));
            return;
        }
        Right[] needed = needed(request.getMethod());
        if (Arrays.stream(needed).noneMatch(caller::may)) {
            request.abortWith(problem(
                    403,
                    "not-allowed",
                    "the role " + caller.role().text() + " may not do this; it needs one of "
                            + Arrays.toString(needed).toLowerCase(Locale.ROOT)));
            return;
        }
        request.setSecurityContext(new CallerContext(caller, request.getSecurityContext()));
    }

    private Right[] needed(String method) {
        Needs needs = resource.getResourceMethod().getAnnotation(Needs.class);
        if (needs != null) {
            return needs.value();
        }
        return new Right[] {READING.contains(method) ? Right.READ : Right.OPERATE};
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
