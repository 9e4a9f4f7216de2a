// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// The device blocks of one lane, and which of them end by time.
final class Devices {
    /// Told of every block that closes, and whose it is.
    interface Closing {
        void closed(DeviceKey device, Stratum stratum, BlockKind kind, int n, int k);
    }

    private record Due(long sinceMs, DeviceKey key, BlockKind kind) {}

    private final Map<DeviceKey, DeviceBlocks> all = new HashMap<>();
    private final List<Map.Entry<DeviceKey, DeviceBlocks>> dirty = new ArrayList<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::sinceMs));
    private final Closing closing;

    Devices(Closing closing) {
        this.closing = closing;
    }

    void restore(DeviceKey key, DeviceBlocks blocks) {
        all.put(key, blocks);
        for (BlockKind kind : BlockKind.all()) {
            long since = blocks.openSince(kind);
            if (since != Long.MAX_VALUE) {
                due.add(new Due(since, key, kind));
            }
        }
    }

    /// True when the device is seen in the stratum for the first time.
    boolean see(DeviceKey key, Stratum stratum) {
        DeviceBlocks blocks = of(key);
        boolean first = blocks.firstIn(stratum);
        if (first) {
            touch(key, blocks);
        }
        return first;
    }

    void step(DeviceKey key, Stratum stratum, Reading reading, long appendMs) {
        DeviceBlocks blocks = of(key);
        for (BlockKind kind : BlockKind.all()) {
            int value = reading.step(kind);
            if (value == Reading.NO_STEP || blocks.isOver(kind)) {
                continue;
            }
            touch(key, blocks);
            if (blocks.step(kind, value, stratum, appendMs, (of, what, n, k) -> closing.closed(key, of, what, n, k))) {
                due.add(new Due(appendMs, key, kind));
            }
        }
    }

    /// Closes what has been open for an hour at this append time.
    boolean expire(long appendMs) {
        boolean any = false;
        Due oldest = due.peek();
        while (oldest != null && oldest.sinceMs() + DeviceBlocks.LONGEST_MS <= appendMs) {
            due.remove();
            DeviceKey key = oldest.key();
            DeviceBlocks blocks = of(key);
            if (blocks.expire(oldest.kind(), appendMs, (of, what, n, k) -> closing.closed(key, of, what, n, k))) {
                touch(key, blocks);
                any = true;
            }
            oldest = due.peek();
        }
        return any;
    }

    boolean hasOpenBlocks() {
        return !due.isEmpty();
    }

    List<Map.Entry<DeviceKey, DeviceBlocks>> dirty() {
        return dirty;
    }

    void written() {
        dirty.forEach(entry -> entry.getValue().dirty(false));
        dirty.clear();
    }

    private DeviceBlocks of(DeviceKey key) {
        return all.computeIfAbsent(key, fresh -> new DeviceBlocks());
    }

    private void touch(DeviceKey key, DeviceBlocks blocks) {
        if (!blocks.isDirty()) {
            blocks.dirty(true);
            dirty.add(Map.entry(key, blocks));
        }
    }
}
