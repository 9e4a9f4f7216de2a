// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.shell.Bodies.ProblemView;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/// Problems as `application/problem+json`.
@Provider
public class ProblemMapper implements ExceptionMapper<Problem> {
    @Override
    public Response toResponse(Problem problem) {
        return Response.status(problem.status())
                .type("application/problem+json")
                .entity(Json.write(new ProblemView(problem.title(), problem.detail(), problem.status())))
                .build();
    }
}
