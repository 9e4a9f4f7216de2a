// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import io.edgewise.contracts.DeviceSecrets.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// How fast each device may send for long, and how much at once before that. What was taken is charged afterwards, so
/// that a device may overdraw once; then it waits. One number per device: when it will have paid for all it sent.
///
/// Laws: what others send does not matter; whoever sends no faster than the rate never waits; over any time nobody gets
/// more than the burst, the rate times that time, and one overdraft; a device that has paid costs no memory after the
/// next sweep; a clock that goes back makes nobody wait longer than the burst takes, and one overdraft.
public final class Rates {
    private static final double MICROS_PER_SECOND = 1_000_000;
    private static final int SWEEP_ABOVE = 1_024;

    private final double microsEach;
    private final long burstMicros;
    private final Map<Principal, Long> paidAt = new ConcurrentHashMap<>();
    private final AtomicLong sweepAbove = new AtomicLong(SWEEP_ABOVE);

    public Rates(int perSecond, int burst) {
        if (perSecond < 1 || burst < 1) {
            throw new IllegalArgumentException("a device's rate is " + perSecond + " a second and its burst " + burst
                    + "; both must be at least 1");
        }
        this.microsEach = MICROS_PER_SECOND / perSecond;
        this.burstMicros = Math.round(burst * microsEach);
    }

    /// How long the device must wait; 0 when it may send now.
    public long waitMillis(Principal device, long nowMs) {
        Long paid = paidAt.get(device);
        long ahead = paid == null ? 0 : paid - nowMs * 1_000;
        return ahead <= burstMicros ? 0 : (ahead - burstMicros) / 1_000 + 1;
    }

    public void charge(Principal device, int records, long nowMs) {
        long now = nowMs * 1_000;
        long cost = Math.round(records * microsEach);
        paidAt.compute(device, (same, paid) -> {
            long from = paid == null ? now : Math.clamp(paid, now, now + burstMicros);
            return from + cost;
        });
        sweep(now);
    }

    /// Forgets who has paid, when as many again have come as were left the last time.
    private void sweep(long now) {
        long limit = sweepAbove.get();
        if (paidAt.size() > limit && sweepAbove.compareAndSet(limit, Long.MAX_VALUE)) {
            paidAt.values().removeIf(paid -> paid <= now);
            sweepAbove.set(Math.max(SWEEP_ABOVE, 2L * paidAt.size()));
        }
    }

    /// Devices that have not paid yet, or were not swept.
    int known() {
        return paidAt.size();
    }
}
