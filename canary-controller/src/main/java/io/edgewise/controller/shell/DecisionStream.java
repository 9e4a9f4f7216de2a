// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decisions as they are made, as server-sent events. Each has the place from which to go on as its id, and the place
/// at which the stream begins comes first: whoever comes back with `Last-Event-ID` misses nothing. Without a place the
/// stream begins now; `after=0-0` begins at the beginning.
///
/// Written as plain text on the request's own thread: a sink of events that another thread writes to may do so before
/// the framework has sent the head, and then ends at once.
@Path("/api/v1/decisions/stream")
@ApplicationScoped
public class DecisionStream {
    private static final Logger LOG = LoggerFactory.getLogger(DecisionStream.class);
    private static final int MOST = 64;
    private static final long LOOK_MS = 500;
    private static final int QUIET_LOOKS = 30;
    private static final String BEGINNING = "0-0";

    private final AuditDesk desk;
    private final Semaphore places = new Semaphore(MOST);

    @Inject
    public DecisionStream(AuditDesk desk) {
        this.desk = desk;
    }

    @GET
    @RunOnVirtualThread
    public Response stream(
            @QueryParam("after") @Nullable String after,
            @QueryParam("rollout") @Nullable String rollout,
            @HeaderParam("Last-Event-ID") @Nullable String last) {
        if (places.availablePermits() == 0) {
            throw Problem.unavailable(MOST + " streams are open already; close one, or ask for decisions instead");
        }
        String from = last == null ? after : last;
        String newest = from == null || from.isEmpty() ? desk.newestEvent() : from;
        String place = newest.isEmpty() ? BEGINNING : newest;
        // A place that is none is said before the head is sent.
        var _ = desk.events(place);
        StreamingOutput events = out -> {
            if (places.tryAcquire()) {
                try {
                    follow(out, place, rollout);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (RuntimeException e) {
                    LOG.debug("A stream of decisions ended.", e);
                } finally {
                    places.release();
                }
            }
        };
        return Response.ok(events, MediaType.SERVER_SENT_EVENTS).build();
    }

    /// Until the client is gone, which is noticed by writing to it.
    private void follow(OutputStream out, String from, @Nullable String rollout)
            throws IOException, InterruptedException {
        Semaphore never = new Semaphore(0);
        String place = from;
        int quiet = 0;
        // So that the client knows at once that it is heard, and from where it can go on before anything comes.
        send(out, ":following\nid: " + place + "\n\n");
        while (true) {
            List<Events.Event> events = desk.events(place);
            for (Events.Event event : events) {
                place = event.place();
                if (rollout == null || rollout.equals(event.rollout())) {
                    send(out, text(event));
                    quiet = 0;
                }
            }
            // Decisions of other rollouts are silence too, and need not be read again.
            boolean looked = !events.isEmpty() || !never.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS);
            if (looked && ++quiet >= QUIET_LOOKS) {
                send(out, ":quiet\nid: " + place + "\n\n");
                quiet = 0;
            }
        }
    }

    private static String text(Events.Event event) {
        return "id: " + event.place() + "\nevent: " + event.kind() + "\n"
                + event.body().lines().map(line -> "data: " + line + "\n").collect(Collectors.joining()) + "\n";
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
