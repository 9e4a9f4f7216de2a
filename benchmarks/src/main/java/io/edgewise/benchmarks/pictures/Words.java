// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import java.util.Locale;

/// Numbers as they are read.
final class Words {
    private Words() {}

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
