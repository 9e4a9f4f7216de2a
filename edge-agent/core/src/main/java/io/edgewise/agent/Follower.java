// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.orders.Judgement;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.orders.OrdersState;
import io.edgewise.agent.orders.Standing;
import io.edgewise.agent.orders.StandingFile;
import io.edgewise.agent.spool.Backoff;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Lease;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// Asks for orders for as long as the agent lives; what it accepts is on disk before it is obeyed,
/// but for the way back to the champion, which is saved as soon as that succeeds.
final class Follower implements Runnable {
    private static final Duration WAIT = Duration.ofSeconds(25);
    private static final long JUMP_MS = 5 * 60_000;

    private final OrdersSource source;
    private final String workload;
    private final OrdersState state;
    private final StandingFile file;
    private final Supplier<Moment> now;
    private final Supplier<Backoff> backoffs;
    private final Map<String, Long> refused = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Standing standing;
    /// What is obeyed is not on disk yet. The follower's own.
    private boolean unsaved;

    private volatile Runnable onChange = () -> {};
    private volatile BiConsumer<String, String> onEvent = (event, detail) -> {};
    private Moment ticked;

    /// Where orders come from and how long to wait after failures.
    record Road(OrdersSource source, String workload, Supplier<Backoff> backoffs) {}

    Follower(Road road, OrdersState state, StandingFile file, Supplier<Moment> now, Standing standing) {
        this.source = road.source();
        this.workload = road.workload();
        this.backoffs = road.backoffs();
        this.state = state;
        this.file = file;
        this.now = now;
        this.standing = standing;
        this.ticked = now.get();
    }

    /// Hears of what the server should know: the event and the words for it.
    void onEvent(BiConsumer<String, String> listener) {
        onEvent = listener;
    }

    void onChange(Runnable listener) {
        onChange = listener;
    }

    /// The keys that count now.
    Keyring keyring() {
        return state.keyring(standing);
    }

    Standing standing() {
        return standing;
    }

    Map<String, Long> refused() {
        return new TreeMap<>(refused);
    }

    void stop() {
        stopped.countDown();
    }

    @Override
    public void run() {
        Backoff failures = backoffs.get();
        Backoff idle = backoffs.get();
        long cursor = 0;
        while (stopped.getCount() > 0) {
            long asked = now.get().nanos();
            try {
                Orders orders = poll(cursor);
                obey(orders);
                failures.reset();
                boolean isNews = orders.getCursor() != cursor;
                cursor = orders.getCursor();
                // A source that answers at once without news would otherwise be asked in a tight loop.
                if (isNews || now.get().nanos() - asked > TimeUnit.SECONDS.toNanos(1)) {
                    idle.reset();
                } else {
                    rest(idle);
                }
            } catch (IOException | RuntimeException e) {
                rest(failures);
            }
        }
    }

    private Orders poll(long cursor) throws IOException {
        try {
            return source.poll(workload, cursor, WAIT);
        } catch (IOException | RuntimeException e) {
            keep();
            throw e;
        }
    }

    synchronized void obey(Orders orders) throws IOException {
        Standing next = standing;
        List<Signed> sorted = orders.getSignedList().stream()
                .sorted(Comparator.comparingInt(OrdersState::turn))
                .toList();
        // Directives for several groups of devices come together, the newest first: the first that is this device's.
        boolean isDirected = false;
        List<String> refusals = new ArrayList<>();
        // Their leases come along.
        Set<Long> ofOthers = new HashSet<>();
        for (Signed signed : sorted) {
            boolean isDirective = signed.getDomain().equals(Signing.DIRECTIVE);
            if (isDirective && isDirected) {
                ofOthers.add(revision(signed));
                continue;
            }
            Judgement judgement = state.judge(next, signed, now.get());
            isDirected |= isDirective && !(judgement instanceof Judgement.Refused);
            switch (judgement) {
                case Judgement.Accepted accepted -> next = accepted.next();
                case Judgement.Known() -> {}
                case Judgement.Refused(String reason) -> {
                    if (reason.equals(OrdersState.OF_OTHERS)) {
                        ofOthers.add(revision(signed));
                    }
                    if (!reason.equals(OrdersState.OTHER_REVISION) || !ofOthers.contains(revision(signed))) {
                        refusals.add(reason);
                    }
                }
            }
        }
        for (String reason : refusals) {
            if (!isDirected || !reason.equals(OrdersState.OF_OTHERS)) {
                refused.merge(reason, 1L, Long::sum);
            }
        }
        if (next.equals(standing)) {
            keep();
            return;
        }
        if (isReturn(next)) {
            // The way back is safe without a memory of it: a full disk must not keep a device on a bad build.
            unsaved = true;
            take(next);
            keep();
        } else {
            file.save(next, now.get());
            unsaved = false;
            take(next);
        }
    }

    /// That a directive has, or a lease speaks of; 0 where there is none to read.
    private static long revision(Signed signed) {
        try {
            return switch (signed.getDomain()) {
                case Signing.DIRECTIVE ->
                    Directive.parseFrom(signed.getPayload()).getRevision();
                case Signing.LEASE -> Lease.parseFrom(signed.getPayload()).getRevision();
                default -> 0;
            };
        } catch (InvalidProtocolBufferException e) {
            return 0;
        }
    }

    /// To be called once a minute: writes down what is left of the lease, and tells when the wall clock
    /// jumped.
    synchronized void tick() throws IOException {
        Moment present = now.get();
        Moment before = ticked;
        ticked = present;
        long wallMs = present.wallMs() - before.wallMs();
        long jumpMs = wallMs - (present.nanos() - before.nanos()) / 1_000_000;
        if (Math.abs(jumpMs) > JUMP_MS) {
            onEvent.accept("clock-jump", "the wall clock moved " + jumpMs / 1_000 + " s against the monotonic clock");
        }
        if (standing.lease().isPresent()) {
            file.save(standing, present);
        }
    }

    /// Saves what was obeyed before it could be saved.
    private synchronized void keep() throws IOException {
        if (unsaved) {
            file.save(standing, now.get());
            unsaved = false;
        }
    }

    private static boolean isReturn(Standing next) {
        return next.directive()
                .map(order -> order.content().getMode() == Directive.Mode.MODE_CHAMPION_ONLY)
                .orElse(false);
    }

    private void take(Standing next) {
        boolean isNewDirective = !next.directive().equals(standing.directive());
        standing = next;
        if (isNewDirective) {
            onChange.run();
        }
    }

    private void rest(Backoff backoff) {
        try {
            if (stopped.await(backoff.nextMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            stop();
        }
    }
}
