// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.KeySet;
import io.edgewise.contracts.v1.Lease;
import java.util.Optional;

/// What a device obeys: the directive in force since `sinceMs`, the one before it (whose canary units may
/// still be on their way back), the lease with the monotonic time at which it ends at the latest, and the
/// key set that replaced the keys the device was set up with.
public record Standing(
        Optional<Order<Directive>> directive,
        Optional<Order<Directive>> before,
        Optional<Order<Lease>> lease,
        long sinceMs,
        long leaseEndNanos,
        Optional<Order<KeySet>> keys) {
    public static final Standing NONE = new Standing(Optional.empty(), Optional.empty(), Optional.empty(), 0, 0);

    public Standing(
            Optional<Order<Directive>> directive,
            Optional<Order<Directive>> before,
            Optional<Order<Lease>> lease,
            long sinceMs,
            long leaseEndNanos) {
        this(directive, before, lease, sinceMs, leaseEndNanos, Optional.empty());
    }

    /// No directive below this revision is obeyed any more.
    public long floor() {
        return directive.map(order -> order.content().getRevision()).orElse(0L);
    }

    /// How long the lease lasts by the monotonic clock.
    public long leaseRemainderMs(Moment now) {
        return lease.isEmpty() ? 0 : Math.max(0, (leaseEndNanos - now.nanos()) / 1_000_000);
    }

    /// A lease ends at its time by the wall clock, and never lasts longer than it was given for.
    public boolean hasLiveLease(Moment now) {
        return lease.isPresent()
                && lease.get().content().getRevision() == floor()
                && now.wallMs() < lease.get().content().getNotAfterMs()
                && now.nanos() - leaseEndNanos < 0;
    }
}
