// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;

/// Reference sets over HTTP.
@Path("/api/v1/references")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ReferenceResource {
    private final ReferenceDesk desk;

    @Inject
    public ReferenceResource(ReferenceDesk desk) {
        this.desk = desk;
    }

    @POST
    public ReferenceDesk.ReferenceView sign(@Context SecurityContext security, String body) {
        return desk.sign(body, ControllerResource.caller(security));
    }
}
