// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.Lane;
import io.edgewise.evaluator.LaneTotals;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks at all partitions now and then, on the loop's thread.
final class Census {
    /// The client is asked for every partition's lag, which costs it some work.
    private static final long INTERVAL_MS = 2_000;

    private final Consumer<byte[], byte[]> consumer;
    private final Holdings holdings;
    private boolean taken;
    private long lastMs;

    Census(Consumer<byte[], byte[]> consumer, Holdings holdings) {
        this.consumer = consumer;
        this.holdings = holdings;
    }

    /// At a hand-over: what is seen holds once that is stored. Null when it is too early to look again.
    @Nullable
    LoopState look(int groups, long nowMs) {
        if (taken && nowMs >= lastMs && nowMs - lastMs < INTERVAL_MS) {
            return null;
        }
        taken = true;
        lastMs = nowMs;
        List<Claim> held = holdings.active();
        Map<Inlet, Long> lag = new EnumMap<>(Inlet.class);
        for (Inlet inlet : Inlet.values()) {
            lag.put(inlet, 0L);
        }
        LaneTotals accounts = LaneTotals.NONE;
        long countedThroughMs = nowMs;
        int devices = 0;
        for (Claim claim : held) {
            Lane lane = claim.lane();
            OptionalLong behind = consumer.currentLag(Holdings.partition(lane.id()));
            lag.merge(lane.id().inlet(), behind.orElse(0), Long::sum);
            // A partition that was never read, and whose end is not known yet, says nothing.
            if (behind.orElse(1) > 0 && lane.watermarkMs() > 0) {
                countedThroughMs = Math.min(countedThroughMs, lane.watermarkMs());
            }
            accounts = accounts.plus(lane.totals());
            devices += lane.senders();
        }
        int stopped = holdings.stopped().size();
        int waiting = holdings.size() - held.size() - stopped;
        return new LoopState(held.size(), waiting, stopped, lag, countedThroughMs, accounts, groups, devices);
    }
}
