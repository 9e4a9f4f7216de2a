// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import io.edgewise.console.Site;
import io.edgewise.runtime.jdbc.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The web pages over HTTP. Nothing inline may run, nothing foreign may be loaded, nobody may frame them.
@Path("/")
@ApplicationScoped
@Produces(ConsoleResource.HTML)
public class ConsoleResource {
    static final String HTML = "text/html;charset=UTF-8";
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    private final ConsoleRole role;
    private final ConsolePages pages;
    private final InstantSource clock;

    @Inject
    public ConsoleResource(ConsoleRole role, Database database, InstantSource clock, ConsoleConfig config) {
        this.role = role;
        this.clock = clock;
        Site site = new Site(config.tenant(), config.notice().orElse(""), StaticFiles.version());
        pages = new ConsolePages(config.tenant(), new ConsoleViews(database), new ConsoleTemplates(site), clock);
    }

    @GET
    public Response all(@QueryParam("status") @DefaultValue("all") String status) {
        return respond(() -> pages.all(status));
    }

    @GET
    @Path("rollouts/{id}")
    public Response one(
            @PathParam("id") String id,
            @QueryParam("status") @DefaultValue("all") String status,
            @QueryParam("span") @DefaultValue("") String span) {
        return respond(() -> pages.one(id, status, span));
    }

    @GET
    @Path("rollouts/{id}/live")
    public Response live(
            @PathParam("id") String id,
            @QueryParam("span") @DefaultValue("") String span,
            @HeaderParam("If-None-Match") @Nullable String known) {
        return respond(() -> pages.live(id, span, known));
    }

    @GET
    @Path("rollouts/newest/live")
    public Response newest(
            @QueryParam("status") @DefaultValue("all") String status,
            @HeaderParam("If-None-Match") @Nullable String known) {
        return respond(() -> pages.newest(status, known));
    }

    @GET
    @Path("rollouts/list")
    public Response list(
            @QueryParam("status") @DefaultValue("all") String status,
            @QueryParam("chosen") @DefaultValue("") String chosen,
            @HeaderParam("If-None-Match") @Nullable String known) {
        return respond(() -> pages.list(status, chosen, known));
    }

    private Response respond(Supplier<Answer> work) {
        Answer answer = role.isStarted() ? work.get() : pages.notRunning();
        Response.ResponseBuilder response = Response.status(answer.status())
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("X-Frame-Options", "DENY")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-cache")
                .header("X-Edgewise-Now", clock.millis());
        if (answer.status() != Answer.NOT_MODIFIED) {
            response.entity(answer.html()).type(HTML);
        }
        if (!answer.etag().isEmpty()) {
            response.header("ETag", answer.etag());
        }
        return response.build();
    }
}
