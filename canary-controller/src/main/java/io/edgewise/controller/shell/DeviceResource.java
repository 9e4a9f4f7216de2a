// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.access.Needs;
import io.edgewise.runtime.access.Right;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;

/// Devices over HTTP. Whoever enrols a device could speak for it: an admin's act.
@Path("/api/v1/devices")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class DeviceResource {
    private final DeviceDesk desk;

    @Inject
    public DeviceResource(DeviceDesk desk) {
        this.desk = desk;
    }

    @POST
    @Needs(Right.ADMINISTER)
    public DeviceDesk.DeviceView enrol(@Context SecurityContext security, String body) {
        return desk.enrol(body, ControllerResource.caller(security));
    }

    @DELETE
    @Path("/{name}")
    @Needs(Right.ADMINISTER)
    public Response revoke(
            @PathParam("name") String name,
            @QueryParam("why") @Nullable String why,
            @Context SecurityContext security) {
        desk.revoke(name, why, ControllerResource.caller(security));
        return Response.noContent().build();
    }
}
