// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

/// The device blocks of one lane: steps, closing by time, and what is to be written.
final class Devices {
    /// Told of every block that closes, and whose it is.
    interface Closing {
        void closed(DeviceKey device, Stratum stratum, BlockKind kind, int n, int k);
    }

    private record Due(long sinceMs, Sender.Blocks of, BlockKind kind) {}

    private final List<Sender.Blocks> dirty = new ArrayList<>();
    /// Written to the log, but not yet to their own rows.
    private final Set<Sender.Blocks> logged = new LinkedHashSet<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::sinceMs));
    private final Closing closing;

    Devices(Closing closing) {
        this.closing = closing;
    }

    /// What was stored takes the place of what is known of the device, which may be an older part of the same log.
    void restore(Sender.Blocks of, DeviceBlocks stored) {
        for (BlockKind kind : BlockKind.all()) {
            long since = stored.openSince(kind);
            if (since != Long.MAX_VALUE && of.blocks().openSince(kind) != since) {
                due.add(new Due(since, of, kind));
            }
        }
        of.replace(stored);
    }

    /// True when the device is seen in the stratum for the first time.
    boolean see(Sender.Blocks of, Stratum stratum) {
        boolean first = of.blocks().firstIn(stratum);
        if (first) {
            touch(of);
        }
        return first;
    }

    /// Returns the places of the guardrails whose block this began, as bits.
    int step(Sender.Blocks of, Stratum stratum, Reading reading, long appendMs) {
        DeviceBlocks blocks = of.blocks();
        int opened = 0;
        if (blocks.isOver()) {
            return opened;
        }
        for (BlockKind kind : BlockKind.all()) {
            int value = reading.step(kind);
            if (value == Reading.NO_STEP || blocks.isOver(kind)) {
                continue;
            }
            touch(of);
            if (blocks.step(
                    kind, value, stratum, appendMs, (in, what, n, k) -> closing.closed(of.key(), in, what, n, k))) {
                due.add(new Due(appendMs, of, kind));
                opened |= 1 << kind.place();
            }
        }
        return opened;
    }

    /// Closes what has been open for an hour at this append time.
    boolean expire(long appendMs) {
        boolean any = false;
        Due oldest = due.peek();
        while (oldest != null && oldest.sinceMs() + DeviceBlocks.LONGEST_MS <= appendMs) {
            due.remove();
            Sender.Blocks of = oldest.of();
            if (of.blocks()
                    .expire(oldest.kind(), appendMs, (in, what, n, k) -> closing.closed(of.key(), in, what, n, k))) {
                touch(of);
                any = true;
            }
            oldest = due.peek();
        }
        return any;
    }

    boolean hasOpenBlocks() {
        return !due.isEmpty();
    }

    List<Sender.Blocks> dirty() {
        return dirty;
    }

    void written() {
        for (Sender.Blocks each : dirty) {
            each.blocks().dirty(false);
            logged.add(each);
        }
        dirty.clear();
    }

    Set<Sender.Blocks> logged() {
        return logged;
    }

    private void touch(Sender.Blocks of) {
        if (!of.blocks().isDirty()) {
            of.blocks().dirty(true);
            dirty.add(of);
        }
    }
}
