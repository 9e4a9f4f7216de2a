// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.contracts.Names;
import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.Ulid;
import io.edgewise.runtime.rest.Problem;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Exports over HTTP.
@Path("/api/v1/exports")
public class ExportResource {
    private static final Logger LOG = LoggerFactory.getLogger(ExportResource.class);
    private static final long MOST_MINUTES = 400L * 24 * 60;

    private final Export export;
    private final WindowExport windows;

    @Inject
    public ExportResource(Export export, WindowExport windows) {
        this.export = export;
        this.windows = windows;
    }

    private interface Writing {
        long to(OutputStream out) throws IOException;
    }

    @GET
    @Path("/disagreements")
    public Response disagreements(
            @QueryParam("workload") @Nullable String workload,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("format") @Nullable String format) {
        Export.Range range = range(workload, from, to, format);
        return lines("labelled disagreements", range, out -> export.write(range, out));
    }

    /// Without a slice of all traffic, without a rollout of every one.
    @GET
    @Path("/windows")
    public Response windows(
            @QueryParam("workload") @Nullable String workload,
            @QueryParam("rollout") @Nullable String rollout,
            @QueryParam("slice") @Nullable String slice,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("format") @Nullable String format) {
        Export.Range range = range(workload, from, to, format);
        if (rollout != null && !Ulid.isValid(rollout)) {
            throw Problem.invalid(
                    "the export", "\"rollout\" is " + rollout + "; it is the id of one, of 26 characters");
        }
        WindowExport.Wanted wanted = new WindowExport.Wanted(
                range, rollout == null ? "" : rollout, slice == null || slice.isBlank() ? Stratum.ALL : slice);
        return lines("windows", range, out -> windows.write(wanted, out));
    }

    private static Export.Range range(
            @Nullable String workload, @Nullable String from, @Nullable String to, @Nullable String format) {
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
        return range;
    }

    private static Response lines(String what, Export.Range range, Writing writing) {
        StreamingOutput lines = out -> {
            long written = writing.to(out);
            LOG.info(
                    "Exported {} {} of workload {} from {} to {}.",
                    written,
                    what,
                    range.workload(),
                    Minutes.text(range.from()),
                    Minutes.text(range.to()));
        };
        return Response.ok(lines, "application/x-ndjson")
                .header("Cache-Control", "no-store")
                .build();
    }
}
