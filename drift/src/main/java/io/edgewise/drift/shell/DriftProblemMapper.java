// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/// Problems as `application/problem+json`.
@Provider
public class DriftProblemMapper implements ExceptionMapper<DriftProblem> {
    @Override
    public Response toResponse(DriftProblem problem) {
        return Response.status(problem.status())
                .type("application/problem+json")
                .entity(Json.write(Json.object()
                        .put("title", problem.title())
                        .put("status", problem.status())
                        .put("detail", problem.detail())))
                .build();
    }
}
