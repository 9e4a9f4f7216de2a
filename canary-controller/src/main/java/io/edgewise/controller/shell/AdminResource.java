// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.audit.AuditReport;
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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Map;

/// The kill switch, tokens and the log of everything, over HTTP.
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class AdminResource {
    private final StopDesk stops;
    private final TokenBook tokens;
    private final AuditDesk audit;

    @Inject
    public AdminResource(StopDesk stops, TokenBook tokens, AuditDesk audit) {
        this.stops = stops;
        this.tokens = tokens;
        this.audit = audit;
    }

    @POST
    @Path("/stops")
    @Needs({Right.OPERATE, Right.APPROVE})
    public StopDesk.StopView stop(@Context SecurityContext security, String body) {
        return stops.stop(body, ControllerResource.caller(security));
    }

    @GET
    @Path("/stops")
    public List<Stops.Stop> stops() {
        return stops.list();
    }

    @DELETE
    @Path("/stops")
    @Needs(Right.ADMINISTER)
    public Response lift(@QueryParam("workload") @DefaultValue("") String workload, @Context SecurityContext security) {
        stops.lift(workload, ControllerResource.caller(security));
        return Response.noContent().build();
    }

    @POST
    @Path("/tokens")
    @Needs(Right.ADMINISTER)
    public TokenBook.TokenView token(@Context SecurityContext security, String body) {
        return tokens.create(body, ControllerResource.caller(security));
    }

    @GET
    @Path("/tokens")
    @Needs(Right.ADMINISTER)
    public List<TokenBook.TokenView> tokens() {
        return tokens.list();
    }

    @DELETE
    @Path("/tokens/{id}")
    @Needs(Right.ADMINISTER)
    public Response revoke(@PathParam("id") String id, @Context SecurityContext security) {
        tokens.revoke(id, ControllerResource.caller(security));
        return Response.noContent().build();
    }

    @GET
    @Path("/audit")
    public AuditReport audit() {
        return audit.verify();
    }

    @GET
    @Path("/audit/export")
    @Produces("application/x-ndjson")
    public String export() {
        return audit.export();
    }

    @POST
    @Path("/audit/checkpoints")
    public Map<String, Object> checkpoint() {
        return audit.checkpoint();
    }

    /// What the controller answers over HTTP, as OpenAPI.
    @GET
    @Path("/openapi.json")
    public String openApi() {
        return Published.OPEN_API.text();
    }
}
