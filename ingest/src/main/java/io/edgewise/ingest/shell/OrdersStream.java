// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.v1.Orders;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a device must do, as server-sent events: each is an `Orders` in base64, and its id is the cursor from which to
/// go on (`Last-Event-ID`).
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
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void stream(
            @Context SseEventSink sink,
            @Context Sse sse,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @HeaderParam("Last-Event-ID") @Nullable String last,
            @QueryParam("workload") @Nullable String workload,
            @QueryParam("cursor") @Nullable String cursor) {
        try {
            Principal principal = login.require(authorization);
            String asked = OrdersResource.workload(workload);
            long from = OrdersResource.number("cursor", last == null ? cursor : last, Long.MAX_VALUE);
            Thread.ofVirtual().name("edgewise-orders-stream").start(() -> {
                try (sink) {
                    follow(sink, sse, principal, asked, from);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (Problem | RuntimeException e) {
                    LOG.debug("A stream of orders ended.", e);
                }
            });
        } catch (Problem problem) {
            throw new WebApplicationException(problem.toResponse());
        }
    }

    private void follow(SseEventSink sink, Sse sse, Principal principal, String workload, long from)
            throws Problem, InterruptedException {
        long cursor = from;
        // So that the device knows at once that it is heard.
        send(sink, sse.newEventBuilder().comment("following").build());
        while (!sink.isClosed() && !role.isRevoked(principal)) {
            Orders orders = role.orders(principal, workload, cursor, QUIET);
            boolean isNews = orders.getCursor() != cursor;
            cursor = orders.getCursor();
            // A device that is gone is noticed by writing to it.
            send(
                    sink,
                    isNews
                            ? sse.newEventBuilder()
                                    .id(Long.toString(cursor))
                                    .name("orders")
                                    .data(String.class, Base64.getEncoder().encodeToString(orders.toByteArray()))
                                    .build()
                            : sse.newEventBuilder().comment("quiet").build());
        }
    }

    private static void send(SseEventSink sink, OutboundSseEvent event) {
        sink.send(event).toCompletableFuture().join();
    }
}
