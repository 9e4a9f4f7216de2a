// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The newest directive and lease of each rollout of one workload. Immutable.
record WorkloadOrders(Map<String, Issued> directives, Map<String, Issued> leases) {
    static final WorkloadOrders NONE = new WorkloadOrders(Map.of(), Map.of());

    /// A cursor is revision * 2^32 + lease issue: every instance of ingest computes the same one from the
    /// same orders.
    private static final int LEASE_BITS = 32;

    private static final long LEASE_MASK = (1L << LEASE_BITS) - 1;

    WorkloadOrders {
        directives = Map.copyOf(directives);
        leases = Map.copyOf(leases);
    }

    /// What was signed, its place in the order of its kind, and, of a directive, which devices it selects.
    record Issued(String rollout, long revision, long issue, Map<String, String> selector, Signed signed) {
        Issued {
            selector = Map.copyOf(selector);
        }

        boolean isOlderThan(Issued other) {
            return revision != other.revision ? revision < other.revision : issue < other.issue;
        }
    }

    WorkloadOrders withDirective(Issued directive) {
        return new WorkloadOrders(newest(directives, directive), leases);
    }

    WorkloadOrders withLease(Issued lease) {
        return new WorkloadOrders(directives, newest(leases, lease));
    }

    WorkloadOrders withoutDirective(String rollout) {
        return new WorkloadOrders(without(directives, rollout), leases);
    }

    WorkloadOrders withoutLease(String rollout) {
        return new WorkloadOrders(directives, without(leases, rollout));
    }

    /// The directive of highest revision for each selector, the highest of all first, and their rollouts'
    /// leases, when that one and its lease are newer than the cursor. A device obeys the first that selects
    /// it: one that was away when its own was given still finds it behind a later one for others.
    Optional<Orders> newerThan(long cursor) {
        return directives.values().stream()
                .max(Comparator.comparingLong(Issued::revision))
                .filter(directive -> cursor(directive) > cursor)
                .map(directive -> {
                    Orders.Builder orders = Orders.newBuilder().setCursor(cursor(directive));
                    newestOfEachSelector().forEach(newest -> {
                        orders.addSigned(newest.signed());
                        Issued lease = leases.get(newest.rollout());
                        if (lease != null) {
                            orders.addSigned(lease.signed());
                        }
                    });
                    return orders.build();
                });
    }

    private List<Issued> newestOfEachSelector() {
        Map<Map<String, String>, Issued> newest = new HashMap<>();
        directives
                .values()
                .forEach(directive -> newest.merge(
                        directive.selector(),
                        directive,
                        (one, other) -> one.revision() >= other.revision() ? one : other));
        return newest.values().stream()
                .sorted(Comparator.comparingLong(Issued::revision).reversed())
                .toList();
    }

    private long cursor(Issued directive) {
        Issued lease = leases.get(directive.rollout());
        return (directive.revision() << LEASE_BITS) | (lease == null ? 0 : lease.issue() & LEASE_MASK);
    }

    private static Map<String, Issued> newest(Map<String, Issued> present, Issued arrived) {
        Issued before = present.get(arrived.rollout());
        if (before != null && arrived.isOlderThan(before)) {
            return present;
        }
        Map<String, Issued> next = new HashMap<>(present);
        next.put(arrived.rollout(), arrived);
        return next;
    }

    private static Map<String, Issued> without(Map<String, Issued> present, String rollout) {
        Map<String, Issued> next = new HashMap<>(present);
        next.remove(rollout);
        return next;
    }
}
