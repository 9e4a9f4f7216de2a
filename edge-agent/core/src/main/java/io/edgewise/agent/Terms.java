// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.privacy.PrivacyClass;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// On which terms a request is answered. `deadline` counts from when the agent gets the request; of
/// `privacy` and the workload's class the stricter holds; `tags` are words that a directive's rules may
/// speak of.
public record Terms(Consent consent, Optional<Duration> deadline, PrivacyClass privacy, Set<String> tags) {
    /// When the app says nothing: the numbers only.
    public static final Terms DEFAULT = new Terms(Consent.TELEMETRY_ONLY, Optional.empty());

    public static final Terms GRANTED = DEFAULT.with(Consent.GRANTED);

    public Terms {
        if (deadline.isPresent() && !deadline.get().isPositive()) {
            throw new IllegalArgumentException(
                    "deadline " + deadline.get() + " is not ahead; leave it out or give the request some time");
        }
        tags = Set.copyOf(tags);
    }

    public Terms(Consent consent, Optional<Duration> deadline) {
        this(consent, deadline, PrivacyClass.OPEN, Set.of());
    }

    public Terms with(Consent said) {
        return new Terms(said, deadline, privacy, tags);
    }

    public Terms with(PrivacyClass said) {
        return new Terms(consent, deadline, said, tags);
    }

    public Terms within(Duration said) {
        return new Terms(consent, Optional.of(said), privacy, tags);
    }

    public Terms tagged(Set<String> words) {
        return new Terms(consent, deadline, privacy, words);
    }
}
