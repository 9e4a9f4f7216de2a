// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.drift.shell.Bodies.BaselineView;
import io.edgewise.drift.shell.Bodies.HoldoutView;
import io.edgewise.drift.shell.Bodies.RollingView;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Drift over HTTP. Bodies are read strictly: a misspelt field is an error, not a default.
@Path("/api/v1/drift")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class DriftResource {
    private final DriftDesk desk;

    @Inject
    public DriftResource(DriftDesk desk) {
        this.desk = desk;
    }

    @POST
    @Path("/baselines")
    public Response upload(String body) {
        return Response.status(Response.Status.CREATED)
                .entity(desk.upload(body))
                .build();
    }

    @GET
    @Path("/baselines")
    public List<BaselineView> list(
            @QueryParam("workload") @Nullable String workload, @QueryParam("rollout") @Nullable String rollout) {
        return desk.list(workload, rollout);
    }

    @POST
    @Path("/baselines/{id}/activate")
    public BaselineView activate(@PathParam("id") String id, String body) {
        return desk.activate(id, body);
    }

    @PUT
    @Path("/rolling")
    public RollingView rolling(String body) {
        return desk.rolling(body);
    }

    @POST
    @Path("/holdouts")
    public HoldoutView holdout(String body) {
        return desk.holdout(body);
    }
}
