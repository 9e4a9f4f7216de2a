// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.ingest.Rates;
import io.edgewise.ingest.Shares;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The door for what devices send, one for each kind: who it is, how much at once, and what a failure is
/// answered with.
final class Intake {
    private final DeviceLogin login;
    private final Semaphore slots;
    private final Inflow inflow;
    private final Shares shares;
    private final Rates rates;
    private final InstantSource clock;

    Intake(DeviceLogin login, IngestConfig config, InstantSource clock) {
        this.rates = new Rates(config.recordsPerSecond(), config.recordsAtOnce());
        this.clock = clock;
        this.login = login;
        this.slots = new Semaphore(config.concurrentBatches());
        this.inflow = new Inflow(clock);
        this.shares = new Shares(config.batchesPerDevice());
    }

    /// How many records there were, and the answer as JSON.
    record Taken(int records, String answer) {}

    /// What is done with a body.
    @FunctionalInterface
    interface Work {
        Taken take(Principal principal, byte[] body) throws Problem, InterruptedException;
    }

    Response answer(@Nullable String authorization, @Nullable String encoding, InputStream body, Work work) {
        try {
            Principal principal = login.require(authorization);
            long waitMs = rates.waitMillis(principal, clock.millis());
            if (waitMs > 0) {
                throw Problem.tooFast(
                        "this device sends faster than it may for long; send this again later",
                        Math.toIntExact(waitMs / 1_000 + 1));
            }
            if (!shares.tryTake(principal)) {
                throw Problem.busy("this device sends " + shares.each()
                        + " batches already, as many as it may at once; wait for an answer and send this one again");
            }
            try {
                return arrived(principal, encoding, body, work);
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

    /// A body arrives at the pace of the device's network, and takes no slot meanwhile: what all hold, packed and
    /// unpacked, is bounded by bytes, and how long each may take by time. The slot bounds what is read and written.
    private Response arrived(Principal principal, @Nullable String encoding, InputStream body, Work work)
            throws Problem, IOException, InterruptedException {
        try (Inflow.Body arriving = inflow.begin()) {
            byte[] sent = BoundedBody.receive(body, arriving);
            return inItsSlot(principal, encoding, sent, arriving, work);
        }
    }

    private Response inItsSlot(
            Principal principal, @Nullable String encoding, byte[] sent, Inflow.Body arriving, Work work)
            throws Problem, InterruptedException {
        if (!slots.tryAcquire()) {
            throw Problem.busy("as many batches are being written as may; send this one again");
        }
        int records = 1;
        try {
            Taken taken = work.take(principal, BoundedBody.unpacked(sent, encoding, arriving));
            records = Math.max(1, taken.records());
            return Response.ok(taken.answer(), MediaType.APPLICATION_JSON).build();
        } finally {
            rates.charge(principal, records, clock.millis());
            slots.release();
        }
    }
}
