// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import java.time.InstantSource;
import java.util.concurrent.Semaphore;

/// Bodies that arrive, at the pace of their devices' networks: how much all of them hold is bounded, and
/// how long each may take.
final class Inflow {
    /// As much as sixteen bodies of the largest size on the wire.
    static final int MOST_BYTES = 16 * BoundedBody.WIRE_LIMIT;

    static final long LONGEST_MS = 60_000;

    private final Semaphore room = new Semaphore(MOST_BYTES);
    private final InstantSource clock;

    Inflow(InstantSource clock) {
        this.clock = clock;
    }

    Body begin() {
        return new Body(clock.millis());
    }

    /// One of them. Its room is free again when it is closed.
    final class Body implements BoundedBody.Arrival, AutoCloseable {
        private final long sinceMs;
        private int bytes;

        private Body(long sinceMs) {
            this.sinceMs = sinceMs;
        }

        @Override
        public void more(int more) throws Problem {
            if (clock.millis() - sinceMs > LONGEST_MS) {
                throw Problem.tooSlow("the body has not arrived within " + LONGEST_MS / 1_000
                        + " s; send smaller batches, or pack them");
            }
            if (!room.tryAcquire(more)) {
                throw Problem.busy("as many batches arrive as may; send this one again");
            }
            bytes += more;
        }

        @Override
        public void close() {
            room.release(bytes);
            bytes = 0;
        }
    }
}
