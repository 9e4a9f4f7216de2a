// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that moves only when told.
public final class MutableClock implements InstantSource {
    private final AtomicReference<Instant> now;

    public MutableClock(Instant start) {
        now = new AtomicReference<>(start);
    }

    @Override
    @SuppressWarnings("NullAway") // never set to null
    public Instant instant() {
        return now.get();
    }

    public MutableClock advance(Duration step) {
        now.updateAndGet(instant -> instant.plus(step));
        return this;
    }

    public MutableClock set(Instant instant) {
        now.set(instant);
        return this;
    }
}
