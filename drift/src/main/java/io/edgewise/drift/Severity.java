// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import java.util.Locale;

/// How far a feature has moved, as far as its observations show.
public enum Severity {
    NONE,
    /// The index is shown to be above the first limit.
    WARN,
    /// And above the second.
    ACT;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Severity of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    public boolean isBeyond(Severity other) {
        return compareTo(other) > 0;
    }
}
