// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.time.Duration;
import java.util.Optional;

/// On which terms a request is answered. `deadline` counts from when the agent gets the request.
public record Terms(Consent consent, Optional<Duration> deadline) {
    /// When the app says nothing: the numbers only.
    public static final Terms DEFAULT = new Terms(Consent.TELEMETRY_ONLY, Optional.empty());

    public static final Terms GRANTED = DEFAULT.with(Consent.GRANTED);

    public Terms {
        if (deadline.isPresent() && !deadline.get().isPositive()) {
            throw new IllegalArgumentException(
                    "deadline " + deadline.get() + " is not ahead; leave it out or give the request some time");
        }
    }

    public Terms with(Consent said) {
        return new Terms(said, deadline);
    }

    public Terms within(Duration said) {
        return new Terms(consent, Optional.of(said));
    }
}
