// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets.Principal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// One kind of record that devices send, as Protobuf or as JSON: answered when Kafka has it.
public abstract class RecordsResource {
    static final String PROTOBUF = "application/x-protobuf";

    private final Intake intake;
    private final Formats formats;

    RecordsResource(Intake intake, Formats formats) {
        this.intake = intake;
        this.formats = formats;
    }

    /// What is done with a body in each format.
    interface Formats {
        Intake.Taken protobuf(Principal principal, byte[] body) throws Problem, InterruptedException;

        Intake.Taken json(Principal principal, byte[] body) throws Problem, InterruptedException;
    }

    @POST
    @Consumes(PROTOBUF)
    @RunOnVirtualThread
    public Response protobuf(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            InputStream body) {
        return intake.answer(authorization, encoding, body, formats::protobuf);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public Response json(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            InputStream body) {
        return intake.answer(authorization, encoding, body, formats::json);
    }
}
