// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.access.Needs;
import io.edgewise.runtime.access.Right;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// Decisions computed once more.
@Path("/api/v1/rollouts/{id}/replay")
@Produces(MediaType.APPLICATION_JSON)
@Consumes({MediaType.APPLICATION_JSON, Json.YAML})
public class ReplayResource {
    private final ReplayDesk desk;

    @Inject
    public ReplayResource(ReplayDesk desk) {
        this.desk = desk;
    }

    @GET
    public ReplayDesk.ReplayView same(@PathParam("id") String id) {
        return desk.same(id);
    }

    @POST
    @Needs(Right.READ)
    public ReplayDesk.OtherView other(
            @PathParam("id") String id, @HeaderParam("Content-Type") String type, String body) {
        return desk.other(id, Json.json("the question", type, body));
    }
}
