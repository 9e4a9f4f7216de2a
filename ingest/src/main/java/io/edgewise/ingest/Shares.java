// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import io.edgewise.contracts.DeviceSecrets.Principal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What each device may have going on at once, so that one device never takes the places of the others.
///
/// Laws: a device holds at most its share; what it gives back it can take again; what others hold does not matter; a
/// device that holds nothing costs no memory.
public final class Shares {
    private final int each;
    private final Map<Principal, Integer> held = new ConcurrentHashMap<>();

    public Shares(int each) {
        if (each < 1) {
            throw new IllegalArgumentException("a device's share is " + each + "; it must be at least 1");
        }
        this.each = each;
    }

    public int each() {
        return each;
    }

    /// Where true, the device must give back one.
    public boolean tryTake(Principal device) {
        boolean[] taken = new boolean[1];
        held.compute(device, (same, present) -> {
            int before = present == null ? 0 : present;
            taken[0] = before < each;
            return taken[0] ? before + 1 : before;
        });
        return taken[0];
    }

    public void giveBack(Principal device) {
        held.computeIfPresent(device, (same, present) -> present == 1 ? null : present - 1);
    }
}
