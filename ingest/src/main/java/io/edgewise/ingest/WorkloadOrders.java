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

    /// The key sets that the device has not, then the directive of highest revision for each selector, the
    /// highest of all first, and their rollouts' leases: when a key set, the highest directive or any of the
    /// leases is newer than the cursor. A device obeys the first that selects it: one that was away when its own
    /// was given still finds it behind a later one for others. An order whose key no set here names yet is
    /// given to nobody.
    Optional<Orders> newerThan(long cursor, KeyChain keys) {
        WorkloadOrders known = coveredBy(keys);
        Cursor before = Cursor.of(cursor);
        Cursor present = known.cursor(keys);
        if (before.knows(present)) {
            return Optional.empty();
        }
        Orders.Builder orders =
                Orders.newBuilder().setCursor(before.and(present).number()).addAllSigned(keys.after(before.keys()));
        known.newestOfEachSelector().forEach(newest -> {
            orders.addSigned(newest.signed());
            Issued lease = known.leases.get(newest.rollout());
            if (lease != null) {
                orders.addSigned(lease.signed());
            }
        });
        return Optional.of(orders.build());
    }

    private WorkloadOrders coveredBy(KeyChain keys) {
        return new WorkloadOrders(covered(directives, keys), covered(leases, keys));
    }

    private static Map<String, Issued> covered(Map<String, Issued> orders, KeyChain keys) {
        if (orders.values().stream().allMatch(order -> keys.covers(order.signed()))) {
            return orders;
        }
        Map<String, Issued> covered = new HashMap<>(orders);
        covered.values().removeIf(order -> !keys.covers(order.signed()));
        return covered;
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

    private Cursor cursor(KeyChain keys) {
        List<Issued> newest = newestOfEachSelector();
        long issues = newest.stream()
                .flatMap(directive -> Optional.ofNullable(leases.get(directive.rollout())).stream())
                .mapToLong(Issued::issue)
                .sum();
        return new Cursor(newest.isEmpty() ? 0 : newest.getFirst().revision(), keys.version(), issues);
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
