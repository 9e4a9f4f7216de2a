// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.protobuf.Message;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.ingest.Admission;
import io.edgewise.ingest.Item;
import io.edgewise.ingest.OrdersBoard;
import io.edgewise.ingest.RecordKind;
import io.edgewise.ingest.Revocations;
import io.edgewise.ingest.Shares;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.runtime.role.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The gateway for devices: batches in, orders out. Keeps nothing that the directives topic does not have.
@ApplicationScoped
public class IngestRole implements Role {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

    /// How long a request waits, after a start, for the orders that are in Kafka to be read.
    private static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(10);

    private final KafkaSettings kafka;
    private final IngestConfig config;
    private final InstantSource clock;
    private final Semaphore waiters;
    private final Shares waiting;
    private volatile @Nullable Running running;

    @Inject
    public IngestRole(KafkaSettings kafka, IngestConfig config, InstantSource clock) {
        this.kafka = kafka;
        this.config = config;
        this.clock = clock;
        this.waiters = new Semaphore(config.waiters());
        this.waiting = new Shares(config.waitersPerDevice());
    }

    private record Running(
            OrdersBoard board, Revocations revocations, DirectiveFollower follower, LoopThread loop, BatchLog log) {}

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public synchronized void start() {
        if (running != null) {
            return;
        }
        OrdersBoard board = new OrdersBoard();
        Revocations revocations = new Revocations();
        DirectiveFollower follower = new DirectiveFollower(kafka, board, revocations);
        BatchLog log = BatchLog.open(kafka.producer(), config.acknowledgeWithin(), clock);
        running = new Running(board, revocations, follower, new LoopThread("ingest-orders", follower).start(), log);
    }

    @Override
    public synchronized void stop() {
        Running stopping = running;
        running = null;
        if (stopping != null) {
            stopping.board.close();
            stopping.loop.stop(STOP_WITHIN);
            stopping.log.close();
        }
    }

    @Override
    public Health health() {
        Running present = running;
        if (present == null) {
            return new Health(false, "not started");
        }
        if (!present.loop.isAlive()) {
            return new Health(false, "the thread that reads orders has ended; restart the process and read its log");
        }
        String trouble = present.loop.trouble();
        if (!trouble.isEmpty()) {
            return new Health(
                    false, "orders cannot be read from Kafka; check that it runs and has the topics: " + trouble);
        }
        return present.follower.isCaughtUp()
                ? new Health(true, "orders are up to date")
                : new Health(false, "reading the orders that are in Kafka");
    }

    Orders orders(Principal principal, String workload, long cursor, Duration atMost)
            throws Problem, InterruptedException {
        OrdersBoard board = present().board;
        if (atMost.isZero()) {
            return board.await(principal.tenant(), workload, cursor, atMost);
        }
        if (!waiting.tryTake(principal)) {
            throw Problem.busy("this device waits for orders with " + waiting.each()
                    + " requests already, as many as it may at once; wait for an answer, or ask with wait=0");
        }
        try {
            return awaitAmongOthers(board, principal, workload, cursor, atMost);
        } finally {
            waiting.giveBack(principal);
        }
    }

    private Orders awaitAmongOthers(
            OrdersBoard board, Principal principal, String workload, long cursor, Duration atMost)
            throws Problem, InterruptedException {
        if (!waiters.tryAcquire()) {
            throw Problem.unavailable("as many devices wait for orders here as may; ask again, or with wait=0");
        }
        try {
            return board.await(principal.tenant(), workload, cursor, atMost);
        } finally {
            waiters.release();
        }
    }

    /// Whether the device's token counts no more.
    boolean isRevoked(Principal principal) {
        Running present = running;
        return present != null && present.revocations.contains(principal);
    }

    /// Returns when Kafka has acknowledged what was admitted.
    <M extends Message> Admission.Admitted<M> take(RecordKind<M> kind, Principal principal, List<Item<M>> batch)
            throws Problem, InterruptedException {
        Running present = present();
        long nowMs = clock.millis();
        Admission.Admitted<M> admitted = Admission.of(kind, principal, batch, nowMs);
        present.log.append(principal, admitted, nowMs);
        return admitted;
    }

    /// Returns when Kafka has acknowledged how the device stands.
    void tell(Principal principal, List<AgentStatus> statuses) throws Problem, InterruptedException {
        present().log.append(principal, statuses);
    }

    private Running present() throws Problem, InterruptedException {
        Running present = running;
        if (present == null) {
            throw Problem.unavailable("ingest does not run in this process now; ask again");
        }
        // Before that a device would be told an order that another followed, and a token revoked long ago would count.
        if (!present.follower.awaitCaughtUp(CATCH_UP_WITHIN)) {
            throw Problem.unavailable("the orders and revocations that are in Kafka are still being read; ask again");
        }
        return present;
    }
}
