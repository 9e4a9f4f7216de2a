// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.ingest.Admission;
import io.edgewise.ingest.Admission.Admitted;
import io.edgewise.ingest.Item;
import io.edgewise.ingest.Rejection;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A device's observations over HTTPS: answered when Kafka has them.
@Singleton
@Path("/ingest/v1/batches")
public class BatchesResource {
    static final String PROTOBUF = "application/x-protobuf";

    private final IngestRole role;
    private final Intake intake;

    @Inject
    public BatchesResource(IngestRole role, DeviceSecrets secrets, IngestConfig config) {
        this.role = role;
        this.intake = new Intake(secrets, config);
    }

    /// How a body becomes items.
    @FunctionalInterface
    private interface Decoder {
        List<Item> read(byte[] body) throws Problem;
    }

    @POST
    @Consumes(PROTOBUF)
    @RunOnVirtualThread
    public Response protobuf(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            InputStream body) {
        return intake.answer(authorization, encoding, body, (who, bytes) -> take(who, bytes, ProtobufBatch::read));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public Response json(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            InputStream body) {
        return intake.answer(authorization, encoding, body, (who, bytes) -> take(who, bytes, JsonBatch::read));
    }

    private String take(Principal principal, byte[] body, Decoder decoder) throws Problem, InterruptedException {
        List<Item> batch = decoder.read(body);
        if (Admission.epochs(batch) > 1) {
            throw Problem.malformed("a batch holds records of one spool epoch; send one batch per epoch");
        }
        return json(role.take(principal, batch));
    }

    private static String json(Admitted admitted) {
        JsonObject answer = new JsonObject();
        answer.addProperty("acceptedThrough", admitted.acceptedThrough());
        JsonArray rejected = new JsonArray();
        for (Rejection rejection : admitted.rejected()) {
            JsonObject one = new JsonObject();
            one.addProperty("seq", rejection.seq());
            JsonArray reasons = new JsonArray();
            rejection.reasons().forEach(reasons::add);
            one.add("reasons", reasons);
            rejected.add(one);
        }
        answer.add("rejected", rejected);
        return answer.toString();
    }
}
