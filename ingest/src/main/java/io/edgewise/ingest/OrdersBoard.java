// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.KeySet;
import io.edgewise.contracts.v1.Lease;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.ingest.WorkloadOrders.Issued;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// What devices must do now: the latest directive and lease of every tenant's workload and the tenant's key
/// sets, as the directives topic has them, and devices that wait for the next. Signatures are the devices'
/// to check: they hold the key.
///
/// Laws: putting is idempotent, and the order in which records of different rollouts arrive does not
/// matter; a device that asks with the cursor it was given is answered when its workload's orders change,
/// and not before; nothing of another tenant is ever answered; an order comes with or after the key set
/// that its key needs, never before.
public final class OrdersBoard {
    private static final int STRIPES = 64;
    private static final String KEYS = "~keys";

    private final Map<Key, WorkloadOrders> orders = new ConcurrentHashMap<>();
    private final Map<String, KeyChain> keys = new ConcurrentHashMap<>();
    private final Stripe[] stripes =
            IntStream.range(0, STRIPES).mapToObj(i -> new Stripe()).toArray(Stripe[]::new);
    private volatile boolean closed;

    private record Key(String tenant, String workload) {}

    /// Waiters share a fixed number of conditions, so that asking about workloads that do not exist costs no memory.
    private static final class Stripe {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
    }

    /// Takes a record of the directives topic. Throws where it is not an order, saying why; the board is as before.
    public void put(String key, Signed signed) {
        try {
            switch (signed.getDomain()) {
                case Signing.DIRECTIVE -> putDirective(key, signed, Directive.parseFrom(signed.getPayload()));
                case Signing.LEASE -> putLease(key, signed, Lease.parseFrom(signed.getPayload()));
                case Signing.KEYS -> putKeys(key, signed, KeySet.parseFrom(signed.getPayload()));
                default ->
                    throw new IllegalArgumentException("domain \"" + signed.getDomain() + "\" is none of "
                            + Signing.DIRECTIVE + ", " + Signing.LEASE + " and " + Signing.KEYS);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the payload is not a " + signed.getDomain() + ": " + e.getMessage(), e);
        }
    }

    /// A deleted record of the directives topic.
    public void remove(String key) {
        String[] parts = key.split("/", -1);
        if (parts.length == 3 && parts[1].equals(KEYS) && parts[2].matches("[1-9][0-9]{0,9}")) {
            changeKeys(parts[0], chain -> chain.without(Long.parseLong(parts[2])));
        } else if (parts.length == 3) {
            change(new Key(parts[0], parts[1]), present -> present.withoutDirective(parts[2]));
        } else if (parts.length == 4 && parts[3].equals("lease")) {
            change(new Key(parts[0], parts[1]), present -> present.withoutLease(parts[2]));
        } else {
            throw new IllegalArgumentException(
                    "key \"" + key + "\" is neither tenant/workload/rollout nor tenant/workload/rollout/lease");
        }
    }

    /// What is newer than the cursor now.
    public Optional<Orders> now(String tenant, String workload, long cursor) {
        return orders.getOrDefault(new Key(tenant, workload), WorkloadOrders.NONE)
                .newerThan(cursor, keys.getOrDefault(tenant, KeyChain.NONE));
    }

    /// What is newer than the cursor as soon as there is something; after `atMost`, or when the board
    /// closes, an answer with the same cursor and nothing in it.
    public Orders await(String tenant, String workload, long cursor, Duration atMost) throws InterruptedException {
        Stripe stripe = stripe(new Key(tenant, workload));
        long left = atMost.toNanos();
        stripe.lock.lockInterruptibly();
        try {
            Optional<Orders> found = now(tenant, workload, cursor);
            while (found.isEmpty() && left > 0 && !closed) {
                left = stripe.changed.awaitNanos(left);
                found = now(tenant, workload, cursor);
            }
            return found.orElseGet(() -> Orders.newBuilder().setCursor(cursor).build());
        } finally {
            stripe.lock.unlock();
        }
    }

    /// Lets everyone go who waits, now and later.
    public void close() {
        closed = true;
        for (Stripe stripe : stripes) {
            wake(stripe);
        }
    }

    private void putDirective(String key, Signed signed, Directive directive) {
        String expected = directive.getTenant() + '/' + directive.getWorkload() + '/' + directive.getRollout();
        requireKey(expected, key);
        Issued issued =
                new Issued(directive.getRollout(), directive.getRevision(), 0, directive.getSelectorMap(), signed);
        change(new Key(directive.getTenant(), directive.getWorkload()), present -> present.withDirective(issued));
    }

    private void putLease(String key, Signed signed, Lease lease) {
        requireKey(lease.getTenant() + '/' + lease.getWorkload() + '/' + lease.getRollout() + "/lease", key);
        Issued issued = new Issued(lease.getRollout(), lease.getRevision(), lease.getIssue(), Map.of(), signed);
        change(new Key(lease.getTenant(), lease.getWorkload()), present -> present.withLease(issued));
    }

    private void putKeys(String key, Signed signed, KeySet set) {
        requireKey(set.getTenant() + '/' + KEYS + '/' + set.getVersion(), key);
        if (set.getVersion() < 1) {
            throw new IllegalArgumentException("a key set's version is " + set.getVersion() + "; they count from 1");
        }
        changeKeys(set.getTenant(), chain -> chain.with(set.getVersion(), signed));
    }

    private void changeKeys(String tenant, UnaryOperator<KeyChain> change) {
        keys.compute(tenant, (same, present) -> change.apply(Objects.requireNonNullElse(present, KeyChain.NONE)));
        for (Stripe stripe : stripes) {
            wake(stripe);
        }
    }

    private static void requireKey(String expected, String key) {
        if (!expected.equals(key)) {
            throw new IllegalArgumentException("its key is \"" + key + "\", its content says \"" + expected + "\"");
        }
    }

    /// Changes one workload's orders.
    @FunctionalInterface
    private interface Change {
        WorkloadOrders apply(WorkloadOrders present);
    }

    private void change(Key key, Change change) {
        orders.compute(key, (same, present) -> change.apply(Objects.requireNonNullElse(present, WorkloadOrders.NONE)));
        wake(stripe(key));
    }

    private static void wake(Stripe stripe) {
        stripe.lock.lock();
        try {
            stripe.changed.signalAll();
        } finally {
            stripe.lock.unlock();
        }
    }

    private Stripe stripe(Key key) {
        return stripes[Math.floorMod(key.hashCode(), STRIPES)];
    }
}
