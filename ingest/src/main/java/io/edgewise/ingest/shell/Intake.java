// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.ingest.Shares;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The door for what devices send, one for each kind: who it is, how much at once, and what a failure is answered with.
final class Intake {
    private final DeviceLogin login;
    private final Semaphore slots;
    private final Shares shares;

    Intake(DeviceSecrets secrets, IngestConfig config) {
        this.login = new DeviceLogin(secrets);
        this.slots = new Semaphore(config.concurrentBatches());
        this.shares = new Shares(config.batchesPerDevice());
    }

    /// What is done with a body; returns the answer as JSON.
    @FunctionalInterface
    interface Work {
        String take(Principal principal, byte[] body) throws Problem, InterruptedException;
    }

    Response answer(@Nullable String authorization, @Nullable String encoding, InputStream body, Work work) {
        try {
            Principal principal = login.require(authorization);
            if (!shares.tryTake(principal)) {
                throw Problem.busy("this device sends " + shares.each()
                        + " batches already, as many as it may at once; wait for an answer and send this one again");
            }
            try {
                return inItsSlot(principal, encoding, body, work);
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
    private Response inItsSlot(Principal principal, @Nullable String encoding, InputStream body, Work work)
            throws Problem, IOException, InterruptedException {
        if (!slots.tryAcquire()) {
            throw Problem.busy("as many batches are being written as may; send this one again");
        }
        try {
            String answer = work.take(principal, BoundedBody.read(body, encoding));
            return Response.ok(answer, MediaType.APPLICATION_JSON).build();
        } finally {
            slots.release();
        }
    }
}
