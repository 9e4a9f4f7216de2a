// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// What ingest answers over HTTP, as OpenAPI: a file that comes with the program.
@Singleton
@Path("/ingest/v1/openapi.json")
public class OpenApiResource {
    private static final String FILE = "/io/edgewise/ingest/openapi.json";

    private final DeviceLogin login;
    private final byte[] document;

    @Inject
    public OpenApiResource(IngestRole role, DeviceSecrets secrets) throws IOException {
        this.login = new DeviceLogin(secrets, role::isRevoked);
        this.document = document();
    }

    static byte[] document() throws IOException {
        try (InputStream in = OpenApiResource.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IOException(FILE + " is not in this program");
            }
            return in.readAllBytes();
        }
    }

    @GET
    public Response describe(@HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        try {
            var _ = login.require(authorization);
            return Response.ok(document, MediaType.APPLICATION_JSON).build();
        } catch (Problem problem) {
            return problem.toResponse();
        }
    }
}
