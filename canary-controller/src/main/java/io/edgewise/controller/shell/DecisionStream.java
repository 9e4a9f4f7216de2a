// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decisions as they are made, as server-sent events. Each has the place from which to go on as its id: whoever comes
/// back with `Last-Event-ID` misses nothing. Without a place the stream begins now; `after=0-0` begins at the
/// beginning.
@Path("/api/v1/decisions/stream")
@ApplicationScoped
public class DecisionStream {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionStream.class);
    private static final int MOST = 64;
    private static final long LOOK_MS = 500;
    private static final int QUIET_LOOKS = 30;

    private final AuditDesk desk;
    private final Semaphore places = new Semaphore(MOST);

    @Inject
    public DecisionStream(AuditDesk desk) {
        this.desk = desk;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void stream(
            @Context SseEventSink sink,
            @Context Sse sse,
            @QueryParam("after") @Nullable String after,
            @QueryParam("rollout") @Nullable String rollout,
            @HeaderParam("Last-Event-ID") @Nullable String last) {
        if (!places.tryAcquire()) {
            sink.close();
            throw Problem.unavailable(MOST + " streams are open already; close one, or ask for decisions instead");
        }
        Thread.ofVirtual().name("edgewise-decisions").start(() -> {
            try (sink) {
                follow(sink, sse, last == null ? after : last, rollout);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.debug("A stream of decisions ended.", e);
            } finally {
                places.release();
            }
        });
    }

    private void follow(SseEventSink sink, Sse sse, @Nullable String after, @Nullable String rollout)
            throws InterruptedException {
        Semaphore never = new Semaphore(0);
        String place = after == null || after.isEmpty() ? desk.newestEvent() : after;
        int quiet = 0;
        // So that the client knows at once that it is heard.
        sink.send(sse.newEventBuilder().comment("following").build())
                .toCompletableFuture()
                .join();
        while (!sink.isClosed()) {
            List<Events.Event> events = desk.events(place);
            for (Events.Event event : events) {
                place = event.place();
                if (rollout == null || rollout.equals(event.rollout())) {
                    sink.send(sse.newEventBuilder()
                                    .id(event.place())
                                    .name(event.kind())
                                    .data(String.class, event.body())
                                    .build())
                            .toCompletableFuture()
                            .join();
                    quiet = 0;
                }
            }
            if (events.isEmpty() && !never.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS) && ++quiet >= QUIET_LOOKS) {
                // A client that is gone is noticed by writing to it.
                sink.send(sse.newEventBuilder().comment("quiet").build())
                        .toCompletableFuture()
                        .join();
                quiet = 0;
            }
        }
    }
}
