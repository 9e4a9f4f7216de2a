// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.shell.Bodies.AuditView;
import io.edgewise.controller.shell.Bodies.BuildView;
import io.edgewise.controller.shell.Bodies.DecisionView;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.controller.shell.Bodies.WorkloadView;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.access.Needs;
import io.edgewise.runtime.access.Right;
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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The controller over HTTP. Bodies are read strictly: a misspelt field is an error, not a default.
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ControllerResource {
    static final String IDEMPOTENCY = "Idempotency-Key";

    private final RolloutDesk desk;

    @Inject
    public ControllerResource(RolloutDesk desk) {
        this.desk = desk;
    }

    @PUT
    @Path("/workloads/{name}")
    public WorkloadView define(@PathParam("name") String name, @Context SecurityContext security, String body) {
        return desk.define(name, body, caller(security));
    }

    @PUT
    @Path("/builds/{name}")
    public BuildView register(@PathParam("name") String name, @Context SecurityContext security, String body) {
        return desk.register(name, body, caller(security));
    }

    @POST
    @Path("/rollouts")
    @Consumes({MediaType.APPLICATION_JSON, Json.YAML})
    public Response start(
            @HeaderParam("Content-Type") String type,
            @HeaderParam(IDEMPOTENCY) @Nullable String key,
            @Context SecurityContext security,
            String body) {
        RolloutView started = desk.start(
                Json.json("the rollout", type, body), caller(security), new Requests.Once(key, "start " + body));
        return Response.created(URI.create("/api/v1/rollouts/" + started.rollout()))
                .entity(started)
                .build();
    }

    @GET
    @Path("/rollouts")
    public List<RolloutView> list() {
        return desk.list();
    }

    @GET
    @Path("/rollouts/{id}")
    public RolloutView get(@PathParam("id") String id) {
        return desk.get(id);
    }

    @GET
    @Path("/rollouts/{id}/decisions")
    public List<DecisionView> decisions(@PathParam("id") String id) {
        return desk.decisions(id);
    }

    @POST
    @Path("/rollouts/{id}/acts")
    @Needs({Right.OPERATE, Right.APPROVE})
    public RolloutView act(
            @PathParam("id") String id,
            @HeaderParam(IDEMPOTENCY) @Nullable String key,
            @Context SecurityContext security,
            String body) {
        return desk.act(id, body, caller(security), new Requests.Once(key, "act " + id + " " + body));
    }

    @POST
    @Path("/rollouts/{id}/retry")
    public RolloutView retry(
            @PathParam("id") String id,
            @HeaderParam(IDEMPOTENCY) @Nullable String key,
            @Context SecurityContext security) {
        return desk.retry(id, caller(security), new Requests.Once(key, "retry " + id));
    }

    @POST
    @Path("/rollouts/{id}/validation")
    public RolloutView validated(
            @PathParam("id") String id,
            @HeaderParam(IDEMPOTENCY) @Nullable String key,
            @Context SecurityContext security,
            String body) {
        return desk.validated(id, body, caller(security), new Requests.Once(key, "validated " + id + " " + body));
    }

    @GET
    @Path("/rollouts/{id}/audit")
    public AuditView audit(@PathParam("id") String id) {
        return desk.audit(id);
    }

    @GET
    @Path("/accounts")
    public Map<String, Long> accounts() {
        return desk.accounts();
    }

    /// Whom the server let in; on its own, the resource serves nobody else than the operator.
    static Caller caller(SecurityContext security) {
        return security.getUserPrincipal() instanceof Caller caller ? caller : Caller.OPERATOR;
    }
}
