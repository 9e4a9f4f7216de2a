// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.evaluator.shell.judge.DisagreementBodies.Page;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.VerdictView;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/// The human queue over HTTP.
@Path("/api/v1/disagreements")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class DisagreementResource {
    private final DisagreementDesk desk;

    @Inject
    public DisagreementResource(DisagreementDesk desk) {
        this.desk = desk;
    }

    @GET
    public Page list(
            @QueryParam("workload") @Nullable String workload,
            @QueryParam("rollout") @Nullable String rollout,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("judged") @Nullable String judged,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("after") @Nullable String after) {
        return desk.list(new DisagreementDesk.Asked(workload, rollout, from, to, judged, limit, after));
    }

    @POST
    @Path("/{id}/verdict")
    public VerdictView judge(@PathParam("id") String id, String body) {
        return desk.judge(id, body);
    }
}
