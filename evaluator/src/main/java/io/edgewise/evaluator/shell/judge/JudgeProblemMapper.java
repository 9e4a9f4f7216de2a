// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/// Problems as `application/problem+json`.
@Provider
public class JudgeProblemMapper implements ExceptionMapper<JudgeProblem> {
    @Override
    public Response toResponse(JudgeProblem problem) {
        return Response.status(problem.status())
                .type("application/problem+json")
                .entity(Json.write(Json.object()
                        .put("title", problem.title())
                        .put("status", problem.status())
                        .put("detail", problem.detail())))
                .build();
    }
}
