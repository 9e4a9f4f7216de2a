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

/// Builds' manifests over HTTP.
@Path("/api/v1/manifests")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ManifestResource {
    private final ManifestDesk desk;

    @Inject
    public ManifestResource(ManifestDesk desk) {
        this.desk = desk;
    }

    @POST
    public ManifestDesk.ManifestView sign(@Context SecurityContext security, String body) {
        return desk.sign(body, ControllerResource.caller(security));
    }
}
