// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import io.edgewise.contracts.v1.Signed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A tenant's key sets by their versions. Each is signed by a key that an older one names (or that devices
/// were set up with), so a device that was away takes one after the other: a set without those before it is
/// of no use. Immutable.
///
/// @param version the newest of which all before it are here too; 0 where there is none
record KeyChain(Map<Long, Signed> sets, long version) {
    static final KeyChain NONE = new KeyChain(Map.of());

    private KeyChain(Map<Long, Signed> sets) {
        this(Map.copyOf(sets), whole(sets));
    }

    KeyChain with(long version, Signed set) {
        Map<Long, Signed> next = new TreeMap<>(sets);
        next.put(version, set);
        return new KeyChain(next);
    }

    KeyChain without(long version) {
        Map<Long, Signed> next = new TreeMap<>(sets);
        next.remove(version);
        return new KeyChain(next);
    }

    private static long whole(Map<Long, Signed> sets) {
        long version = 0;
        while (sets.containsKey(version + 1)) {
            version++;
        }
        return version;
    }

    /// In the order in which a device must take them.
    List<Signed> after(long known) {
        List<Signed> chain = new ArrayList<>();
        for (long next = known + 1; next <= version; next++) {
            Signed set = sets.get(next);
            if (set != null) {
                chain.add(set);
            }
        }
        return chain;
    }

    /// Whether a device that has all of these can check the order.
    boolean covers(Signed order) {
        return order.getKeysVersion() <= version;
    }
}
