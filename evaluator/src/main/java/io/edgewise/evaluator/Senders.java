// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Topics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All senders that write to one lane, found by the bytes of their record key. Not safe for concurrent use.
final class Senders {
    private @Nullable Sender[] table = new Sender[64];
    private int held;
    private final List<Sender.Spool> dirty = new ArrayList<>();
    /// Written to the log, but not yet to their own rows.
    private final Set<Sender.Spool> logged = new LinkedHashSet<>();
    /// Tenants, workloads and rollouts, once for all devices.
    private final Map<String, String> shared = new HashMap<>();
    /// Of all spools but the dirty ones.
    private LaneTotals settled = LaneTotals.NONE;

    /// Null when no record with this key was accepted before.
    @Nullable
    Sender find(byte[] key) {
        int hash = Arrays.hashCode(key);
        int at = at(hash);
        for (Sender sender = table[at]; sender != null; sender = table[at]) {
            if (sender.hasKey(key, hash)) {
                return sender;
            }
            at = (at + 1) & (table.length - 1);
        }
        return null;
    }

    /// The sender, made known if it is not.
    Sender of(String tenant, String name) {
        byte[] key = Topics.key(tenant, name);
        Sender known = find(key);
        if (known != null) {
            return known;
        }
        Sender sender = new Sender(key, Arrays.hashCode(key), share(tenant), name);
        if (++held * 2 > table.length) {
            @Nullable Sender[] old = table;
            table = new Sender[old.length * 2];
            for (Sender each : old) {
                if (each != null) {
                    put(each);
                }
            }
        }
        put(sender);
        return sender;
    }

    /// The blocks of a device in a rollout, from what is stored.
    Sender.Blocks blocks(DeviceKey key) {
        return of(key.tenant(), key.device()).blocks(share(key.workload()), share(key.rollout()));
    }

    private String share(String text) {
        return shared.computeIfAbsent(text, itself -> itself);
    }

    private void put(Sender sender) {
        int at = at(sender.hash());
        while (table[at] != null) {
            at = (at + 1) & (table.length - 1);
        }
        table[at] = sender;
    }

    private int at(int hash) {
        return (hash * 0x9E3779B9 >>> 8) & (table.length - 1);
    }

    /// For a change: it will be written with the next flush.
    DeviceMark touch(Sender sender, long epoch) {
        Sender.Spool spool = sender.spool(epoch);
        DeviceMark mark = spool.mark();
        if (!mark.isDirty()) {
            settled = settled.minus(mark);
            mark.dirty(true);
            dirty.add(spool);
        }
        return mark;
    }

    DeviceMark touch(Identity identity) {
        return touch(of(identity.tenant(), identity.sender()), identity.epoch());
    }

    void restore(MarkKey key, DeviceMark mark) {
        Sender sender = of(key.tenant(), key.sender());
        settled = settled.minus(sender.spool(key.epoch()).mark());
        logged.remove(sender.spool(key.epoch()));
        sender.add(key.epoch(), mark);
        settled = settled.plus(mark);
    }

    void restoreLogged(MarkKey key, DeviceMark mark) {
        restore(key, mark);
        logged.add(of(key.tenant(), key.sender()).spool(key.epoch()));
    }

    List<Sender.Spool> dirty() {
        return dirty;
    }

    int held() {
        return held;
    }

    LaneTotals totals() {
        LaneTotals totals = settled;
        for (Sender.Spool spool : dirty) {
            totals = totals.plus(spool.mark());
        }
        return totals;
    }

    void written() {
        for (Sender.Spool spool : dirty) {
            settled = settled.plus(spool.mark());
            spool.mark().dirty(false);
            logged.add(spool);
        }
        dirty.clear();
    }

    Set<Sender.Spool> logged() {
        return logged;
    }
}
