// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.privacy;

import java.util.Arrays;
import java.util.Locale;

/// Where a request's text may go, from open to strict.
public enum PrivacyClass {
    /// To the frontier, as it is.
    OPEN,
    /// To the frontier, without what the redactor finds.
    REDACTED,
    /// Nowhere: only models on the device read it.
    ON_DEVICE;

    /// "open", "redacted", "on-device".
    public static PrivacyClass of(String word) {
        return Arrays.stream(values())
                .filter(privacy -> privacy.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "privacy class \"" + word + "\" is unknown; write open, redacted or on-device"));
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public PrivacyClass strictest(PrivacyClass other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
