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
import io.edgewise.ingest.Shares;
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
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A device's observations over HTTPS: answered when Kafka has them.
@Singleton
@Path("/ingest/v1/batches")
public class BatchesResource {
    static final String PROTOBUF = "application/x-protobuf";

    private final IngestRole role;
    private final DeviceLogin login;
    private final Semaphore slots;
    private final Shares shares;

    @Inject
    public BatchesResource(IngestRole role, DeviceSecrets secrets, IngestConfig config) {
        this.role = role;
        this.login = new DeviceLogin(secrets);
        this.slots = new Semaphore(config.concurrentBatches());
        this.shares = new Shares(config.batchesPerDevice());
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
        return answer(authorization, encoding, body, ProtobufBatch::read);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public Response json(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            InputStream body) {
        return answer(authorization, encoding, body, JsonBatch::read);
    }

    private Response answer(
            @Nullable String authorization, @Nullable String encoding, InputStream body, Decoder decoder) {
        try {
            Principal principal = login.require(authorization);
            if (!shares.tryTake(principal)) {
                throw Problem.busy("this device sends " + shares.each()
                        + " batches already, as many as it may at once; wait for an answer and send this one again");
            }
            try {
                return inItsSlot(principal, encoding, body, decoder);
            } finally {
                shares.giveBack(principal);
            }
        } catch (Problem problem) {
            return problem.toResponse();
        } catch (IOException e) {
            return Problem.malformed("the body ended early: " + e.getMessage()).toResponse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Problem.unavailable("the server stops; send the batch again").toResponse();
        }
    }

    /// The slot is taken before the body is read: slots bound the bodies that are in memory.
    private Response inItsSlot(Principal principal, @Nullable String encoding, InputStream body, Decoder decoder)
            throws Problem, IOException, InterruptedException {
        if (!slots.tryAcquire()) {
            throw Problem.busy("as many batches are being written as may; send this one again");
        }
        try {
            List<Item> batch = decoder.read(BoundedBody.read(body, encoding));
            if (Admission.epochs(batch) > 1) {
                throw Problem.malformed("a batch holds records of one spool epoch; send one batch per epoch");
            }
            return Response.ok(json(role.take(principal, batch)), MediaType.APPLICATION_JSON)
                    .build();
        } finally {
            slots.release();
        }
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
