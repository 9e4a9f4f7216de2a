// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;

/// Plans over HTTP, before anything begins.
@Path("/api/v1/plans")
@Produces(MediaType.APPLICATION_JSON)
@Consumes({MediaType.APPLICATION_JSON, Json.YAML})
public class PlanResource {
    private final PlanDesk desk;

    @Inject
    public PlanResource(PlanDesk desk) {
        this.desk = desk;
    }

    @GET
    @Path("/schema")
    @Produces("application/schema+json")
    public String schema() {
        return PlanDesk.schema();
    }

    @POST
    @Path("/check")
    public PlanDesk.CheckView check(@HeaderParam("Content-Type") String type, String body) {
        return desk.check(Json.json("the question", type, body));
    }

    @GET
    @Path("/templates")
    public List<PlanTemplates.Template> templates() {
        return desk.templates();
    }

    @GET
    @Path("/templates/{name}")
    public PlanTemplates.Template template(@PathParam("name") String name) {
        return desk.template(name);
    }

    @PUT
    @Path("/templates/{name}")
    public PlanTemplates.Template put(
            @PathParam("name") String name,
            @HeaderParam("Content-Type") String type,
            @Context SecurityContext security,
            String body) {
        return desk.put(
                name,
                Json.json("the template", type, body),
                ControllerResource.caller(security).name());
    }
}
