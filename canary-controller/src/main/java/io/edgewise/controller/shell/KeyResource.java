// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.runtime.access.Needs;
import io.edgewise.runtime.access.Right;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;

/// The keys that orders are signed with, over HTTP: their public halves alone.
@Path("/api/v1/keys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class KeyResource {
    private final KeyDesk desk;

    @Inject
    public KeyResource(KeyDesk desk) {
        this.desk = desk;
    }

    @GET
    public KeyDesk.KeysView list() {
        return desk.list();
    }

    @POST
    @Needs(Right.ADMINISTER)
    public KeyDesk.KeysView rotate(@Context SecurityContext security, String body) {
        return desk.rotate(body, ControllerResource.caller(security));
    }

    @DELETE
    @Path("/{id}")
    @Needs(Right.ADMINISTER)
    public KeyDesk.KeysView retire(
            @PathParam("id") String id,
            @QueryParam("why") @Nullable String why,
            @QueryParam("anyway") @DefaultValue("false") boolean anyway,
            @Context SecurityContext security) {
        return desk.retire(id, why, anyway, ControllerResource.caller(security));
    }
}
