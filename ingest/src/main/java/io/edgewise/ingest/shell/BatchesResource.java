// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.ingest.Observations;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// A device's observations over HTTPS: answered when Kafka has them.
@Singleton
@Path("/ingest/v1/batches")
public class BatchesResource {
    static final String PROTOBUF = "application/x-protobuf";

    private final Intake intake;
    private final BatchWork<Observation> work;

    @Inject
    public BatchesResource(IngestRole role, DeviceSecrets secrets, IngestConfig config, InstantSource clock) {
        this.intake = new Intake(secrets, config, clock);
        this.work = new BatchWork<>(new Observations(), role);
    }

    @POST
    @Consumes(PROTOBUF)
    @RunOnVirtualThread
    public Response protobuf(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            InputStream body) {
        return intake.answer(authorization, encoding, body, work::protobuf);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public Response json(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            InputStream body) {
        return intake.answer(authorization, encoding, body, work::json);
    }
}
