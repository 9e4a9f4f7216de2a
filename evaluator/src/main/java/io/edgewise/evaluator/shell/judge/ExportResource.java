// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.contracts.Names;
import io.edgewise.runtime.rest.Problem;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Exports over HTTP.
@Path("/api/v1/exports")
public class ExportResource {
    private static final Logger LOG = LoggerFactory.getLogger(ExportResource.class);
    private static final long MOST_MINUTES = 400L * 24 * 60;

    private final Export export;

    @Inject
    public ExportResource(Export export) {
        this.export = export;
    }

    @GET
    @Path("/disagreements")
    public Response disagreements(
            @QueryParam("workload") @Nullable String workload,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("format") @Nullable String format) {
        if (format != null && !format.equals("jsonl")) {
            throw Problem.invalid("the export", "\"format\" is " + format + "; there is jsonl");
        }
        if (workload == null || !Names.isValid(workload) || from == null || to == null) {
            throw Problem.invalid("the export", "it needs \"workload\", the name of one, \"from\" and \"to\"");
        }
        Export.Range range = new Export.Range(workload, Minutes.parse("from", from), Minutes.parse("to", to));
        if (range.to() <= range.from() || range.to() - range.from() > MOST_MINUTES) {
            throw Problem.invalid("the export", "\"to\" must lie after \"from\", by 400 days at most");
        }
        StreamingOutput lines = out -> {
            long written = export.write(range, out);
            LOG.info("Exported {} labelled disagreements of workload {} from {} to {}.", written, workload, from, to);
        };
        return Response.ok(lines, "application/x-ndjson")
                .header("Cache-Control", "no-store")
                .build();
    }
}
