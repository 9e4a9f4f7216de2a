// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Arrays;
import java.util.Locale;

/// What the user lets be done with a request. Only GRANTED lets it be mirrored and its texts recorded;
/// TELEMETRY_ONLY leaves the numbers; with NONE it is answered and counted, and nothing else remains of
/// it.
public enum Consent {
    GRANTED,
    TELEMETRY_ONLY,
    NONE;

    /// "granted", "telemetry-only", "none".
    public static Consent of(String word) {
        return Arrays.stream(values())
                .filter(consent -> consent.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "consent \"" + word + "\" is unknown; write granted, telemetry-only or none"));
    }

    io.edgewise.contracts.v1.Consent wire() {
        return switch (this) {
            case GRANTED -> io.edgewise.contracts.v1.Consent.CONSENT_GRANTED;
            case TELEMETRY_ONLY -> io.edgewise.contracts.v1.Consent.CONSENT_TELEMETRY_ONLY;
            case NONE -> io.edgewise.contracts.v1.Consent.CONSENT_NONE;
        };
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
