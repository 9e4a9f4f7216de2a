// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.function.Supplier;

/// Heap that an object keeps alive, by holding many equal ones and asking the garbage collector.
final class Retained {
    private static final int COPIES = 64;
    private static final int COLLECTIONS = 4;

    private Retained() {}

    /// Twice, as the first time loads classes too.
    static double bytes(Supplier<?> make) {
        once(make);
        return once(make);
    }

    private static double once(Supplier<?> make) {
        Object[] kept = new Object[COPIES];
        long before = used();
        for (int i = 0; i < COPIES; i++) {
            kept[i] = make.get();
        }
        long after = used();
        return kept[COPIES - 1] == null ? 0 : Math.max(0, (double) (after - before) / COPIES);
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
