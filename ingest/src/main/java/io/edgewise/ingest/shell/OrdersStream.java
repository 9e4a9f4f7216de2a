// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.v1.Orders;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a device must do, as server-sent events: each is an `Orders` in base64, and its id is the cursor from which to
/// go on (`Last-Event-ID`).
///
/// Written as plain text on the request's own thread: a sink of events that another thread writes to may do so before
/// the framework has sent the head, and then ends at once.
@Singleton
@Path("/ingest/v1/orders/stream")
public class OrdersStream {
    private static final Logger LOG = LoggerFactory.getLogger(OrdersStream.class);
    private static final Duration QUIET = Duration.ofSeconds(15);

    private final IngestRole role;
    private final DeviceLogin login;

    @Inject
    public OrdersStream(IngestRole role, DeviceSecrets secrets) {
        this.role = role;
        this.login = new DeviceLogin(secrets, role::isRevoked);
    }

    @GET
    @RunOnVirtualThread
    public Response stream(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam("Last-Event-ID") @Nullable String last,
            @QueryParam("workload") @Nullable String workload,
            @QueryParam("cursor") @Nullable String cursor) {
        try {
            Principal principal = login.require(authorization);
            String asked = OrdersResource.workload(workload);
            long from = OrdersResource.number("cursor", last == null ? cursor : last, Long.MAX_VALUE);
            StreamingOutput events = out -> follow(out, principal, asked, from);
            return Response.ok(events, MediaType.SERVER_SENT_EVENTS).build();
        } catch (Problem problem) {
            return problem.toResponse();
        }
    }

    /// Until the device is gone, which is noticed by writing to it.
    private void follow(OutputStream out, Principal principal, String workload, long from) throws IOException {
        long cursor = from;
        // So that the device knows at once that it is heard.
        send(out, ":following\n\n");
        try {
            while (!role.isRevoked(principal)) {
                Orders orders = role.orders(principal, workload, cursor, QUIET);
                boolean isNews = orders.getCursor() != cursor;
                cursor = orders.getCursor();
                send(out, isNews ? event(orders) : ":quiet\n\n");
            }
        } catch (Problem problem) {
            LOG.debug("A stream of orders ended.", problem);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String event(Orders orders) {
        return "id: " + orders.getCursor() + "\nevent: orders\ndata: "
                + Base64.getEncoder().encodeToString(orders.toByteArray()) + "\n\n";
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
